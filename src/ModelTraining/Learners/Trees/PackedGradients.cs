using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeInference.ModelTraining.Learners.Trees;

/// <summary>
/// Gradient, second derivative and count of each row as two integers: the gradient as a multiple of a power of two, and the second
/// derivative with the count above it. Sums of integers are exact, so that their order, the number of threads and the subtraction of one
/// histogram from another change no bit, and a row is added with one instruction.
/// </summary>
internal sealed class PackedGradients
{
    private const int GradientBits = 30;

    // 1.5 · 2^52: adding it rounds a number below 2^51 to a whole one, which then stands in the low bits.
    private const double Rounder = 6755399441055744.0;

    private readonly double toGradient;
    private readonly double toSecond;
    private readonly long one;
    private readonly int countShift;

    /// <param name="rows">Number of rows, from 1.</param>
    /// <param name="largest">The largest gradient and second derivative that a row can have, above 0.</param>
    internal PackedGradients(int rows, double largest)
    {
        int bits = 32 - BitOperations.LeadingZeroCount((uint)rows);
        countShift = 62 - bits;
        one = 1L << countShift;
        int exponent = Math.ILogB(largest) + 1;
        toGradient = Math.ScaleB(1, GradientBits - exponent);
        toSecond = Math.ScaleB(1, Math.Min(GradientBits, countShift - bits) - exponent);
        Rows = new Vector128<long>[rows];
    }

    /// <summary>Each row's two integers.</summary>
    internal Vector128<long>[] Rows { get; }

    /// <summary>Sets consecutive rows; what lies past the last is left out.</summary>
    internal void Set(int first, Vector<double> gradients, Vector<double> seconds)
    {
        var rounder = new Vector<double>(Rounder);
        Vector<long> zero = Vector.AsVectorInt64(rounder);
        Vector<long> wholeGradients = Vector.AsVectorInt64((gradients * toGradient) + rounder) - zero;
        Vector<long> wholeSeconds = Vector.AsVectorInt64((seconds * toSecond) + rounder) - zero;
        Span<long> packed = MemoryMarshal.Cast<Vector128<long>, long>(Rows.AsSpan(first));
        for (int i = 0; i < Vector<double>.Count && 2 * i < packed.Length; i++)
        {
            packed[2 * i] = wholeGradients[i];
            packed[(2 * i) + 1] = wholeSeconds[i] + one;
        }
    }

    /// <summary>The sum of gradients.</summary>
    internal double Gradient(long first) => first / toGradient;

    /// <summary>The sum of second derivatives.</summary>
    internal double Second(long second) => (second & (one - 1)) / toSecond;

    /// <summary>The number of rows.</summary>
    internal int Count(long second) => (int)(second >> countShift);
}
