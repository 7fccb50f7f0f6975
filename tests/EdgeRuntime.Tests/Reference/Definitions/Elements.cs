using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Reference.Definitions;

/// <summary>What is done to each element on its own.</summary>
internal static class Elements
{
    internal static double[][] Activation(OperatorRow row)
    {
        var kind = (ActivationKind)row.Int("activation");
        return One(row.In(0).Data.Select((x, i) =>
            RealFunctions.Activation(kind, x, kind == ActivationKind.PReLU ? row.In(1).Data[i % row.In(0).Last] : row.Parameter("alpha"), row.Parameter("beta"))));
    }

    internal static double[][] Unary(OperatorRow row) =>
        One(row.In(0).Data.Select(x => RealFunctions.Unary((UnaryKind)row.Int("function"), x, row.Parameter("alpha"), row.Parameter("beta"))));

    internal static double[][] Binary(OperatorRow row) => Pairs(row, (a, b) => RealFunctions.Binary((BinaryKind)row.Int("function"), a, b));

    internal static double[][] Arithmetic(OperatorRow row)
    {
        if (row.Type == TensorType.Float32)
        {
            return Pairs(row, (a, b) => row.Opcode switch { Opcode.Add => a + b, Opcode.Sub => a - b, Opcode.Mul => a * b, _ => a / b });
        }

        int left = row.Type == TensorType.Int8 ? 20 : 15;
        long R(long x, string of) => Rounding.Scale32(x, (long)row.Parameter("multiplier" + of), row.Int("shift" + of));
        return Pairs(row, (a, b) =>
        {
            long x = (long)a - row.In(0).ZeroPoint;
            long y = (long)b - row.In(1).ZeroPoint;
            long sum = row.Opcode switch
            {
                Opcode.Add => R(x << left, "_a") + R(y << left, "_b"),
                Opcode.Sub => R(x << left, "_a") - R(y << left, "_b"),
                _ => x * y,
            };
            return Rounding.Clamp(R(sum, "") + row.Outputs[0].ZeroPoint, row.Int("min"), row.Int("max"));
        });
    }

    internal static double[][] Where(OperatorRow row)
    {
        int[] shape = row.Outputs[0].Shape;
        double[] y = new double[Grid.Count(shape)];
        for (int i = 0; i < y.Length; i++)
        {
            int[] at = Grid.Position(i, shape);
            y[i] = Grid.Broadcast(row.In(0), at) == 0 ? Grid.Broadcast(row.In(2), at) : Grid.Broadcast(row.In(1), at);
        }

        return [y];
    }

    internal static double[][] Table(OperatorRow row)
    {
        double[] table = row.In(1).Data;
        if (row.Type == TensorType.Int16)
        {
            return One(row.In(0).Data.Select(x => Cubic((long)x, table)));
        }

        return One(row.In(0).Data.Select((x, i) => table[(table.Length == 256 ? 0 : 256 * (i % row.In(0).Last)) + (int)x + 128]));
    }

    internal static double[][] Quantize(OperatorRow row)
    {
        Values output = row.Outputs[0];
        long limit = output.Type == TensorType.Int8 ? 128 : 32768;
        return One(row.In(0).Data.Select((x, i) =>
        {
            int feature = i % row.In(0).Last;
            float shifted = row.Has(1) ? (float)(x - row.In(1).Data[feature]) : (float)x;
            float scaled = (float)((double)shifted / (row.Has(2) ? row.In(2).Data[feature] : output.Scale));
            if (float.IsNaN(scaled))
            {
                return output.ZeroPoint;
            }

            double rounded = Math.Sign(scaled) * Math.Floor(Math.Abs((double)scaled) + 0.5);
            return Math.Max(-limit, Math.Min(limit - 1, rounded + output.ZeroPoint));
        }));
    }

    internal static double[][] Dequantize(OperatorRow row) => One(row.In(0).Data.Select(x => (double)(float)(row.In(0).Scale * (x - row.In(0).ZeroPoint))));

    private static double[][] One(IEnumerable<double> y) => [[.. y]];

    private static double[][] Pairs(OperatorRow row, Func<double, double, double> f)
    {
        int[] shape = row.Outputs[0].Shape;
        double[] y = new double[Grid.Count(shape)];
        for (int i = 0; i < y.Length; i++)
        {
            int[] at = Grid.Position(i, shape);
            y[i] = f(Grid.Broadcast(row.In(0), at), Grid.Broadcast(row.In(1), at));
        }

        return [y];
    }

    // Five numbers a segment: 32·start + L, then the coefficients with 15 fraction bits; Horner's rule, each step rounded down.
    private static double Cubic(long x, double[] table)
    {
        int segment = 0;
        while (segment + 5 < table.Length && ((long)table[segment + 5] >> 5) <= x)
        {
            segment += 5;
        }

        long first = (long)table[segment];
        int shift = (int)(first & 31);
        long t = x - (first >> 5);
        Int128 sum = (long)table[segment + 4];
        for (int k = 3; k >= 1; k--)
        {
            sum = ((sum * t) >> shift) + (long)table[segment + k];
        }

        return (double)(long)(sum >> 15);
    }
}
