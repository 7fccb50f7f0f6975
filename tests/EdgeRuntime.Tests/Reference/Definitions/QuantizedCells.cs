using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Reference.Definitions;

/// <summary>QuantizedRecurrent: GRU and RNN in integers.</summary>
internal static class QuantizedCells
{
    private const long Lowest = short.MinValue;
    private const long Highest = short.MaxValue;

    internal static double[][] Run(OperatorRow row)
    {
        Values x = row.In(0);
        (int steps, int batch, int hidden) = (x.Shape[0], x.Shape[1], row.In(2).Shape[1]);
        double[] all = new double[steps * batch * hidden];
        double[] last = new double[batch * hidden];
        double[] cells = new double[batch * hidden];
        for (int n = 0; n < batch; n++)
        {
            double[] h = row.Has(4) ? row.In(4).Data[(n * hidden)..((n + 1) * hidden)] : [.. Enumerable.Repeat((double)row.Outputs[1].ZeroPoint, hidden)];
            double[] v = row.Has(5) ? row.In(5).Data[(n * hidden)..((n + 1) * hidden)] : new double[hidden];
            for (int i = 0; i < steps; i++)
            {
                int place = ((row.Int("reverse") == 1 ? steps - 1 - i : i) * batch) + n;
                v = Next(row, x.Data[(place * x.Last)..((place + 1) * x.Last)], h, v);
                h = [.. v.Select(value => Shown(row, (long)value * 32768))];
                h.CopyTo(all, place * hidden);
            }

            h.CopyTo(last, n * hidden);
            v.CopyTo(cells, n * hidden);
        }

        return [all, last, cells];
    }

    // The state has the scale and zero point of the second output.
    private static double Shown(OperatorRow row, long product)
    {
        long lowest = row.Type == TensorType.Int8 ? sbyte.MinValue : Lowest;
        return Rounding.Clamp(QuantizedRecurrent.Factor(row, "output", product) + row.Outputs[1].ZeroPoint, lowest, -lowest - 1);
    }

    private static double[] Next(OperatorRow row, double[] x, double[] h, double[] v)
    {
        int hidden = h.Length;
        double[] next = new double[hidden];
        switch (row.Int("cell"))
        {
            case 0:
            case 1:
                long[] z = [.. Enumerable.Range(0, hidden).Select(j => QuantizedRecurrent.Sigmoid(row, 3 * Within(OfInput(row, j, x) + OfState(row, j, h))))];
                long[] r = [.. Enumerable.Range(hidden, hidden).Select(j => QuantizedRecurrent.Sigmoid(row, 3 * Within(OfInput(row, j, x) + OfState(row, j, h))))];
                double[] left = [.. Enumerable.Range(0, hidden).Select(j => Shown(row, r[j] * (long)v[j]))];
                for (int j = 0; j < hidden; j++)
                {
                    int unit = (2 * hidden) + j;
                    long b = row.Int("cell") == 0 ? OfState(row, unit, left) : Within(Rounding.HalfUp(r[j] * OfState(row, unit, h), 15));
                    long q = QuantizedRecurrent.Tanh(row, 3 * Within(OfInput(row, unit, x) + b));
                    next[j] = Within(q + Rounding.HalfUp(z[j] * ((long)v[j] - q), 15));
                }

                break;
            case 2:
                return [.. Enumerable.Range(0, hidden).Select(j => (double)QuantizedRecurrent.Tanh(row, 3 * Within(OfInput(row, j, x) + OfState(row, j, h))))];
            default:
                return [.. Enumerable.Range(0, hidden).Select(j => (double)Math.Max(0, Within(OfInput(row, j, x) + OfState(row, j, h))))];
        }

        return next;
    }

    private static long OfInput(OperatorRow row, int unit, double[] x) =>
        QuantizedRecurrent.Sum(row, 1, 6, unit, x, row.In(0).ZeroPoint, row.Has(3) ? (long)row.In(3).Data[unit] : 0);

    private static long OfState(OperatorRow row, int unit, double[] h) =>
        QuantizedRecurrent.Sum(row, 2, 8, unit, h, row.Outputs[1].ZeroPoint, row.Has(11) ? (long)row.In(11).Data[unit] : 0);

    private static long Within(long value) => Rounding.Clamp(value, Lowest, Highest);
}
