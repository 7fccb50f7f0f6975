using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Reference.Definitions;

/// <summary>Operators that compute nothing: each element of the output is one of the inputs'.</summary>
internal static class Moves
{
    internal static double[][] Reshape(OperatorRow row) => [[.. row.In(0).Data]];

    internal static double[][] Transpose(OperatorRow row) => From(row, at =>
    {
        int[] source = new int[at.Length];
        for (int i = 0; i < at.Length; i++)
        {
            source[row.Int("perm_" + i)] = at[i];
        }

        return source;
    });

    internal static double[][] Slice(OperatorRow row) => From(row, at => [.. at.Select((p, i) => row.Int("start_" + i) + (p * row.Int("step_" + i)))]);

    internal static double[][] Expand(OperatorRow row)
    {
        int[] shape = row.Outputs[0].Shape;
        return [[.. Enumerable.Range(0, Grid.Count(shape)).Select(i => Grid.Broadcast(row.In(0), Grid.Position(i, shape)))]];
    }

    internal static double[][] Concat(OperatorRow row)
    {
        int[] shape = row.Outputs[0].Shape;
        int axis = row.Int("axis");
        double[] y = new double[Grid.Count(shape)];
        for (int i = 0; i < y.Length; i++)
        {
            int[] at = Grid.Position(i, shape);
            int part = 0;
            while (at[axis] >= row.In(part).Shape[axis])
            {
                at[axis] -= row.In(part++).Shape[axis];
            }

            y[i] = row.In(part).Data[Grid.Index(at, row.In(part).Shape)];
        }

        return [y];
    }

    internal static double[][] Pad(OperatorRow row) => From(
        row,
        at =>
        {
            int[] source = new int[at.Length];
            for (int axis = 0; axis < at.Length; axis++)
            {
                int size = row.In(0).Shape[axis];
                int p = at[axis] - row.Int("before_" + axis);
                switch ((PadMode)row.Int("mode"))
                {
                    case PadMode.Reflect:
                        p = p < 0 ? -p : p >= size ? size - 1 - (p - (size - 1)) : p;
                        break;
                    case PadMode.Edge:
                        p = Math.Min(size - 1, Math.Max(0, p));
                        break;
                    case PadMode.Wrap:
                        while (p < 0)
                        {
                            p += size;
                        }

                        while (p >= size)
                        {
                            p -= size;
                        }

                        break;
                    default:
                        if (p < 0 || p >= size)
                        {
                            return null;
                        }

                        break;
                }

                source[axis] = p;
            }

            return source;
        },
        row.Type == TensorType.Float32 ? BitConverter.Int32BitsToSingle(row.Int("value")) : row.Int("value"));

    internal static double[][] Gather(OperatorRow row)
    {
        Values x = row.In(0);
        Values indices = row.In(1);
        int axis = row.Int("axis");
        return From(row, at =>
        {
            int[] own = at[axis..(axis + indices.Shape.Length)];
            double wanted = indices.Data[Grid.Index(own, indices.Shape)];
            if (indices.Type == TensorType.Float32)
            {
                wanted = Math.Truncate(wanted < 0 ? wanted + x.Shape[axis] : wanted);
                wanted = Math.Max(0, Math.Min(x.Shape[axis] - 1, wanted));
            }

            return [.. at[..axis], (int)wanted, .. at[(axis + indices.Shape.Length)..]];
        });
    }

    private static double[][] From(OperatorRow row, Func<int[], int[]?> source, double otherwise = 0)
    {
        int[] shape = row.Outputs[0].Shape;
        double[] y = new double[Grid.Count(shape)];
        for (int i = 0; i < y.Length; i++)
        {
            int[]? from = source(Grid.Position(i, shape));
            y[i] = from is null ? otherwise : row.In(0).Data[Grid.Index(from, row.In(0).Shape)];
        }

        return [y];
    }
}
