using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Tflite.Operators;

/// <summary>CONV_2D and DEPTHWISE_CONV_2D: Conv, a depthwise one with a group for each input channel.</summary>
internal static class ConvConverter
{
    internal static void Conv(TfliteNodeContext source)
    {
        Value input = Image(source);
        Value weights = Weights(source);
        int depth = weights.Shape[3];
        int channels = input.Shape[3];
        if (channels % depth != 0)
        {
            throw TfliteNodeContext.Unsupported($"has weights for {depth} channels but its input has {channels}");
        }

        var window = new Window(source.Int(2), source.Int(1), source.Int(5, 1), source.Int(4, 1));
        if (channels == depth)
        {
            (input, weights) = AsymmetricWeights.Resolve(source, input, weights);
        }

        Convert(source, input, weights, channels / depth, window, source.Activation(3));
    }

    internal static void Depthwise(TfliteNodeContext source)
    {
        Value input = Image(source);
        Value weights = Weights(source);
        int channels = input.Shape[3];
        if (weights.Shape[0] != 1 || weights.Shape[3] % channels != 0)
        {
            throw TfliteNodeContext.Unsupported($"has depthwise weights {weights} but its input has {channels} channels");
        }

        var window = new Window(source.Int(2), source.Int(1), source.Int(6, 1), source.Int(5, 1));
        (input, weights) = AsymmetricWeights.ResolveDepthwise(source, input, ChannelsFirst(weights));
        Convert(source, input, weights, channels, window, source.Activation(4));
    }

    private static void Convert(TfliteNodeContext source, Value input, Value weights, int groups, Window window, FusedActivation activation)
    {
        Value output = source.Output();
        bool same = source.Byte(0) == 0;
        int channels = weights.Shape[0];
        if (output.Shape.Length != 4)
        {
            throw TfliteNodeContext.Unsupported($"writes {output}; an image has four dimensions");
        }

        if (output.Type == TensorType.Float32)
        {
            ActivationKind? own = FusedActivations.Own(activation);
            Value before = own is null ? FusedActivations.Before(activation, output) : output;
            Value? bias = source.HasInput(2) ? source.FloatConstant(2) : null;
            Node real = source.Add(Opcode.Conv, [input, weights, bias], before)
                .With(ConvRule.Groups, groups)
                .WithActivation(DenseRule.Activation, own ?? ActivationKind.Linear);
            window.SetConv(real, input, output, weights.Shape[1], weights.Shape[2], same);
            FusedActivations.Finish(source, activation, before, output);
            return;
        }

        (int min, int max) = FusedActivations.Clamp(activation, output);
        var layer = QuantizedLayer.Of(source, input, weights, output, channels);
        Node node = source.Add(Opcode.Conv, [input, weights, layer.Bias, layer.Multipliers, layer.Shifts], output)
            .With(ConvRule.Groups, groups)
            .With(DenseRule.Min, min)
            .With(DenseRule.Max, max)
            .With(DenseRule.ZeroPoint, TfliteNodeContext.Quantized(output).ZeroPoint);
        window.SetConv(node, input, output, weights.Shape[1], weights.Shape[2], same);
    }

    private static Value Image(TfliteNodeContext source)
    {
        Value input = source.Input(0);
        return input.Shape.Length == 4 ? input : throw TfliteNodeContext.Unsupported($"reads {input}; an image has four dimensions");
    }

    // In a float32 model the file may keep the weights as integers.
    private static Value Weights(TfliteNodeContext source)
    {
        Value weights = source.OutputType == TfliteType.Float32 ? source.FloatConstant(1) : source.Constant(1);
        return weights.Shape.Length == 4 ? weights : throw TfliteNodeContext.Unsupported($"has weights {weights}; four dimensions are supported");
    }

    // [1, height, width, out] to [out, height, width, 1].
    private static Value ChannelsFirst(Value weights)
    {
        int channels = weights.Shape[3];
        int[] shape = [channels, weights.Shape[1], weights.Shape[2], 1];
        return new Value(weights.Name, weights.Type, shape)
        {
            Data = weights.Data is float[] floats ? Transpose(floats, channels)
                : weights.Data is sbyte[] bytes ? Transpose(bytes, channels)
                : throw TfliteNodeContext.Unsupported($"has weights {weights}; float32 and int8 are supported"),
            Quantization = weights.Quantization is { } quantization ? quantization with { Axis = 0 } : null,
        };
    }

    private static T[] Transpose<T>(T[] data, int channels)
    {
        var result = new T[data.Length];
        int window = data.Length / channels;
        for (int i = 0; i < window; i++)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                result[(channel * window) + i] = data[(i * channels) + channel];
            }
        }

        return result;
    }
}
