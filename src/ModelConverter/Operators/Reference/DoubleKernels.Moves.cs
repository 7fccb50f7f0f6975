using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators.Reference;

/// <content>What moves elements, or takes some together.</content>
internal static partial class DoubleKernels
{
    // For each element of a shape, in order, its position along each axis.
    private static IEnumerable<int[]> Positions(int[] shape)
    {
        var position = new int[shape.Length];
        int count = shape.Aggregate(1, (a, b) => a * b);
        for (int i = 0; i < count; i++)
        {
            yield return position;
            for (int axis = shape.Length - 1; axis >= 0 && ++position[axis] == shape[axis]; axis--)
            {
                position[axis] = 0;
            }
        }
    }

    private static int[] Steps(int[] shape)
    {
        var steps = new int[shape.Length];
        int step = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            steps[axis] = step;
            step *= shape[axis];
        }

        return steps;
    }

    internal static double[] Broadcast(double[] x, int[] from, int[] to)
    {
        int elements = to.Aggregate(1, (a, b) => a * b);
        if (x.Length == elements)
        {
            return x;
        }

        int[] own = Steps(from);
        var steps = new int[to.Length];
        for (int axis = 1; axis <= from.Length; axis++)
        {
            steps[^axis] = from[^axis] == 1 ? 0 : own[^axis];
        }

        return Pick(x, to, 0, steps);
    }

    // Elements of x from one on, its own step along each axis of the result.
    private static double[] Pick(double[] x, int[] shape, int first, int[] steps)
    {
        var y = new double[shape.Aggregate(1, (a, b) => a * b)];
        int index = 0;
        foreach (int[] position in Positions(shape))
        {
            int from = first;
            for (int axis = 0; axis < steps.Length; axis++)
            {
                from += position[axis] * steps[axis];
            }

            y[index++] = x[from];
        }

        return y;
    }

    internal static double[] Transpose(Node node, double[]?[] inputs)
    {
        int[] own = Steps(node.Input(0).Shape);
        return Pick(inputs[0]!, node.Output.Shape, 0, [.. own.Select((_, axis) => own[node.Parameters[TransposeRule.Permutation + axis]])]);
    }

    internal static double[] Slice(Node node, double[]?[] inputs)
    {
        int[] own = Steps(node.Input(0).Shape);
        int first = own.Select((step, axis) => step * node.Parameters[SliceRule.Start + axis]).Sum();
        return Pick(inputs[0]!, node.Output.Shape, first, [.. own.Select((step, axis) => step * node.Parameters[SliceRule.Step + axis])]);
    }

    internal static double[] Concat(Node node, double[]?[] inputs)
    {
        int axis = node.Parameters[ConcatRule.Axis];
        int outer = node.Output.Shape[..axis].Aggregate(1, (a, b) => a * b);
        var y = new List<double>(node.Output.Elements);
        for (int i = 0; i < outer; i++)
        {
            foreach (double[]? part in inputs)
            {
                int run = part!.Length / outer;
                y.AddRange(part.AsSpan(i * run, run));
            }
        }

        return [.. y];
    }

    internal static double[] Pad(Node node, double[]?[] inputs)
    {
        int[] shape = node.Input(0).Shape;
        int[] steps = Steps(shape);
        var mode = (PadMode)node.Parameters[PadRule.Mode];
        var y = new double[node.Output.Elements];
        int index = 0;
        foreach (int[] position in Positions(node.Output.Shape))
        {
            int from = 0;
            for (int axis = 0; axis < shape.Length && from >= 0; axis++)
            {
                int size = shape[axis];
                int place = position[axis] - node.Parameters[PadRule.Before + axis];
                bool isInside = place >= 0 && place < size;
                place = mode switch
                {
                    _ when isInside => place,
                    PadMode.Reflect => place < 0 ? -place : (2 * (size - 1)) - place,
                    PadMode.Edge => Math.Clamp(place, 0, size - 1),
                    PadMode.Wrap => ((place % size) + size) % size,
                    _ => -1,
                };
                from = place < 0 ? -1 : from + (place * steps[axis]);
            }

            y[index++] = from < 0 ? node.Float(PadRule.Value) : inputs[0]![from];
        }

        return y;
    }

    internal static double[] Gather(Node node, double[]?[] inputs)
    {
        int[] shape = node.Input(0).Shape;
        int axis = node.Parameters[GatherRule.Axis];
        int size = shape[axis];
        int outer = shape[..axis].Aggregate(1, (a, b) => a * b);
        int run = shape[(axis + 1)..].Aggregate(1, (a, b) => a * b);
        int[] places = node.Input(1).Data as int[] ?? Array.ConvertAll(inputs[1]!, value =>
            double.IsNaN(value) ? 0 : (int)Math.Clamp(value < 0 ? value + size : value, 0, size - 1));
        var y = new List<double>(node.Output.Elements);
        for (int i = 0; i < outer; i++)
        {
            foreach (int place in places)
            {
                y.AddRange(inputs[0].AsSpan(((i * size) + place) * run, run));
            }
        }

        return [.. y];
    }

    internal static double[] Reduce(Node node, double[]?[] inputs)
    {
        var kind = (ReduceKind)node.Parameters[ReduceRule.Kind];
        int[] shape = node.Input(0).Shape;
        int axes = node.Parameters[ReduceRule.Axes];
        int[] kept = [.. shape.Select((size, axis) => (axes & (1 << axis)) != 0 ? 1 : size)];
        int[] steps = Steps(kept);
        var groups = new List<double>[node.Output.Elements];
        int index = 0;
        foreach (int[] position in Positions(shape))
        {
            int to = 0;
            for (int axis = 0; axis < shape.Length; axis++)
            {
                to += kept[axis] == 1 ? 0 : position[axis] * steps[axis];
            }

            (groups[to] ??= []).Add(inputs[0]![index++]);
        }

        return Array.ConvertAll(groups, group => Reduce(kind, group));
    }

    private static double Reduce(ReduceKind kind, List<double> x) => kind switch
    {
        ReduceKind.Sum => x.Sum(),
        ReduceKind.Mean => x.Average(),
        ReduceKind.Max => x.Exists(double.IsNaN) ? double.NaN : x.Max(),
        ReduceKind.Min => x.Exists(double.IsNaN) ? double.NaN : x.Min(),
        ReduceKind.Prod => x.Aggregate(1.0, (a, b) => a * b),
        ReduceKind.L1 => x.Sum(Math.Abs),
        ReduceKind.L2 => Math.Sqrt(x.Sum(value => value * value)),
        ReduceKind.SumSquare => x.Sum(value => value * value),
        ReduceKind.LogSum => Math.Log(x.Sum()),
        ReduceKind.LogSumExp => x.Max() is var largest && double.IsFinite(largest) ? largest + Math.Log(x.Sum(value => Math.Exp(value - largest))) : largest,
        _ => throw new InvalidOperationException($"{kind} has no double-precision form."),
    };

    internal static double[] ArgReduce(Node node, double[]?[] inputs)
    {
        int[] shape = node.Input(0).Shape;
        int axis = node.Parameters[ArgReduceRule.Axis];
        int size = shape[axis];
        int inner = shape[(axis + 1)..].Aggregate(1, (a, b) => a * b);
        double sign = node.Parameters[ArgReduceRule.Smallest] != 0 ? -1 : 1;
        bool last = node.Parameters[ArgReduceRule.Last] != 0;
        var y = new double[node.Output.Elements];
        for (int i = 0; i < y.Length; i++)
        {
            int first = (i / inner * size * inner) + (i % inner);
            int best = 0;
            for (int k = 1; k < size; k++)
            {
                double value = sign * inputs[0]![first + (k * inner)];
                double most = sign * inputs[0]![first + (best * inner)];
                best = !double.IsNaN(most) && (double.IsNaN(value) || value > most || (last && value == most)) ? k : best;
            }

            y[i] = best;
        }

        return y;
    }
}
