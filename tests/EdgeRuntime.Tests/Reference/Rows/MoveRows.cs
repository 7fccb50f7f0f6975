using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Reference.Rows;

/// <summary>Operators that only move elements, in every type.</summary>
internal static class MoveRows
{
    private static readonly TensorType[] types = [TensorType.Float32, TensorType.Int8, TensorType.Int16, TensorType.Int32];

    internal static IEnumerable<OperatorRow> All() => types.SelectMany(type => (IEnumerable<OperatorRow>)[.. Reshape(type), .. Transpose(type), .. Slice(type), .. Expand(type), .. Concat(type), .. Pad(type), .. Gather(type)]);

    private static IEnumerable<OperatorRow> Reshape(TensorType type)
    {
        Values x = Make.Any(type, 1, 2, 3, 4);
        yield return new OperatorRow(Opcode.Reshape, $"{type} to one axis", [x], [Make.Like(x, 24)]);
        yield return new OperatorRow(Opcode.Reshape, $"{type} to four", [x], [Make.Like(x, 4, 1, 3, 2)]);
    }

    private static IEnumerable<OperatorRow> Transpose(TensorType type)
    {
        int[][] orders = [[0], [1, 0], [0, 1], [2, 0, 1], [1, 2, 0], [0, 2, 1], [0, 3, 1, 2], [0, 2, 3, 1], [3, 2, 1, 0], [4, 2, 0, 3, 1], [0, 1, 2, 4, 3], [5, 4, 3, 2, 1, 0], [1, 3, 5, 0, 2, 4], [2, 0, 1, 5, 3, 4]];
        foreach (int[] order in orders)
        {
            int[] shape = [.. new[] { 2, 3, 4, 2, 3, 2 }.Take(order.Length)];
            Values x = Make.Any(type, order.Length, shape);
            yield return new OperatorRow(Opcode.Transpose, $"{type} {string.Join(",", order)}", [x], [Make.Like(x, [.. order.Select(axis => shape[axis])])], [.. order.Select((axis, i) => ($"perm_{i}", (double)axis))]);
        }
    }

    private static IEnumerable<OperatorRow> Slice(TensorType type)
    {
        (int[] Shape, int[] Start, int[] Step, int[] Output)[] cases =
        [
            ([9], [0], [1], [9]),
            ([9], [8], [-1], [9]),
            ([9], [8], [-2], [5]),
            ([9], [1], [3], [3]),
            ([9], [4], [0], [3]),
            ([9], [8], [9], [1]),
            ([9], [8], [-9], [1]),
            ([4, 5], [3, 0], [-1, 2], [4, 3]),
            ([4, 5], [1, 4], [2, -4], [2, 2]),
            ([2, 3, 4], [0, 1, 1], [1, 1, 1], [2, 2, 3]),
            ([2, 1, 3, 2, 3, 4], [1, 0, 2, 0, 1, 3], [-1, 1, -2, 1, 1, -3], [2, 1, 2, 2, 2, 2]),
        ];
        foreach ((int[] shape, int[] start, int[] step, int[] output) in cases)
        {
            Values x = Make.Any(type, 3, shape);
            yield return new OperatorRow(
                Opcode.Slice,
                $"{type} [{string.Join(",", shape)}] from {string.Join(",", start)} by {string.Join(",", step)}",
                [x],
                [Make.Like(x, output)],
                [.. start.Select((value, i) => ($"start_{i}", (double)value)), .. step.Select((value, i) => ($"step_{i}", (double)value))]);
        }
    }

    private static IEnumerable<OperatorRow> Expand(TensorType type)
    {
        (int[] Shape, int[] Output)[] cases = [([1], [7]), ([3, 1], [3, 5]), ([1, 3], [4, 3]), ([3], [2, 3]), ([], [2, 2]), ([2, 1, 3, 1], [2, 4, 3, 2]), ([1, 2, 1], [2, 3, 2, 2, 2, 3]), ([2, 3], [2, 3])];
        foreach ((int[] shape, int[] output) in cases)
        {
            Values x = Make.Any(type, 4, shape);
            yield return new OperatorRow(Opcode.Expand, $"{type} [{string.Join(",", shape)}] to [{string.Join(",", output)}]", [x], [Make.Like(x, output)]);
        }
    }

    private static IEnumerable<OperatorRow> Concat(TensorType type)
    {
        (int[][] Inputs, int Axis, int[] Output)[] cases =
        [
            ([[3]], 0, [3]),
            ([[3], [1], [4]], 0, [8]),
            ([[2, 3], [2, 1]], 1, [2, 4]),
            ([[2, 3], [1, 3], [3, 3]], 0, [6, 3]),
            ([[2, 1, 3], [2, 4, 3]], 1, [2, 5, 3]),
            ([[2, 2, 1], [2, 2, 5], [2, 2, 2]], 2, [2, 2, 8]),
            ([[1, 2, 2, 1, 2, 2], [1, 2, 2, 3, 2, 2]], 3, [1, 2, 2, 4, 2, 2]),
            ([[1, 2, 2, 1, 2, 3], [1, 2, 2, 1, 2, 1]], 5, [1, 2, 2, 1, 2, 4]),
        ];
        foreach ((int[][] inputs, int axis, int[] output) in cases)
        {
            Values[] parts = [.. inputs.Select((shape, i) => Make.Any(type, i + 1, shape))];
            yield return new OperatorRow(Opcode.Concat, $"{type} {parts.Length} along {axis} of {output.Length}", parts, [Make.Like(parts[0], output)], ("axis", axis));
        }

        Values half = Make.Any(type, 9, 2, 3);
        yield return new OperatorRow(Opcode.Concat, $"{type} a constant first", [Make.Constant(Make.Any(type, 8, 2, 2)), half], [Make.Like(half, 2, 5)], ("axis", 1));
    }

    private static IEnumerable<OperatorRow> Pad(TensorType type)
    {
        (int[] Shape, int[] Before, int[] Output)[] cases =
        [
            ([4], [0], [4]),
            ([4], [3], [10]),
            ([4], [3], [7]),
            ([4], [0], [7]),
            ([3, 4], [1, 2], [5, 9]),
            ([2, 3, 2], [1, 0, 1], [3, 5, 4]),
            ([1, 3, 4, 2], [0, 1, 2, 0], [1, 5, 8, 2]),
            ([2, 2, 3, 1, 2, 3], [1, 1, 0, 0, 1, 2], [3, 4, 4, 1, 4, 5]),
        ];
        (int[] Shape, int[] Before, int[] Output)[] farther =
        [
            ([1], [5], [9]),
            ([3], [3], [9]),
            ([3], [7], [19]),
            ([3], [8], [12]),
            ([2, 3], [5, 4], [10, 14]),
            ([1, 2, 1], [3, 0, 2], [4, 7, 5]),
        ];
        foreach (PadMode mode in Enum.GetValues<PadMode>())
        {
            // Reflection ends at the far side; the others go as far as one likes.
            foreach ((int[] shape, int[] before, int[] output) in mode == PadMode.Reflect ? cases : [.. cases, .. farther])
            {
                Values x = Make.Any(type, 5, shape);
                yield return new OperatorRow(
                    Opcode.Pad,
                    $"{type} {mode} [{string.Join(",", shape)}] after {string.Join(",", before)} to [{string.Join(",", output)}]",
                    [x],
                    [Make.Like(x, output)],
                    [.. before.Select((value, i) => ($"before_{i}", (double)value)), ("mode", (int)mode), ("value", type == TensorType.Float32 ? BitConverter.SingleToInt32Bits(-1.5f) : -77)]);
            }
        }
    }

    private static IEnumerable<OperatorRow> Gather(TensorType type)
    {
        foreach ((int[] shape, int axis) in new (int[], int)[] { ([5], 0), ([5, 3], 0), ([3, 5], 1), ([2, 5, 3], 1), ([2, 2, 2, 5], 3), ([2, 5, 2, 2], 1) })
        {
            Values x = Make.Any(type, 6, shape);
            foreach ((int[] places, double[] values) in new (int[], double[])[] { ([3], [0, 4, 2]), ([1], [4]), ([2, 2], [4, 0, 1, 1]), ([], [3]) })
            {
                int[] output = [.. shape[..axis], .. places, .. shape[(axis + 1)..]];
                yield return new OperatorRow(Opcode.Gather, $"{type} [{string.Join(",", shape)}] axis {axis}, {values.Length}", [x, new Values(TensorType.Int32, places, values, true)], [Make.Like(x, output)], ("axis", axis));
            }

            double[] computed = [-1, 0, 4, 5, 100, -5, -6, -100, 1.75, -1.5, 3e9, -3e9, double.PositiveInfinity, double.NegativeInfinity];
            int[] many = [.. shape[..axis], computed.Length, .. shape[(axis + 1)..]];
            yield return new OperatorRow(Opcode.Gather, $"{type} [{string.Join(",", shape)}] axis {axis}, computed", [x, Make.Reals([computed.Length], computed)], [Make.Like(x, many)], ("axis", axis));
        }
    }
}
