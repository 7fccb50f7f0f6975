using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Reference.Definitions;

/// <summary>Operators that make one number of many.</summary>
internal static class Reductions
{
    internal static double[][] Reduce(OperatorRow row)
    {
        Values x = row.In(0);
        int axes = row.Int("axes");
        int[] left = [.. x.Shape.Select((size, axis) => (axes >> axis & 1) == 1 ? 1 : size)];
        var groups = new List<double>[Grid.Count(left)];
        for (int i = 0; i < x.Elements; i++)
        {
            int[] at = Grid.Position(i, x.Shape);
            int index = Grid.Index([.. at.Select((p, axis) => (axes >> axis & 1) == 1 ? 0 : p)], left);
            (groups[index] ??= []).Add(x.Data[i]);
        }

        return [Array.ConvertAll(groups, group => row.Type == TensorType.Float32 ? Real((ReduceKind)row.Int("reduction"), group) : Whole(row, group))];
    }

    internal static double[][] ArgReduce(OperatorRow row)
    {
        Values x = row.In(0);
        int axis = row.Int("axis");
        int[] left = [.. x.Shape.Select((size, i) => i == axis ? 1 : size)];
        double[] y = new double[Grid.Count(left)];
        for (int i = 0; i < y.Length; i++)
        {
            int[] at = Grid.Position(i, left);
            double[] line = new double[x.Shape[axis]];
            for (int k = 0; k < line.Length; k++)
            {
                at[axis] = k;
                line[k] = x.Data[Grid.Index(at, x.Shape)];
            }

            int missing = Array.FindIndex(line, double.IsNaN);
            double best = row.Int("smallest") == 1 ? line.Min() : line.Max();
            y[i] = missing >= 0 ? missing : row.Int("last") == 1 ? Array.LastIndexOf(line, best) : Array.IndexOf(line, best);
        }

        return [y];
    }

    internal static double[][] CumSum(OperatorRow row)
    {
        Values x = row.In(0);
        int axis = row.Int("axis");
        double[] y = new double[x.Elements];
        for (int i = 0; i < y.Length; i++)
        {
            int[] at = Grid.Position(i, x.Shape);
            int own = at[axis];
            int first = row.Int("reverse") == 1 ? own + row.Int("exclusive") : 0;
            int end = row.Int("reverse") == 1 ? x.Shape[axis] : own + 1 - row.Int("exclusive");
            for (at[axis] = first; at[axis] < end; at[axis]++)
            {
                y[i] += x.Data[Grid.Index(at, x.Shape)];
            }
        }

        return [y];
    }

    internal static double[][] MatMul(OperatorRow row)
    {
        Values a = row.In(0);
        Values b = row.In(1);
        int[] shape = row.Outputs[0].Shape;
        double[] y = new double[Grid.Count(shape)];
        for (int i = 0; i < y.Length; i++)
        {
            int[] left = Grid.Position(i, shape);
            int[] right = [.. left];
            for (int k = 0; k < a.Last; k++)
            {
                left[^1] = k;
                right[^2] = k;
                y[i] += Grid.Broadcast(a, left) * Grid.Broadcast(b, right);
            }
        }

        return [y];
    }

    internal static double[][] LayerNormalization(OperatorRow row)
    {
        Values x = row.In(0);
        int depth = Grid.Count(x.Shape.AsSpan(x.Shape.Length - row.Int("axes")));
        double[] y = new double[x.Elements];
        for (int i = 0; i < y.Length; i++)
        {
            double[] line = x.Data[(i / depth * depth)..((i / depth * depth) + depth)];
            double mean = row.Int("center") == 1 ? line.Sum() / depth : 0;
            double variance = line.Sum(value => (value - mean) * (value - mean)) / depth;
            double normal = (x.Data[i] - mean) / Math.Sqrt(variance + row.Parameter("epsilon"));
            y[i] = (normal * (row.Has(1) ? row.In(1).Data[i % depth] : 1)) + (row.Has(2) ? row.In(2).Data[i % depth] : 0);
        }

        return [y];
    }

    internal static double[][] LRN(OperatorRow row)
    {
        Values x = row.In(0);
        int size = row.Int("size");
        double[] y = new double[x.Elements];
        for (int i = 0; i < y.Length; i++)
        {
            int channel = i % x.Last;
            double squares = 0;
            for (int c = 0; c < x.Last; c++)
            {
                bool near = c >= channel - Math.Floor((size - 1) / 2.0) && c <= channel + Math.Ceiling((size - 1) / 2.0);
                squares += near ? x.Data[i - channel + c] * x.Data[i - channel + c] : 0;
            }

            y[i] = x.Data[i] / Math.Pow(row.Parameter("bias") + (row.Parameter("alpha") / size * squares), row.Parameter("beta"));
        }

        return [y];
    }

    private static double Real(ReduceKind kind, List<double> x) => kind switch
    {
        ReduceKind.Sum => x.Sum(),
        ReduceKind.Mean => x.Sum() / x.Count,
        ReduceKind.Max => x.Any(double.IsNaN) ? double.NaN : x.Max(),
        ReduceKind.Min => x.Min(),
        ReduceKind.Prod => x.Aggregate(1.0, (a, b) => a * b),
        ReduceKind.L1 => x.Sum(Math.Abs),
        ReduceKind.L2 => Math.Sqrt(x.Sum(value => value * value)),
        ReduceKind.SumSquare => x.Sum(value => value * value),
        ReduceKind.LogSum => Math.Log(x.Sum()),
        ReduceKind.LogSumExp => double.IsInfinity(x.Max()) ? x.Max() : x.Max() + Math.Log(x.Sum(value => Math.Exp(value - x.Max()))),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static double Whole(OperatorRow row, List<double> x)
    {
        var kind = (ReduceKind)row.Int("reduction");
        if (kind is ReduceKind.Max or ReduceKind.Min)
        {
            return kind == ReduceKind.Max ? x.Max() : x.Min();
        }

        long limit = row.Outputs[0].Type == TensorType.Int8 ? 128 : 32768;
        long sum = (long)x.Sum() - (x.Count * (long)row.In(0).ZeroPoint);
        return Rounding.Clamp(Rounding.Scale32(sum, (long)row.Parameter("multiplier"), row.Int("shift")) + row.Outputs[0].ZeroPoint, -limit, limit - 1);
    }
}
