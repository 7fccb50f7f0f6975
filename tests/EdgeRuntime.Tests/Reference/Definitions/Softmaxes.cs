using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Reference.Definitions;

/// <summary>Softmax and LogSoftmax: in double precision, and in fixed point by the steps that TensorFlow Lite and gemmlowp publish.</summary>
internal static class Softmaxes
{
    // e^(−1/4), e^(−1/2), ... e^(−16) with 31 fraction bits.
    private static readonly long[] powers = [1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242];

    internal static double[][] LogSoftmax(OperatorRow row) => Rows(row, x =>
    {
        double max = x.Max();
        double sum = x.Sum(value => Math.Exp(value - max));
        return [.. x.Select(value => value - max - Math.Log(sum))];
    });

    internal static double[][] Softmax(OperatorRow row) => row.Type switch
    {
        TensorType.Float32 => Rows(row, x => Real(x, row.Parameter("beta"))),
        TensorType.Int8 => Rows(row, x => Int8(row, x)),
        _ => Rows(row, x => Int16(row, x)),
    };

    private static double[] Real(double[] x, double beta)
    {
        double max = x.Max(value => value * beta);
        double sum = x.Sum(value => Math.Exp((value * beta) - max));
        return [.. x.Select(value => Math.Exp((value * beta) - max) / sum)];
    }

    private static double[] Int8(OperatorRow row, double[] x)
    {
        bool wide = row.Outputs[0].Type == TensorType.Int16;
        long low = wide ? -32768 : -128;
        int bits = wide ? 16 : 8;
        long?[] exponentials = [.. x.Select(value => Exponential(row, (long)(value - x.Max())))];
        long sum = exponentials.Sum(e => e is null ? 0 : Rounding.HalfAway(e.Value, 12));
        int headroom = 0;
        while (sum << headroom < 1L << 31)
        {
            headroom++;
        }

        long reciprocal = OneOverOnePlus((sum << headroom) - (1L << 31));
        return [.. exponentials.Select(e =>
        {
            if (e is null)
            {
                return low;
            }

            // docs/numerics.md: a shift of 31 is the farthest.
            int shift = Math.Min(31, 12 - headroom + 31 - bits);
            return (double)Rounding.Clamp(Rounding.HalfAway(Rounding.HalfUp((Int128)reciprocal * e.Value, 31), shift) + low, low, -low - 1);
        })];
    }

    // e^difference in Q0.31, null below the lowest difference that counts.
    private static long? Exponential(OperatorRow row, long difference)
    {
        if (difference < row.Int("difference_min"))
        {
            return null;
        }

        // Q5.26.
        long x = Rounding.HalfUp(((Int128)difference << row.Int("left_shift")) * row.Int("multiplier"), 31);
        if (x == 0)
        {
            return int.MaxValue;
        }

        const long Quarter = 1 << 24;
        long quarters = -(x / Quarter) - (x % Quarter == 0 ? 1 : 0);
        long small = (x + (quarters * Quarter)) << 5;
        long result = OfSmall(small);
        for (int k = 0; k < powers.Length; k++)
        {
            result = (quarters >> k & 1) == 1 ? Mul(result, powers[k]) : result;
        }

        return result;
    }

    // e^x for −1/4 ≤ x < 0 by four terms of Taylor's series around −1/8, Q0.31.
    private static long OfSmall(long x)
    {
        const long ExpOfMinusEighth = 1895147668;
        const long Third = 715827883;
        long t = x + (1L << 28);
        long t2 = Mul(t, t);
        long t3 = Mul(t2, t);
        long t4 = Rounding.HalfAway(Mul(t2, t2), 2);
        long rest = Rounding.HalfAway(Mul(t4 + t3, Third) + t2, 1);
        return ExpOfMinusEighth + Mul(ExpOfMinusEighth, t + rest);
    }

    // 1 / (1 + x), x and result Q0.31, by three Newton steps on half of the denominator in Q2.29.
    private static long OneOverOnePlus(long x)
    {
        long half = (x + int.MaxValue + 1) >> 1;
        long estimate = 1515870810 + Mul(half, -1010580540);
        for (int i = 0; i < 3; i++)
        {
            long error = (1L << 29) - Mul(half, estimate);
            estimate += Saturate(Mul(estimate, error) << 2);
        }

        return Saturate(estimate << 1);
    }

    private static double[] Int16(OperatorRow row, double[] x)
    {
        double[] powers16 = row.In(1).Data;
        double[] reciprocals = row.In(2).Data;
        double max = x.Max();
        long[] exponentials = [.. x.Select(value =>
            Interpolate(powers16, Rounding.Clamp(Rounding.Scale32((long)(value - max), row.Int("multiplier"), row.Int("left_shift")) + 32767, -32768, 32767)))];
        long sum = exponentials.Sum();
        int headroom = 0;
        while (sum << headroom < 1L << 31)
        {
            headroom++;
        }

        // The sum as 1.0 to 2.0 with 16 fraction bits; 1.5 is the table's middle.
        long scaled = Rounding.HalfUp((Int128)sum << (headroom - 1), 14);
        long reciprocal = Interpolate(reciprocals, Rounding.Clamp(scaled - 32768 - 65536, -32768, 32767));
        return [.. exponentials.Select(e => (double)Rounding.Clamp(Rounding.HalfUp((Int128)e * reciprocal, 31 - headroom), 0, 32767))];
    }

    private static long Interpolate(double[] table, long x)
    {
        long index = 256 + (x >> 7);
        long entry = (long)table[index];
        long slope = (long)table[index + 1] - entry;
        return entry + (((slope * (x & 127)) + 64) >> 7);
    }

    private static long Mul(long a, long b) => Rounding.HalfUp((Int128)a * b, 31);

    private static long Saturate(long x) => Rounding.Clamp(x, int.MinValue, int.MaxValue);

    private static double[][] Rows(OperatorRow row, Func<double[], double[]> f)
    {
        int depth = row.In(0).Last;
        return [[.. row.In(0).Data.Chunk(depth).SelectMany(f)]];
    }
}
