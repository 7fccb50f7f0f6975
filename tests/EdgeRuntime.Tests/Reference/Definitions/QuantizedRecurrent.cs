using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Reference.Definitions;

/// <summary>QuantizedLSTM by TensorFlow Lite's integers.</summary>
internal static class QuantizedRecurrent
{
    private const long Lowest = short.MinValue;
    private const long Highest = short.MaxValue;

    internal static double[][] Run(OperatorRow row)
    {
        Values x = row.In(0);
        int steps = x.Shape[0];
        int batch = x.Shape[1];
        int hidden = row.In(2).Shape[1];
        double[] all = new double[steps * batch * hidden];
        double[] last = new double[batch * hidden];
        double[] lastCell = new double[batch * hidden];
        int zeroPoint = row.Outputs[1].ZeroPoint;
        for (int n = 0; n < batch; n++)
        {
            double[] h = row.Has(4) ? row.In(4).Data[(n * hidden)..((n + 1) * hidden)] : [.. Enumerable.Repeat((double)zeroPoint, hidden)];
            double[] c = row.Has(5) ? row.In(5).Data[(n * hidden)..((n + 1) * hidden)] : new double[hidden];
            for (int i = 0; i < steps; i++)
            {
                int place = ((row.Int("reverse") == 1 ? steps - 1 - i : i) * batch) + n;
                h = Step(row, x.Data[(place * x.Last)..((place + 1) * x.Last)], h, c);
                h.CopyTo(all, place * hidden);
            }

            h.CopyTo(last, n * hidden);
            c.CopyTo(lastCell, n * hidden);
        }

        return [all, last, lastCell];
    }

    // Gates lie in the order i, o, f, c.
    private static double[] Step(OperatorRow row, double[] x, double[] h, double[] c)
    {
        int zeroPoint = row.Outputs[1].ZeroPoint;
        long lowest = row.Type == TensorType.Int8 ? sbyte.MinValue : Lowest;
        long bound = row.Int("cell_clip");
        double[] next = new double[h.Length];
        for (int j = 0; j < h.Length; j++)
        {
            long input = Sigmoid(row, 3 * Gate(row, j, x, h));
            long output = Sigmoid(row, 3 * Gate(row, h.Length + j, x, h));
            long forget = Sigmoid(row, 3 * Gate(row, (2 * h.Length) + j, x, h));
            long candidate = Tanh(row, 3 * Gate(row, (3 * h.Length) + j, x, h));
            long kept = Rounding.Clamp(Factor(row, "forget", forget * (long)c[j]), Lowest, Highest);
            long taken = Rounding.Clamp(Factor(row, "input", input * candidate), Lowest, Highest);
            long cell = bound > 0 ? Rounding.Clamp(kept + taken, -bound, bound) : Rounding.Clamp(kept + taken, Lowest, Highest);
            c[j] = cell;
            long shown = output * Tanh(row, Rounding.HalfUp(cell * row.Int("cell_multiplier"), row.Int("cell_shift")));
            next[j] = Rounding.Clamp(Factor(row, "output", shown) + zeroPoint, lowest, -lowest - 1);
        }

        return next;
    }

    private static long Gate(OperatorRow row, int unit, double[] x, double[] h)
    {
        long bias = row.Has(3) ? (long)row.In(3).Data[unit] : 0;
        long fromInput = Sum(row, 1, 6, unit, x, row.In(0).ZeroPoint, bias);
        long fromState = Sum(row, 2, 8, unit, h, row.Outputs[1].ZeroPoint, 0);
        return Rounding.Clamp(fromInput + fromState, Lowest, Highest);
    }

    internal static long Sum(OperatorRow row, int weights, int factors, int unit, double[] vector, int zeroPoint, long bias)
    {
        long sum = bias;
        for (int k = 0; k < vector.Length; k++)
        {
            sum += (long)row.In(weights).Data[(unit * vector.Length) + k] * ((long)vector[k] - zeroPoint);
        }

        int channel = unit * row.In(factors).Elements / row.In(weights).Shape[0];
        long multiplier = (long)row.In(factors).Data[channel];
        int shift = (int)row.In(factors + 1).Data[channel];
        return Rounding.Clamp(row.Type == TensorType.Int8 ? Rounding.Scale32(sum, multiplier, shift) : Rounding.Scale64(sum, multiplier, shift), Lowest, Highest);
    }

    internal static long Factor(OperatorRow row, string of, long product) => Rounding.Scale32(product, (long)row.Parameter(of + "_multiplier"), row.Int(of + "_shift"));

    // Straight lines between entries, 512 (tanh: 256) steps apart, in units of 1/2^25 (1/2^24) of 1, and their ends by symmetry.
    internal static long Sigmoid(OperatorRow row, long position)
    {
        long line = Line(row, Math.Abs(position), 512) ?? (Highest * 1024);
        return (short)Floor((position < 0 ? (1L << 25) - 1 - line : line) + 512, 1024);
    }

    internal static long Tanh(OperatorRow row, long position)
    {
        long line = Line(row, Math.Abs(position), 256) ?? (65535L * 256);
        long above = line - (1L << 23);
        return (short)Floor((position < 0 ? -1 - above : above) + 128, 256);
    }

    private static long? Line(OperatorRow row, long distance, long steps)
    {
        long index = distance / steps;
        return index >= 255 ? null : (Entry(row, index) * (steps - (distance % steps))) + (Entry(row, index + 1) * (distance % steps));
    }

    private static long Entry(OperatorRow row, long index) => (ushort)(short)row.In(10).Data[index];

    private static long Floor(long n, long d) => (n - (((n % d) + d) % d)) / d;
}
