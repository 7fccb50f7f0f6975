using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EdgeInference.Runtime.Simd.Int8;

/// <summary>What becomes of a difference before it is squared.</summary>
internal struct DistanceFactor
{
    /// <summary>Elements of a point.</summary>
    internal int Depth;

    /// <summary>0 to 2³¹ − 1.</summary>
    internal int Multiplier;

    /// <summary>The rounding shift to the right, 1 to 31.</summary>
    internal int Right;

    /// <summary>The bounds of a difference, less its zero point.</summary>
    internal int Low;
    internal int High;

    /// <summary>Of a difference.</summary>
    internal float Scale;
}

/// <summary>
/// The squared distances of a vector from many points, whose differences are requantized to int8 as FixedPoint.Requantize does and then made float32, a point
/// a lane: the squares of float32 are exact in double, and are added there from the first to the last, so that every width gives the same bits.
/// </summary>
internal static unsafe class QuantizedDistances
{
    /// <summary>Points that lie side by side, element by element.</summary>
    internal const int Together = 16;

    internal static bool IsSupported => Avx2.IsSupported || AdvSimd.Arm64.IsSupported;

    /// <summary>What numbers before the difference are multiplied by: vpmuldq's upper half is that of the product, sqrdmulh's of twice the product. Both stay below 2³⁰.</summary>
    internal static int Units => Avx2.IsSupported ? 2 : 1;

    /// <summary>Writes the distances of so many points, the last of which need not fill <see cref="Together"/>.</summary>
    /// <param name="x">What is added to each point, in <see cref="Units"/>.</param>
    /// <param name="points">[points / <see cref="Together"/>][depth][<see cref="Together"/>], in <see cref="Units"/>.</param>
    /// <param name="factor">What becomes of a difference.</param>
    /// <param name="output">Room for a number for each point.</param>
    /// <param name="count">Points.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run(int* x, int* points, in DistanceFactor factor, float* output, int count)
    {
        float* last = stackalloc float[Together];
        for (; count > 0; count -= Together, output += Together, points += Together * (nint)factor.Depth)
        {
            float* target = count < Together ? last : output;
            if (Avx2.IsSupported)
            {
                Eights(x, points, in factor, target);
                Eights(x, points + 8, in factor, target + 8);
            }
            else
            {
                Fours(x, points, in factor, target);
            }

            for (int i = 0; target == last && i < count; i++)
            {
                output[i] = last[i];
            }
        }
    }

    // Ties go away from zero: one less, for negative numbers, before half a step is added.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eights(int* x, int* points, in DistanceFactor factor, float* output)
    {
        Vector256<int> multiplier = Vector256.Create(factor.Multiplier);
        Vector256<long> nudge = Vector256.Create(1L << 31);
        Vector256<int> half = Vector256.Create(1 << (factor.Right - 1));
        Vector128<int> right = Vector128.CreateScalar(factor.Right);
        Vector256<int> low = Vector256.Create(factor.Low);
        Vector256<int> high = Vector256.Create(factor.High);
        Vector256<float> scale = Vector256.Create(factor.Scale);
        Vector256<double> s0 = default, s1 = default;
        for (int* end = x + factor.Depth; x < end; x++, points += Together)
        {
            Vector256<int> difference = Vector256.Load(points) + Vector256.Create(*x);
            Vector256<long> even = Avx2.Multiply(difference, multiplier) + nudge;
            Vector256<long> odd = Avx2.Multiply((difference.AsInt64() >>> 32).AsInt32(), multiplier) + nudge;
            Vector256<int> product = Avx2.Blend(Avx.DuplicateOddIndexed(even.AsSingle()).AsInt32(), odd.AsInt32(), 0b1010_1010);
            Vector256<int> rounded = Avx2.ShiftRightArithmetic(product + (product >> 31) + half, right);
            Vector256<float> number = Avx.ConvertToVector256Single(Vector256.Min(Vector256.Max(rounded, low), high)) * scale;
            Vector256<double> a = Avx.ConvertToVector256Double(number.GetLower());
            Vector256<double> b = Avx.ConvertToVector256Double(number.GetUpper());
            s0 += a * a;
            s1 += b * b;
        }

        Vector256.Narrow(s0, s1).Store(output);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fours(int* x, int* points, in DistanceFactor factor, float* output)
    {
        Vector128<int> multiplier = Vector128.Create(factor.Multiplier);
        Vector128<int> left = Vector128.Create(-factor.Right);
        Vector128<int> low = Vector128.Create(factor.Low);
        Vector128<int> high = Vector128.Create(factor.High);
        Vector128<float> scale = Vector128.Create(factor.Scale);
        Vector128<double> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        for (int* end = x + factor.Depth; x < end; x++, points += Together)
        {
            Vector128<int> value = Vector128.Create(*x);
            Add(Scaled(Vector128.Load(points) + value, multiplier, left, low, high, scale), ref s0, ref s1);
            Add(Scaled(Vector128.Load(points + 4) + value, multiplier, left, low, high, scale), ref s2, ref s3);
            Add(Scaled(Vector128.Load(points + 8) + value, multiplier, left, low, high, scale), ref s4, ref s5);
            Add(Scaled(Vector128.Load(points + 12) + value, multiplier, left, low, high, scale), ref s6, ref s7);
        }

        Vector128.Narrow(s0, s1).Store(output);
        Vector128.Narrow(s2, s3).Store(output + 4);
        Vector128.Narrow(s4, s5).Store(output + 8);
        Vector128.Narrow(s6, s7).Store(output + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Scaled(Vector128<int> difference, Vector128<int> multiplier, Vector128<int> left, Vector128<int> low, Vector128<int> high, Vector128<float> scale)
    {
        Vector128<int> product = AdvSimd.MultiplyRoundedDoublingSaturateHigh(difference, multiplier);
        Vector128<int> rounded = AdvSimd.ShiftArithmeticRounded(AdvSimd.ShiftRightArithmeticAdd(product, product, 31), left);
        return AdvSimd.ConvertToSingle(AdvSimd.Min(AdvSimd.Max(rounded, low), high)) * scale;
    }

    // Squares are exact, so that a product that is not rounded before the sum changes no bit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector128<float> number, ref Vector128<double> low, ref Vector128<double> high)
    {
        Vector128<double> a = AdvSimd.Arm64.ConvertToDouble(number.GetLower());
        Vector128<double> b = AdvSimd.Arm64.ConvertToDoubleUpper(number);
        low = AdvSimd.Arm64.FusedMultiplyAdd(low, a, a);
        high = AdvSimd.Arm64.FusedMultiplyAdd(high, b, b);
    }
}
