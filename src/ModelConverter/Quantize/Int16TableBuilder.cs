using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.ModelConverter.Quantize;

/// <summary>
/// Builds the table of any function of an int16 tensor. Segments are as long as a cubic exists whose every output is the
/// correctly rounded one. Where these do not fit the budget, cubics follow the unrounded function instead, as closely as
/// the budget allows, and an output is at most 1 from the unrounded value; where that does not fit either, the table
/// grows.
/// </summary>
internal sealed class Int16TableBuilder
{
    /// <summary>The bytes that a table takes at most where that is possible.</summary>
    internal const int DefaultBudget = 2048;

    private const int Inputs = 1 << 16;

    // What rounding the coefficients and the shifts may move an output by, in its last bits, with room to spare.
    private const double Reserve = 1.0 / 1024;
    private const double HalfBit = 0.5 - Reserve;

    private readonly double[] rounded = new double[Inputs];
    private readonly double[] exact = new double[Inputs];

    private readonly int min;
    private readonly int max;

    private Int16TableBuilder(TableRounding rounding, int min, int max)
    {
        this.min = min;
        this.max = max;
        for (int i = 0; i < Inputs; i++)
        {
            rounded[i] = rounding.Entry(i + short.MinValue);
            double value = rounding.Exact(i + short.MinValue);
            exact[i] = double.IsNaN(value) ? rounded[i] : Math.Clamp(value, min, max);
        }
    }

    // Outputs that are what they should be already: nothing is left to round.
    private Int16TableBuilder(Func<int, int> outputs, int min, int max)
    {
        this.min = min;
        this.max = max;
        for (int i = 0; i < Inputs; i++)
        {
            rounded[i] = Math.Clamp(outputs(i + short.MinValue), min, max);
            exact[i] = rounded[i];
        }
    }

    /// <summary>
    /// The table that gives exactly the outputs of an integer function, clamped to the range, in as many segments as that
    /// takes: for operators whose integers are defined elsewhere and are to be met to the bit.
    /// </summary>
    internal static Int16Table Exactly(Func<int, int> outputs, int min = short.MinValue, int max = short.MaxValue)
    {
        var builder = new Int16TableBuilder(outputs, min, max);
        return builder.Measure(builder.Segment(builder.rounded, HalfBit, 0, Inputs)!);
    }

    /// <summary>The table of a function from int16 to int16 or, with another range, to int8; zero points are 0 for int16.</summary>
    internal static Int16Table Build(UnaryFunction function, float inputScale, float outputScale, int budget = DefaultBudget, int outputZeroPoint = 0, int min = short.MinValue, int max = short.MaxValue)
    {
        var builder = new Int16TableBuilder(new TableRounding(function, inputScale, 0, outputScale, outputZeroPoint, min, max), min, max);
        int most = budget / sizeof(int) / InterpolationTable.SegmentLength;
        int[]? segments = builder.Segment(builder.rounded, HalfBit, 0, most);
        segments ??= builder.Follow(most);
        segments ??= builder.Segment(builder.exact, HalfBit, 1, Inputs)!;
        return builder.Measure(segments);
    }

    /// <summary>The table of any function, its double precision taken at its word.</summary>
    internal static Int16Table Build(Func<double, double> function, float inputScale, float outputScale) =>
        Build(new UnaryFunction(function), inputScale, outputScale);

    // The closest that fits: by bisection on the tolerance.
    private int[]? Follow(int most)
    {
        const int Steps = 12;
        double high = HalfBit;
        int[]? best = Segment(exact, high, 1, most);
        double low = 0;
        for (int step = 0; step < Steps && best is not null; step++)
        {
            double middle = (low + high) / 2;
            int[]? closer = Segment(exact, middle, middle + 0.5 + Reserve, most);
            best = closer ?? best;
            (low, high) = closer is null ? (middle, high) : (low, middle);
        }

        return best;
    }

    // Cubics within a tolerance of the values, each as long as it goes, whose outputs are within what is allowed; null where
    // that takes more segments than there may be.
    private int[]? Segment(double[] values, double tolerance, double allowed, int most)
    {
        var table = new List<int>();
        int start = 0;
        int guess = 256;
        while (start < Inputs)
        {
            if (table.Count == most * InterpolationTable.SegmentLength)
            {
                return null;
            }

            int length = Longest(values, start, tolerance, guess);
            int[] segment;
            while (!TryQuantize(values.AsSpan(start, length), start, tolerance, allowed, out segment))
            {
                // One input alone always fits.
                length -= Math.Max(1, length / 64);
            }

            table.AddRange(segment);
            start += length;
            guess = length;
        }

        return [.. table];
    }

    // Doubles or halves from a guess until the answer lies between, then bisects: a part of a good segment is a good one.
    private static int Longest(double[] values, int start, double tolerance, int guess)
    {
        Span<double> coefficients = stackalloc double[4];
        int limit = Inputs - start;
        int good = 1;
        int bad = limit + 1;
        int length = Math.Min(guess, limit);
        while (good + 1 < bad)
        {
            if (CubicFit.TryFit(values.AsSpan(start, length), tolerance, coefficients))
            {
                good = length;
                length = bad > limit ? Math.Min(2 * length, limit) : (good + bad) / 2;
            }
            else
            {
                bad = length;
                length = (good + bad) / 2;
            }

            if (length == good)
            {
                break;
            }
        }

        return good;
    }

    // Coefficients as integers, then every output as the engines compute it.
    private bool TryQuantize(ReadOnlySpan<double> values, int start, double tolerance, double allowed, out int[] segment)
    {
        int length = values.Length;
        Span<double> c = stackalloc double[4];
        segment = new int[InterpolationTable.SegmentLength];
        if (!CubicFit.TryFit(values, tolerance, c))
        {
            return false;
        }

        int shift = length == 1 ? 0 : 32 - int.LeadingZeroCount(length - 1);
        segment[0] = ((start + short.MinValue) << InterpolationTable.ShiftBits) + shift;

        // u = a·τ − 1 with τ = t / 2^shift; half a bit more, so that rounding down rounds to nearest.
        double a = length == 1 ? 0 : 2.0 * (1 << shift) / (length - 1);
        double offset = length == 1 ? 0 : -1;
        double[] inTau =
        [
            CubicFit.Value(c, offset) + 0.5,
            a * (c[1] + (2 * c[2] * offset) + (3 * c[3] * offset * offset)),
            a * a * (c[2] + (3 * c[3] * offset)),
            a * a * a * c[3],
        ];
        for (int k = 0; k < inTau.Length; k++)
        {
            double scaled = Math.Round(inTau[k] * (1 << InterpolationTable.FractionBits));
            if (Math.Abs(scaled) > int.MaxValue)
            {
                return false;
            }

            segment[k + 1] = (int)scaled;
        }

        for (int i = 0; i < length; i++)
        {
            int output = InterpolationTable.Cubic(start + i + short.MinValue, segment, 0);
            if (output < min || output > max || Math.Abs(output - values[i]) > allowed)
            {
                return false;
            }
        }

        return true;
    }

    private Int16Table Measure(int[] segments)
    {
        int[] prepared = InterpolationTable.Prepare(segments);
        int misrounded = 0;
        double worst = 0;
        for (int i = 0; i < Inputs; i++)
        {
            int output = InterpolationTable.Evaluate(i + short.MinValue, prepared);
            misrounded += output != (int)rounded[i] ? 1 : 0;
            worst = Math.Max(worst, Math.Abs(output - exact[i]));
        }

        return new Int16Table(segments, misrounded, worst);
    }
}
