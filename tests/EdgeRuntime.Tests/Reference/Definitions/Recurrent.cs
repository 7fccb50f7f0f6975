using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Reference.Definitions;

/// <summary>RNN, GRU and LSTM by ONNX's equations.</summary>
internal static class Recurrent
{
    internal static double[][] Run(OperatorRow row)
    {
        Values x = row.In(0);
        int steps = x.Shape[0];
        int batch = x.Shape[1];
        int hidden = row.In(2).Shape[1];
        double[] all = new double[steps * batch * hidden];
        double[] last = new double[batch * hidden];
        double[] lastCell = new double[batch * hidden];
        for (int n = 0; n < batch; n++)
        {
            double[] h = First(row, 4, n, hidden);
            double[] c = First(row, 5, n, hidden);
            for (int i = 0; i < steps; i++)
            {
                int t = row.Int("reverse") == 1 ? steps - 1 - i : i;
                double[] input = x.Data[(((t * batch) + n) * x.Last)..((((t * batch) + n) * x.Last) + x.Last)];
                h = row.Opcode switch
                {
                    Opcode.RNN => [.. Enumerable.Range(0, hidden).Select(j => F(row, "f", Gate(row, 0, j, input, h)))],
                    Opcode.GRU => Gru(row, input, h),
                    _ => Lstm(row, input, h, c),
                };
                h.CopyTo(all, ((t * batch) + n) * hidden);
            }

            h.CopyTo(last, n * hidden);
            c.CopyTo(lastCell, n * hidden);
        }

        return row.Opcode == Opcode.LSTM ? [all, last, lastCell] : [all, last];
    }

    private static double[] Gru(OperatorRow row, double[] x, double[] h)
    {
        int hidden = h.Length;
        double[] z = [.. Enumerable.Range(0, hidden).Select(j => F(row, "f", Gate(row, 0, j, x, h)))];
        double[] r = [.. Enumerable.Range(0, hidden).Select(j => F(row, "f", Gate(row, 1, j, x, h)))];
        double[] held = [.. h.Select((value, j) => value * r[j])];
        return [.. Enumerable.Range(0, hidden).Select(j =>
        {
            double candidate = row.Int("variant") == 1
                ? Product(row, 1, 2, j, x) + Bias(row, 2, j, false) + (r[j] * (Product(row, 2, 2, j, h) + Bias(row, 2, j, true)))
                : Gate(row, 2, j, x, held);
            return ((1 - z[j]) * F(row, "g", candidate)) + (z[j] * h[j]);
        })];
    }

    private static double[] Lstm(OperatorRow row, double[] x, double[] h, double[] c)
    {
        int hidden = h.Length;
        double[] next = new double[hidden];
        double Peephole(int gate, int j) => row.Has(6) ? row.In(6).Data[(gate * hidden) + j] : 0;
        for (int j = 0; j < hidden; j++)
        {
            // Gates i o f c, peepholes i o f.
            double input = F(row, "f", Gate(row, 0, j, x, h) + (Peephole(0, j) * c[j]));
            double forget = row.Int("variant") == 1 ? 1 - input : F(row, "f", Gate(row, 2, j, x, h) + (Peephole(2, j) * c[j]));
            c[j] = (forget * c[j]) + (input * F(row, "g", Gate(row, 3, j, x, h)));
            double output = F(row, "f", Gate(row, 1, j, x, h) + (Peephole(1, j) * c[j]));
            next[j] = output * F(row, "h", c[j]);
        }

        return next;
    }

    private static double Gate(OperatorRow row, int gate, int unit, double[] x, double[] h) =>
        Product(row, 1, gate, unit, x) + Product(row, 2, gate, unit, h) + Bias(row, gate, unit, false) + Bias(row, gate, unit, true);

    private static double Product(OperatorRow row, int input, int gate, int unit, double[] vector)
    {
        int hidden = row.In(2).Shape[1];
        double sum = 0;
        for (int k = 0; k < vector.Length; k++)
        {
            sum += row.In(input).Data[(((gate * hidden) + unit) * vector.Length) + k] * vector[k];
        }

        return sum;
    }

    private static double Bias(OperatorRow row, int gate, int unit, bool recurrent)
    {
        int hidden = row.In(2).Shape[1];
        return row.Has(3) ? row.In(3).Data[(recurrent ? row.In(3).Elements / 2 : 0) + (gate * hidden) + unit] : 0;
    }

    private static double F(OperatorRow row, string name, double x)
    {
        double clip = row.Parameter("clip");
        double bounded = clip > 0 ? Math.Max(-clip, Math.Min(clip, x)) : x;
        return RealFunctions.Activation((ActivationKind)row.Int(name), bounded, row.Parameter(name + "_alpha"), row.Parameter(name + "_beta"));
    }

    private static double[] First(OperatorRow row, int input, int sequence, int hidden) =>
        row.Has(input) ? row.In(input).Data[(sequence * hidden)..((sequence * hidden) + hidden)] : new double[hidden];
}
