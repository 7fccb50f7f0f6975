using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Build;

/// <content>Operators that move elements, and reductions.</content>
internal sealed partial class GraphBuilder
{
    /// <summary>The axes in another order: axis i of the result is axis permutation[i] of x.</summary>
    public Value Transpose(Value x, params int[] permutation)
    {
        bool valid = permutation.Length == x.Shape.Length && permutation.Order().SequenceEqual(Enumerable.Range(0, permutation.Length));
        if (!valid)
        {
            throw new ArgumentException($"has the permutation {Text(permutation)} for the shape {Text(x.Shape)}");
        }

        if (permutation.SequenceEqual(Enumerable.Range(0, permutation.Length)))
        {
            return x;
        }

        int[] shape = Array.ConvertAll(permutation, axis => x.Shape[axis]);
        return Add(Opcode.Transpose, [x], shape, node =>
        {
            for (int i = 0; i < FormatLayout.MaxRank; i++)
            {
                node.With(TransposeRule.Permutation + i, i < permutation.Length ? permutation[i] : i);
            }
        });
    }

    /// <summary>Elements start, start + step, ... of each axis, as many as the shape says.</summary>
    public Value Slice(Value x, int[] starts, int[] steps, int[] shape)
    {
        if (shape.AsSpan().SequenceEqual(x.Shape) && steps.All(step => step == 1))
        {
            return x;
        }

        return Add(Opcode.Slice, [x], shape, node =>
        {
            for (int axis = 0; axis < starts.Length; axis++)
            {
                node.With(SliceRule.Start + axis, starts[axis]).With(SliceRule.Step + axis, shape[axis] == 1 ? 1 : steps[axis]);
            }
        });
    }

    /// <summary>Elements start to start + size − 1 of one axis.</summary>
    public Value Slice(Value x, int axis, int start, int size)
    {
        var starts = new int[x.Shape.Length];
        int[] shape = [.. x.Shape];
        starts[axis] = start;
        shape[axis] = size;
        return Slice(x, starts, [.. starts.Select(_ => 1)], shape);
    }

    /// <summary>x broadcast to a shape that it broadcasts to without changing it.</summary>
    public Value Expand(Value x, params int[] shape)
    {
        if (!Broadcast(x.Shape, shape).AsSpan().SequenceEqual(shape))
        {
            throw new ArgumentException($"cannot expand the shape {Text(x.Shape)} to {Text(shape)}");
        }

        return shape.AsSpan().SequenceEqual(x.Shape) ? x : Add(Opcode.Expand, [x], shape);
    }

    /// <summary>Tensors one after the other along an axis.</summary>
    public Value Concat(int axis, params Value[] parts)
    {
        if (parts.Length == 1)
        {
            return parts[0];
        }

        if (parts.Length > byte.MaxValue)
        {
            // An operator of the file holds no more.
            return Concat(axis, [Concat(axis, parts[..byte.MaxValue]), .. parts[byte.MaxValue..]]);
        }

        int[] shape = [.. parts[0].Shape];
        shape[axis] = 0;
        foreach (Value part in parts)
        {
            bool fits = part.Shape.Length == shape.Length && !part.Shape.Where((size, i) => i != axis && size != shape[i]).Any();
            if (!fits)
            {
                throw new ArgumentException($"joins the shapes {Text(parts[0].Shape)} and {Text(part.Shape)}, which do not match");
            }

            shape[axis] = checked(shape[axis] + part.Shape[axis]);
        }

        return Add(Opcode.Concat, parts, shape, node => node.With(ConcatRule.Axis, axis));
    }

    /// <summary>More elements before and after x on each axis; for a quantized x the value is an integer of its type.</summary>
    public Value Pad(Value x, int[] before, int[] after, PadMode mode, float value = 0f)
    {
        int[] shape = [.. x.Shape.Select((size, axis) => checked(size + before[axis] + after[axis]))];
        if (shape.AsSpan().SequenceEqual(x.Shape))
        {
            return x;
        }

        return Add(Opcode.Pad, [x], shape, node =>
        {
            for (int axis = 0; axis < before.Length; axis++)
            {
                node.With(PadRule.Before + axis, before[axis]);
            }

            node.With(PadRule.Mode, (int)mode);
            node.With(PadRule.Value, x.Type == TensorType.Float32 ? BitConverter.SingleToInt32Bits(value) : (int)value);
        });
    }

    /// <summary>Elements of an axis by index; constant indices may count from the end.</summary>
    public Value Gather(Value x, Value indices, int axis)
    {
        int[] shape = [.. x.Shape[..axis], .. indices.Shape, .. x.Shape[(axis + 1)..]];
        Value positions = indices;
        if (indices.Data is float[] data)
        {
            int size = x.Shape[axis];
            positions = Value.Constant(indices.Name, Array.ConvertAll(data, value => Position(value, size)), indices.Shape);
        }

        return Add(Opcode.Gather, [x, positions], shape, node => node.With(GatherRule.Axis, axis));
    }

    /// <summary>A reduction over some axes, which stay as ones or vanish. Max and Min of a quantized x keep its scale.</summary>
    public Value Reduce(ReduceKind kind, Value x, int[] axes, bool keepDimensions = true, Action<Node>? configure = null)
    {
        int set = axes.Aggregate(0, (bits, axis) => bits | (1 << axis));
        IEnumerable<int> shape = keepDimensions
            ? x.Shape.Select((size, axis) => (set & (1 << axis)) != 0 ? 1 : size)
            : x.Shape.Where((_, axis) => (set & (1 << axis)) == 0);
        return Add(Opcode.Reduce, [x], [.. shape], node =>
        {
            node.With(ReduceRule.Kind, (int)kind).With(ReduceRule.Axes, set);
            if (kind is ReduceKind.Max or ReduceKind.Min)
            {
                (node.Output.Type, node.Output.Quantization) = (x.Type, x.Quantization);
            }

            configure?.Invoke(node);
        });
    }

    /// <summary>Where along an axis the largest or smallest element is.</summary>
    public Value ArgReduce(Value x, int axis, ArgReduceSettings? settings = null)
    {
        settings ??= new ArgReduceSettings();
        int[] shape = [.. x.Shape[..axis], .. settings.KeepDimensions ? [1] : Array.Empty<int>(), .. x.Shape[(axis + 1)..]];
        return Add(Opcode.ArgReduce, [x], shape, node => node
            .With(ArgReduceRule.Smallest, settings.Smallest ? 1 : 0)
            .With(ArgReduceRule.Axis, axis)
            .With(ArgReduceRule.Last, settings.Last ? 1 : 0));
    }

    /// <summary>a where the condition is not 0, else b.</summary>
    public Value Where(Value condition, Value a, Value b) =>
        Add(Opcode.Where, [condition, a, b], Broadcast(Broadcast(condition.Shape, a.Shape), b.Shape));

    /// <summary>A tensor whose axis 1 holds channels, with the channels last.</summary>
    public Value ChannelsLast(Value x) => x.Shape.Length < 3 ? x : Transpose(x, [0, .. Enumerable.Range(2, x.Shape.Length - 2), 1]);

    /// <summary>A tensor with channels last, with the channels on axis 1.</summary>
    public Value ChannelsFirst(Value x) => x.Shape.Length < 3 ? x : Transpose(x, [0, x.Shape.Length - 1, .. Enumerable.Range(1, x.Shape.Length - 2)]);

    private static int Position(float value, int size)
    {
        float position = value < 0f ? value + size : value;
        return position >= 0f && position < size
            ? (int)position
            : throw new ArgumentException($"has the index {value} on an axis of {size}");
    }
}
