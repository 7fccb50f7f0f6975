using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Reference.Definitions;

/// <summary>Features of a table, as docs/operators.md says.</summary>
internal static class Features
{
    internal static double[][] Transform(OperatorRow row)
    {
        Values x = row.In(0);
        int outputs = row.Outputs[0].Last;
        double[] y = new double[row.Outputs[0].Elements];
        for (int r = 0; r < x.Elements / x.Last; r++)
        {
            Queue<double> counts = new(row.Has(3) ? [.. Enumerable.Range(0, row.In(3).Elements).Select(i => (double)Unsigned(row.In(3), i))] : []);
            Queue<double> values = new(row.Has(4) ? row.In(4).Data : []);
            for (int j = 0; j < outputs; j++)
            {
                double v = x.Data[(r * x.Last) + Unsigned(row.In(1), j)];
                y[(r * outputs) + j] = row.In(2).Data[j] switch
                {
                    0 => Line(v, (int)counts.Dequeue(), values),
                    1 => values.Dequeue() == v ? 1 : 0,
                    2 => double.IsNaN(v) ? 1 : 0,
                    3 => Unknown(v, (int)counts.Dequeue()),
                    _ => Take(values, (int)counts.Dequeue()).Count(boundary => boundary <= v),
                };
            }
        }

        return [y];
    }

    private static double Unknown(double v, int codes)
    {
        if (double.IsNaN(v))
        {
            return 0;
        }

        for (int code = 0; code < codes && code <= v; code++)
        {
            if (code == v)
            {
                return 0;
            }
        }

        return 1;
    }

    private static double Line(double v, int count, Queue<double> values)
    {
        double fill = values.Dequeue();
        double[] knots = Take(values, count);
        double[] segments = Take(values, 2 * Math.Max(1, count - 1));
        if (double.IsNaN(v))
        {
            return fill;
        }

        if (count > 1)
        {
            v = Math.Min(Math.Max(v, knots[0]), knots[^1]);
        }

        int last = 0;
        for (int segment = 1; segment < count - 1; segment++)
        {
            last = knots[segment] <= v ? segment : last;
        }

        return segments[2 * last] + ((v - knots[last]) * segments[(2 * last) + 1]);
    }

    private static double[] Take(Queue<double> values, int count) => [.. Enumerable.Range(0, count).Select(_ => values.Dequeue())];

    // An int8 or int16 that stands for a number from 0 on.
    private static int Unsigned(Values values, int index)
    {
        int value = (int)values.Data[index];
        return value >= 0 ? value : value + (values.Type == TensorType.Int8 ? 256 : 65536);
    }
}
