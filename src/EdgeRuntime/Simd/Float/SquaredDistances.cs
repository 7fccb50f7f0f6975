using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeInference.Runtime.Simd.Float;

/// <summary>
/// Σ(pᵢ − xᵢ)² for many points p, a point a lane: differences in float32, their squares added in double from the first to the last, as one
/// number after the other would be, so that every width gives the same bits.
/// </summary>
internal static unsafe class SquaredDistances
{
    /// <summary>Points that lie side by side, element by element.</summary>
    internal const int Together = 16;

    /// <summary>Writes the distances of so many points, the last of which need not fill <see cref="Together"/>.</summary>
    /// <param name="x">What the points are compared with.</param>
    /// <param name="points">[points / <see cref="Together"/>][depth][<see cref="Together"/>].</param>
    /// <param name="depth">Elements of a point.</param>
    /// <param name="output">Room for a number for each point.</param>
    /// <param name="count">Points.</param>
    /// <param name="roundsSquares">Whether squares are rounded to float32 before they are added.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run(float* x, float* points, int depth, float* output, int count, bool roundsSquares)
    {
        float* last = stackalloc float[Together];
        for (; count > 0; count -= Together, output += Together, points += Together * (nint)depth)
        {
            float* target = count < Together ? last : output;
            if (roundsSquares)
            {
                Group<Rounded>(x, points, depth, target);
            }
            else
            {
                Group<Exact>(x, points, depth, target);
            }

            for (int i = 0; target == last && i < count; i++)
            {
                output[i] = last[i];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Group<TSquare>(float* x, float* points, nint depth, float* output)
        where TSquare : struct, ISquare
    {
        if (Vector256.IsHardwareAccelerated)
        {
            Eights<TSquare>(x, points, depth, output);
            return;
        }

        for (int i = 0; i < Together; i += 8)
        {
            Fours<TSquare>(x, points + i, depth, output + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eights<TSquare>(float* x, float* points, nint depth, float* output)
        where TSquare : struct, ISquare
    {
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        for (float* end = x + depth; x < end; x++, points += Together)
        {
            Vector256<float> value = Vector256.Create(*x);
            TSquare.Add(Vector256.Load(points) - value, ref s0, ref s1);
            TSquare.Add(Vector256.Load(points + 8) - value, ref s2, ref s3);
        }

        Vector256.Narrow(s0, s1).Store(output);
        Vector256.Narrow(s2, s3).Store(output + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fours<TSquare>(float* x, float* points, nint depth, float* output)
        where TSquare : struct, ISquare
    {
        Vector128<double> s0 = default, s1 = default, s2 = default, s3 = default;
        for (float* end = x + depth; x < end; x++, points += Together)
        {
            Vector128<float> value = Vector128.Create(*x);
            TSquare.Add(Vector128.Load(points) - value, ref s0, ref s1);
            TSquare.Add(Vector128.Load(points + 4) - value, ref s2, ref s3);
        }

        Vector128.Narrow(s0, s1).Store(output);
        Vector128.Narrow(s2, s3).Store(output + 4);
    }

    private interface ISquare
    {
        static abstract void Add(Vector256<float> difference, ref Vector256<double> low, ref Vector256<double> high);

        static abstract void Add(Vector128<float> difference, ref Vector128<double> low, ref Vector128<double> high);
    }

    private readonly struct Exact : ISquare
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Add(Vector256<float> difference, ref Vector256<double> low, ref Vector256<double> high)
        {
            (Vector256<double> a, Vector256<double> b) = Vector256.Widen(difference);
            low += a * a;
            high += b * b;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Add(Vector128<float> difference, ref Vector128<double> low, ref Vector128<double> high)
        {
            (Vector128<double> a, Vector128<double> b) = Vector128.Widen(difference);
            low += a * a;
            high += b * b;
        }
    }

    private readonly struct Rounded : ISquare
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Add(Vector256<float> difference, ref Vector256<double> low, ref Vector256<double> high)
        {
            (Vector256<double> a, Vector256<double> b) = Vector256.Widen(difference * difference);
            low += a;
            high += b;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Add(Vector128<float> difference, ref Vector128<double> low, ref Vector128<double> high)
        {
            (Vector128<double> a, Vector128<double> b) = Vector128.Widen(difference * difference);
            low += a;
            high += b;
        }
    }
}
