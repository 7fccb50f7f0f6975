using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>Operators that move elements without computing with them.</summary>
internal static class MovementOperators
{
    internal static readonly OnnxOperatorRow[] Rows =
    [
        new("Transpose", Transpose),
        new("Squeeze", Squeeze),
        new("Unsqueeze", Unsqueeze),
        new("ExpandDims", Unsqueeze, OnnxDomains.Runtime),
        new("Concat", Concat),
        new("Split", Split),
        new("Slice", Slice),
        new("Pad", Pad),
        new("Gather", Gather),
        new("Expand", Expand),
        new("Tile", Tile),
        new("Where", call => call.Output(call.Builder.Where(call.Input(0), call.Input(1), call.Input(2)), call.InputType(1))),
        new("DepthToSpace", DepthToSpace),
        new("SpaceToDepth", SpaceToDepth),
    ];

    private static void Transpose(OnnxNodeContext call)
    {
        Value x = call.Input(0);
        long[] permutation = call.Ints("perm") ?? [.. Enumerable.Range(0, x.Shape.Length).Select(axis => (long)axis).Reverse()];
        call.Output(call.Builder.Transpose(x, Array.ConvertAll(permutation, axis => call.Axis(axis, x.Shape.Length))));
    }

    private static void Squeeze(OnnxNodeContext call)
    {
        OnnxOperand x = call.Operand(0);
        long[]? axes = call.IntegersOrNull(1, "axes");
        HashSet<int> removed = axes is null
            ? [.. Enumerable.Range(0, x.Rank).Where(axis => x.Shape[axis] == 1)]
            : [.. axes.Select(axis => call.Axis(axis, x.Rank))];
        if (removed.Any(axis => x.Shape[axis] != 1))
        {
            throw call.Fault($"removes an axis of {GraphBuilder.Text(x.Shape)} that is not 1");
        }

        call.Output(0, x with { Value = call.Builder.Reshape(x.Value, [.. x.Shape.Where((_, axis) => !removed.Contains(axis))]) });
    }

    private static void Unsqueeze(OnnxNodeContext call)
    {
        OnnxOperand x = call.Operand(0);
        long[] axes = call.IntegersOrNull(1, "axes") ?? throw call.Fault("is missing its axes");
        int rank = x.Rank + axes.Length;
        HashSet<int> added = [.. axes.Select(axis => call.Axis(axis, rank))];
        if (added.Count != axes.Length)
        {
            throw call.Fault("names an axis twice");
        }

        var shape = new int[rank];
        int next = 0;
        for (int axis = 0; axis < rank; axis++)
        {
            shape[axis] = added.Contains(axis) ? 1 : x.Shape[next++];
        }

        call.Output(0, x with { Value = call.Builder.Reshape(x.Value, shape) });
    }

    private static void Concat(OnnxNodeContext call)
    {
        OnnxOperand first = call.Operand(0);
        int axis = call.Axis(call.Int("axis", 1), first.Rank);

        // An empty list joins as nothing.
        Value[] parts = [.. Enumerable.Range(0, call.InputCount).Select(i => call.Operand(i).Value).Where(part => part.Elements > 0)];
        call.Output(0, first with { Value = parts.Length == 0 ? first.Value : call.Builder.Concat(axis, parts) });
    }

    private static void Split(OnnxNodeContext call)
    {
        Value x = call.Input(0);
        int axis = call.Axis(call.Int("axis", 0), x.Shape.Length);
        long[]? sizes = call.IntegersOrNull(1, "split");
        int parts = checked((int)call.Int("num_outputs", call.OutputCount));
        if (sizes is null)
        {
            int each = parts > 0 ? (x.Shape[axis] + parts - 1) / parts : 0;
            sizes = [.. Enumerable.Range(0, parts).Select(i => Math.Min(each, (long)x.Shape[axis] - (i * (long)each)))];
        }

        if (sizes.Length < call.OutputCount || sizes.Sum() != x.Shape[axis] || Array.Exists(sizes, size => size < 0))
        {
            throw call.Fault($"splits {x.Shape[axis]} elements into [{string.Join(", ", sizes)}]");
        }

        int start = 0;
        for (int i = 0; i < call.OutputCount; i++)
        {
            int size = (int)sizes[i];
            call.Output(i, size == 0 ? Empty(call, x, axis) : call.Builder.Slice(x, axis, start, size));
            start += size;
        }
    }

    private static Value Empty(OnnxNodeContext call, Value x, int axis)
    {
        int[] shape = [.. x.Shape];
        shape[axis] = 0;
        return Value.Constant(call.Builder.Name, Array.Empty<float>(), shape);
    }

    private static void Slice(OnnxNodeContext call)
    {
        OnnxOperand operand = call.Operand(0);
        Value x = operand.Value;
        long[] starts = call.IntegersOrNull(1, "starts") ?? throw call.Fault("is missing its starts");
        long[] ends = call.IntegersOrNull(2, "ends") ?? throw call.Fault("is missing its ends");
        long[] axes = call.IntegersOrNull(3, "axes") ?? [.. Enumerable.Range(0, starts.Length).Select(axis => (long)axis)];
        long[] steps = call.Has(4) ? call.Integers(4) : [.. starts.Select(_ => 1L)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length)
        {
            throw call.Fault("has lists of different lengths");
        }

        int rank = x.Shape.Length;
        var begin = new int[rank];
        int[] step = [.. x.Shape.Select(_ => 1)];
        int[] shape = [.. x.Shape];
        for (int i = 0; i < starts.Length; i++)
        {
            int axis = call.Axis(axes[i], rank);
            int size = x.Shape[axis];
            if (steps[i] == 0)
            {
                throw call.Fault("has a step of 0");
            }

            long by = Math.Clamp(steps[i], -size - 1L, size + 1L);
            long from = Math.Clamp(starts[i] < 0 ? starts[i] + size : starts[i], 0, by > 0 ? size : size - 1L);
            long to = Math.Clamp(ends[i] < 0 ? ends[i] + size : ends[i], by > 0 ? 0 : -1L, size);
            long count = by > 0 ? (to - from + by - 1) / by : (from - to - by - 1) / -by;
            (begin[axis], step[axis], shape[axis]) = ((int)from, (int)by, (int)Math.Max(count, 0));
        }

        Value y = Array.Exists(shape, size => size == 0)
            ? Value.Constant(call.Builder.Name, Array.Empty<float>(), shape)
            : call.Builder.Slice(x, begin, step, shape);
        call.Output(0, operand with { Value = y });
    }

    private static void Pad(OnnxNodeContext call)
    {
        Value x = call.Input(0);
        int rank = x.Shape.Length;
        long[] pads = call.IntegersOrNull(1, "pads") ?? throw call.Fault("is missing its pads");
        int[] axes = call.Has(3) ? [.. call.Integers(3).Select(axis => call.Axis(axis, rank))] : [.. Enumerable.Range(0, rank)];
        if (pads.Length != 2 * axes.Length || Array.Exists(pads, pad => pad is < -(1 << 28) or > 1 << 28))
        {
            throw call.Fault($"has pads [{string.Join(", ", pads)}] for {axes.Length} axes");
        }

        string name = call.Text("mode", "constant");
        PadMode mode = name switch
        {
            "constant" => PadMode.Constant,
            "reflect" => PadMode.Reflect,
            "edge" => PadMode.Edge,
            "wrap" => PadMode.Wrap,
            _ => throw call.Fault($"has the unknown mode '{name}'"),
        };
        float value = call.Has(2) ? call.ScalarConstant(2) : call.Float("value", 0f);
        var before = new int[rank];
        var after = new int[rank];
        for (int i = 0; i < axes.Length; i++)
        {
            before[axes[i]] = (int)pads[i];
            after[axes[i]] = (int)pads[i + axes.Length];
        }

        // Negative pads cut elements off.
        int[] starts = Array.ConvertAll(before, pad => Math.Max(-pad, 0));
        int[] shape = [.. x.Shape.Select((size, axis) => size - starts[axis] - Math.Max(-after[axis], 0))];
        if (Array.Exists(shape, size => size < 1))
        {
            throw call.Fault("crops more elements than there are");
        }

        if (Fill(call, x, mode == PadMode.Constant ? value : 0f) is { } fill)
        {
            Value cut = call.Builder.Slice(x, starts, [.. starts.Select(_ => 1)], shape);
            call.Output(call.Builder.Pad(cut, Array.ConvertAll(before, pad => Math.Max(pad, 0)), Array.ConvertAll(after, pad => Math.Max(pad, 0)), mode, fill));
        }
    }

    // As x has it: for int8 the integer that is the value, or null where there is none. Integers of the source model are
    // shifted as its type is.
    private static float? Fill(OnnxNodeContext call, Value x, float value)
    {
        if (x.Type != TensorType.Int8)
        {
            return value;
        }

        OnnxElementType type = call.InputType();
        double integer = type is OnnxElementType.Int8 or OnnxElementType.UInt8
            ? value - type.AboveInt8()
            : ((double)value / x.Quantization!.Scale) + x.Quantization.ZeroPoint;
        double whole = Math.Round(integer);
        return Math.Abs(integer - whole) < 1e-3 && whole is >= sbyte.MinValue and <= sbyte.MaxValue ? (float)whole : null;
    }

    private static void Gather(OnnxNodeContext call)
    {
        Value x = call.Input(0);
        call.Output(call.Builder.Gather(x, call.Input(1), call.Axis(call.Int("axis", 0), x.Shape.Length)));
    }

    private static void Expand(OnnxNodeContext call)
    {
        Value x = call.Input(0);
        int[] shape = Array.ConvertAll(call.Integers(1), size => checked((int)size));
        call.Output(call.Builder.Expand(x, GraphBuilder.Broadcast(x.Shape, shape)));
    }

    private static void Tile(OnnxNodeContext call)
    {
        Value x = call.Input(0);
        long[] repeats = call.Integers(1);
        if (repeats.Length != x.Shape.Length || Array.Exists(repeats, count => count is < 1 or > 255))
        {
            throw call.Fault($"repeats {GraphBuilder.Text(x.Shape)} [{string.Join(", ", repeats)}] times");
        }

        for (int axis = 0; axis < repeats.Length; axis++)
        {
            x = call.Builder.Concat(axis, [.. Enumerable.Repeat(x, (int)repeats[axis])]);
        }

        call.Output(x);
    }

    private static (Value X, int Block) Blocks(OnnxNodeContext call)
    {
        Value x = call.Input(0);
        long block = call.Int("blocksize");
        if (x.Shape.Length != 4 || block is < 1 or > 1 << 12)
        {
            throw call.Fault($"moves blocks of {block} in {GraphBuilder.Text(x.Shape)}");
        }

        return (x, (int)block);
    }

    private static void DepthToSpace(OnnxNodeContext call)
    {
        (Value x, int block) = Blocks(call);
        bool rowsFirst = call.Text("mode", "DCR") == "DCR";
        int channels = x.Shape[1] / (block * block);
        (int batch, int height, int width) = (x.Shape[0], x.Shape[2], x.Shape[3]);
        Value split = rowsFirst
            ? call.Builder.Transpose(call.Builder.Reshape(x, batch, block, block, channels, height, width), 0, 3, 4, 1, 5, 2)
            : call.Builder.Transpose(call.Builder.Reshape(x, batch, channels, block, block, height, width), 0, 1, 4, 2, 5, 3);
        call.Output(call.Builder.Reshape(split, batch, channels, height * block, width * block));
    }

    private static void SpaceToDepth(OnnxNodeContext call)
    {
        (Value x, int block) = Blocks(call);
        (int batch, int channels, int height, int width) = (x.Shape[0], x.Shape[1], x.Shape[2] / block, x.Shape[3] / block);
        Value split = call.Builder.Reshape(x, batch, channels, height, block, width, block);
        call.Output(call.Builder.Reshape(call.Builder.Transpose(split, 0, 3, 5, 1, 2, 4), batch, channels * block * block, height, width));
    }
}
