using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Tflite.Operators;

/// <summary>Operators that move elements and compute nothing.</summary>
internal static class MovementConverter
{
    internal static void Concatenation(TfliteNodeContext source)
    {
        if (source.Activation(1) != FusedActivation.None)
        {
            throw TfliteNodeContext.Unsupported("applies an activation");
        }

        Value[] inputs = [.. Enumerable.Range(0, source.InputCount).Select(source.Input)];
        if (Array.TrueForAll(inputs, input => input.Data is int[] && input.Shape.Length == 1))
        {
            Fold(source, [.. inputs.SelectMany(input => (int[])input.Data!)]);
            return;
        }

        Value output = source.Output();
        SameScale([.. inputs, output]);
        source.Add(Opcode.Concat, inputs, output).With(ConcatRule.Axis, Axis(source.Int(0), output.Shape.Length));
    }

    internal static void Pack(TfliteNodeContext source)
    {
        Value[] inputs = [.. Enumerable.Range(0, source.InputCount).Select(source.Input)];
        if (Array.TrueForAll(inputs, input => input.Data is int[] && input.Elements == 1))
        {
            Fold(source, [.. inputs.Select(input => ((int[])input.Data!)[0])]);
            return;
        }

        Value output = source.Output();
        SameScale([.. inputs, output]);
        int axis = Axis(source.Int(1), output.Shape.Length);
        Value[] parts = Array.ConvertAll(inputs, input =>
        {
            int[] shape = [.. output.Shape];
            shape[axis] = 1;
            return Reshaped(source, input, shape);
        });
        source.Add(Opcode.Concat, parts, output).With(ConcatRule.Axis, axis);
    }

    internal static void Unpack(TfliteNodeContext source)
    {
        Value input = source.Input(0);
        int axis = Axis(source.Int(1), input.Shape.Length);
        for (int i = 0; i < source.OutputCount; i++)
        {
            Value output = source.Output(i);
            SameScale(input, output);
            int[] shape = [.. input.Shape];
            shape[axis] = 1;
            var part = new Value($"{output.Name}.part", output.Type, shape) { Quantization = input.Quantization };
            Slice(source, input, part, axis, i);
            source.Add(Opcode.Reshape, [part], output);
        }
    }

    internal static void Split(TfliteNodeContext source) => Split(source, source.Input(1), source.Integers(0));

    internal static void SplitV(TfliteNodeContext source) => Split(source, source.Input(0), source.Integers(2));

    internal static void Slice(TfliteNodeContext source)
    {
        Value input = source.Input(0);
        int[] begin = source.Integers(1);
        Slice(source, input, begin, [.. begin.Select(_ => 1)], source.Output());
    }

    internal static void StridedSlice(TfliteNodeContext source)
    {
        Value input = source.Input(0);
        int[] begin = source.Integers(1);
        int[] end = source.Integers(2);
        int[] steps = source.Integers(3);
        int rank = input.Shape.Length;
        if (source.Int(2) != 0 || source.Int(3) != 0 || source.Bool(5) || begin.Length != rank || end.Length != rank || steps.Length != rank)
        {
            throw TfliteNodeContext.Unsupported("has an ellipsis, a new axis, or indices for a different number of axes than its input has");
        }

        int beginMask = source.Int(0);
        int endMask = source.Int(1);
        int shrink = source.Int(4);
        var starts = new int[rank];
        var sizes = new int[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            int size = input.Shape[axis];
            int step = steps[axis];
            if (step == 0)
            {
                throw TfliteNodeContext.Unsupported("has a step of 0");
            }

            bool alone = (shrink & (1 << axis)) != 0;
            int first = step > 0 ? 0 : size - 1;
            int past = step > 0 ? size : -1;
            starts[axis] = (beginMask & (1 << axis)) != 0 && !alone ? first : Math.Clamp(FromEnd(begin[axis], size), step > 0 ? 0 : -1, step > 0 ? size : size - 1);
            int stop = alone ? starts[axis] + Math.Sign(step)
                : (endMask & (1 << axis)) != 0 ? past
                : Math.Clamp(FromEnd(end[axis], size), step > 0 ? 0 : -1, step > 0 ? size : size - 1);
            sizes[axis] = (int)Math.Max(0L, ((long)stop - starts[axis] + step - Math.Sign(step)) / step);
        }

        if (Array.Exists(sizes, size => size == 0) || Enumerable.Range(0, rank).Any(axis => starts[axis] < 0 || starts[axis] >= input.Shape[axis]))
        {
            throw TfliteNodeContext.Unsupported("selects no element, or one outside its input");
        }

        if (input.Data is int[] constant && rank == 1)
        {
            Fold(source, [.. Enumerable.Range(0, sizes[0]).Select(i => constant[starts[0] + (i * steps[0])])]);
            return;
        }

        Value output = source.Output();
        if (output.Shape.AsSpan().SequenceEqual(sizes))
        {
            Slice(source, input, starts, steps, output);
            return;
        }

        var part = new Value($"{output.Name}.part", output.Type, sizes) { Quantization = input.Quantization };
        Slice(source, input, starts, steps, part);
        source.Add(Opcode.Reshape, [part], output);
    }

    internal static void Transpose(TfliteNodeContext source)
    {
        Value input = source.Input(0);
        int[] order = source.Integers(1);
        if (!order.Order().SequenceEqual(Enumerable.Range(0, input.Shape.Length)))
        {
            throw TfliteNodeContext.Unsupported($"orders the axes {string.Join(", ", order)} of {input}");
        }

        Node node = source.Add(Opcode.Transpose, [input], source.Output());
        for (int axis = 0; axis < order.Length; axis++)
        {
            node.With(TransposeRule.Permutation + axis, order[axis]);
        }
    }

    internal static void Pad(TfliteNodeContext source)
    {
        Value input = source.Input(0);
        int[] amounts = source.Integers(1);
        Value output = source.Output();
        if (amounts.Length != 2 * input.Shape.Length)
        {
            throw TfliteNodeContext.Unsupported($"has {amounts.Length} amounts for {input}");
        }

        SameScale(input, output);
        Node node = source.Add(Opcode.Pad, [input], output).With(PadRule.Mode, (int)PadMode.Constant);
        for (int axis = 0; axis < input.Shape.Length; axis++)
        {
            node.With(PadRule.Before + axis, amounts[2 * axis]);
        }

        Array? value = source.HasInput(2) ? source.Constant(2).Data : null;
        switch (value)
        {
            case float[] real:
                node.With(PadRule.Value, real[0]);
                break;
            case sbyte[] small:
                node.With(PadRule.Value, small[0]);
                break;
            case short[] wide:
                node.With(PadRule.Value, wide[0]);
                break;
            default:
                node.With(PadRule.Value, input.Type == TensorType.Float32 ? 0 : TfliteNodeContext.Quantized(input).ZeroPoint);
                break;
        }
    }

    /// <summary>SHAPE: shapes are fixed, so it is a constant.</summary>
    internal static void Shape(TfliteNodeContext source) => Fold(source, source.InputTensor(0).Shape);

    private static void Split(TfliteNodeContext source, Value input, int[] axes)
    {
        int axis = Axis(axes.Length == 1 ? axes[0] : throw TfliteNodeContext.Unsupported("has no axis, or several"), input.Shape.Length);
        int start = 0;
        for (int i = 0; i < source.OutputCount; i++)
        {
            Value output = source.Output(i);
            if (output.Shape.Length != input.Shape.Length)
            {
                throw TfliteNodeContext.Unsupported($"makes {output} of {input}");
            }

            Slice(source, input, output, axis, start);
            start += output.Shape[axis];
        }
    }

    /// <summary>Adds the node for as many elements of an axis as the output has, from one on.</summary>
    internal static void Slice(TfliteNodeContext source, Value input, Value output, int axis, int start)
    {
        var starts = new int[input.Shape.Length];
        starts[axis] = start;
        Slice(source, input, starts, [.. starts.Select(_ => 1)], output);
    }

    private static void Slice(TfliteNodeContext source, Value input, int[] starts, int[] steps, Value output)
    {
        if (starts.Length != input.Shape.Length)
        {
            throw TfliteNodeContext.Unsupported($"has {starts.Length} starts for {input}");
        }

        SameScale(input, output);
        Node node = source.Add(Opcode.Slice, [input], output);
        for (int axis = 0; axis < starts.Length; axis++)
        {
            node.With(SliceRule.Start + axis, starts[axis]).With(SliceRule.Step + axis, steps[axis]);
        }
    }

    /// <summary>An input in another shape of as many elements.</summary>
    internal static Value Reshaped(TfliteNodeContext source, Value input, int[] shape)
    {
        var value = new Value($"{input.Name}.reshaped", input.Type, shape) { Quantization = input.Quantization };
        if (value.Elements != input.Elements)
        {
            throw TfliteNodeContext.Unsupported($"makes {value} of {input}");
        }

        source.Add(Opcode.Reshape, [input], value);
        return value;
    }

    /// <summary>Makes the output a constant: integers that describe shapes are computed here, not on the device.</summary>
    internal static void Fold(TfliteNodeContext source, int[] values)
    {
        TfliteTensor output = source.OutputTensor(0);
        if (output.Elements != values.Length)
        {
            throw TfliteNodeContext.Unsupported($"gives {values.Length} elements to {output}");
        }

        source.Fold(Value.Constant(source.Name, values, output.Shape));
    }

    /// <summary>Refuses values of more than one scale.</summary>
    internal static void SameScale(params Value[] values)
    {
        if (Array.Exists(values, value => value.Quantization?.Scale != values[0].Quantization?.Scale || value.Quantization?.ZeroPoint != values[0].Quantization?.ZeroPoint))
        {
            throw TfliteNodeContext.Unsupported("moves elements between tensors of different scales");
        }
    }

    private static int FromEnd(int index, int size) => index < 0 ? index + size : index;

    /// <summary>An axis counted from the first, of one that may count from the end.</summary>
    internal static int Axis(int axis, int rank) => axis >= -rank && axis < rank
        ? FromEnd(axis, rank)
        : throw TfliteNodeContext.Unsupported($"has axis {axis} of {rank}");
}
