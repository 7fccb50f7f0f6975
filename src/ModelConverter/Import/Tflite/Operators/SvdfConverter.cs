using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Tflite.Tables;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Tflite.Operators;

/// <summary>
/// SVDF (P. Nakkiran et al., <em>Compressing Deep Neural Networks using a Rank-Constrained Topology</em>, 2015): Dense makes
/// one number for each filter, a state keeps those of the last inferences, and a convolution over time, in groups of as many
/// filters as the rank, makes the outputs. float32, and int8 whose state is int8 too.
/// </summary>
internal static class SvdfConverter
{
    internal static void Convert(TfliteNodeContext source)
    {
        Value input = source.Input(0);
        Value features = source.Constant(1);
        Value time = source.Constant(2);
        Value output = source.Output();
        TfliteTensor state = source.InputTensor(4);
        int rank = source.Int(0);
        if (input.Shape.Length != 2 || features.Shape.Length != 2 || time.Shape.Length != 2 || output.Shape.Length != 2
            || rank < 1 || features.Shape[0] % rank != 0 || time.Shape[0] != features.Shape[0] || output.Shape[1] != features.Shape[0] / rank)
        {
            throw TfliteNodeContext.Unsupported($"makes {output} of {input} with weights {features} and {time} of rank {rank}");
        }

        if (output.Type == TensorType.Float32)
        {
            Real(source, input, time, output, rank);
            return;
        }

        if (input.Type != TensorType.Int8 || output.Type != TensorType.Int8 || state.Type != TfliteType.Int8 || time.Type != TensorType.Int8 || features.Type != TensorType.Int8)
        {
            throw TfliteNodeContext.Unsupported($"works on {input.Type} with {time.Type} weights over time and a state of {state.Type}; float32, and int8 throughout, are supported");
        }

        Integer(source, input, features, time, output, rank);
    }

    private static void Real(TfliteNodeContext source, Value input, Value time, Value output, int rank)
    {
        FusedActivation activation = source.Activation(1);
        ActivationKind? own = FusedActivations.Own(activation);
        Value before = own is null ? FusedActivations.Before(activation, output) : output;
        int filters = time.Shape[0];
        var newest = new Value(output.Name + ".newest", TensorType.Float32, input.Shape[0], filters);
        source.Add(Opcode.Dense, [input, source.FloatConstant(1)], newest);
        Value window = Window(source, newest, time.Shape[1], output);
        Value weights = Value.Constant(time.Name, ByStep(source.FloatConstant(2).Floats, filters, rank), Shape(time, rank));
        Value? bias = source.HasInput(3) ? source.FloatConstant(3) : null;
        Value image = Image(before);
        Node node = source.Add(Opcode.Conv, [window, weights, bias], image).WithActivation(DenseRule.Activation, own ?? ActivationKind.Linear);
        Finish(source, node, before, filters / rank);
        FusedActivations.Finish(source, activation, before, output);
    }

    // TensorFlow Lite's integers; it clamps to int8 whatever the activation, which the output's range holds already.
    private static void Integer(TfliteNodeContext source, Value input, Value features, Value time, Value output, int rank)
    {
        Quantization state = source.QuantizationOf(4) ?? throw TfliteNodeContext.Unsupported("has a state without a scale");
        if (TfliteNodeContext.Quantized(features).ZeroPoint != 0 || TfliteNodeContext.Quantized(time).ZeroPoint != 0)
        {
            throw TfliteNodeContext.Unsupported("has weights with a zero point other than 0");
        }

        int filters = time.Shape[0];
        var newest = new Value(output.Name + ".newest", TensorType.Int8, input.Shape[0], filters) { Quantization = state with { ZeroPoint = 0 } };
        float first = TfliteNodeContext.Quantized(input).Scale * TfliteNodeContext.Quantized(features).Scale / state.Scale;
        Requantized(source.Add(Opcode.Dense, [input, features, null], newest), first, newest);

        Value window = Shifted(source, Window(source, newest, time.Shape[1], output), state);
        Value weights = Value.Constant(time.Name, ByStep((sbyte[])time.Data!, filters, rank), Shape(time, rank));
        weights.Quantization = time.Quantization;
        Value? bias = source.HasInput(3) ? source.Constant(3) : null;
        if (bias is not null and not { Data: int[] })
        {
            throw TfliteNodeContext.Unsupported($"has a bias of type {bias.Type}");
        }

        Value image = Image(output);
        float second = state.Scale * TfliteNodeContext.Quantized(time).Scale / TfliteNodeContext.Quantized(output).Scale;
        Node node = source.Add(Opcode.Conv, [window, weights, bias], image);
        Requantized(node, second, image);
        Finish(source, node, output, filters / rank);
    }

    // TensorFlow Lite adds the zero point after it has clamped, so that large numbers wrap. Without it until here, a state
    // starts as the zeros that it means.
    private static Value Shifted(TfliteNodeContext source, Value window, Quantization state)
    {
        if (state.ZeroPoint == 0)
        {
            return window;
        }

        var shifted = new Value(window.Name + ".shifted", TensorType.Int8, window.Shape) { Quantization = state };
        UnaryTable.Add(source, window, shifted, x => unchecked((sbyte)(x + state.ZeroPoint)));
        return shifted;
    }

    private static void Requantized(Node node, float factor, Value output)
    {
        QuantizedMultiplier multiplier = TfliteNodeContext.Multiplier(factor);
        node.Inputs.Add(Value.Constant(output.Name + ".multipliers", [multiplier.Multiplier], 1));
        node.Inputs.Add(Value.Constant(output.Name + ".shifts", [(sbyte)multiplier.Shift], 1));
        node.With(DenseRule.Min, sbyte.MinValue).With(DenseRule.Max, sbyte.MaxValue).With(DenseRule.ZeroPoint, output.Quantization!.ZeroPoint);
    }

    // The numbers of the last inferences and of this one as an image [batch, steps, 1, filters]; the state keeps all but the oldest.
    private static Value Window(TfliteNodeContext source, Value newest, int steps, Value output)
    {
        int batch = newest.Shape[0];
        int filters = newest.Shape[1];
        int[] image = [batch, steps, 1, filters];
        Value frame = MovementConverter.Reshaped(source, newest, [batch, 1, 1, filters]);
        if (steps == 1)
        {
            return frame;
        }

        var state = new Value(output.Name + ".state", newest.Type, batch, steps - 1, 1, filters) { Quantization = newest.Quantization, IsState = true };
        var window = new Value(output.Name + ".window", newest.Type, image) { Quantization = newest.Quantization };
        source.Add(Opcode.Concat, [state, frame], window).With(ConcatRule.Axis, 1);
        Node kept = source.Add(Opcode.Slice, [window], state).With(SliceRule.Start + 1, 1);
        for (int axis = 0; axis < image.Length; axis++)
        {
            kept.With(SliceRule.Step + axis, 1);
        }

        return window;
    }

    private static Value Image(Value output) =>
        new(output.Name + ".image", output.Type, output.Shape[0], 1, 1, output.Shape[1]) { Quantization = output.Quantization };

    private static void Finish(TfliteNodeContext source, Node convolution, Value output, int units)
    {
        convolution.With(ConvRule.Groups, units)
            .With(ConvRule.Stride, 1).With(ConvRule.Stride + 1, 1)
            .With(ConvRule.Dilation, 1).With(ConvRule.Dilation + 1, 1);
        source.Add(Opcode.Reshape, [convolution.Output], output);
    }

    private static int[] Shape(Value time, int rank) => [time.Shape[0] / rank, time.Shape[1], 1, rank];

    // [units · rank, steps] to [units, steps, 1, rank].
    private static T[] ByStep<T>(T[] data, int filters, int rank)
    {
        int steps = data.Length / filters;
        var result = new T[data.Length];
        for (int filter = 0; filter < filters; filter++)
        {
            for (int step = 0; step < steps; step++)
            {
                result[(((filter / rank * steps) + step) * rank) + (filter % rank)] = data[(filter * steps) + step];
            }
        }

        return result;
    }
}
