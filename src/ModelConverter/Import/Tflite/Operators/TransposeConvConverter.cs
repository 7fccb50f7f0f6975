using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Tflite.Operators;

/// <summary>TRANSPOSE_CONV: its inputs are the output's shape, the weights [out, height, width, in], x, and a bias.</summary>
internal static class TransposeConvConverter
{
    internal static void Convert(TfliteNodeContext source)
    {
        Value input = source.Input(2);
        Value output = source.Output();
        bool real = output.Type == TensorType.Float32;
        Value weights = real ? source.FloatConstant(1) : source.Constant(1);
        if (input.Shape.Length != 4 || output.Shape.Length != 4 || weights.Shape.Length != 4)
        {
            throw TfliteNodeContext.Unsupported($"makes {output} of {input} with weights {weights}; four dimensions are supported");
        }

        FusedActivation activation = source.Activation(3);

        // It undoes a convolution from the output to the input, and has that one's padding.
        var window = new Window(source.Int(2), source.Int(1), 1, 1);
        bool same = source.Byte(0) == 0;
        Node node;
        if (real)
        {
            ActivationKind? own = FusedActivations.Own(activation);
            Value before = own is null ? FusedActivations.Before(activation, output) : output;
            Value? bias = source.HasInput(3) ? source.FloatConstant(3) : null;
            node = source.Add(Opcode.ConvTranspose, [input, weights, bias], before).WithActivation(DenseRule.Activation, own ?? ActivationKind.Linear);
            FusedActivations.Finish(source, activation, before, output);
        }
        else
        {
            (int min, int max) = FusedActivations.Clamp(activation, output);
            var layer = QuantizedLayer.Of(source, input, weights, output, weights.Shape[0], 3);
            node = source.Add(Opcode.ConvTranspose, [input, weights, layer.Bias, layer.Multipliers, layer.Shifts], output)
                .With(DenseRule.Min, min)
                .With(DenseRule.Max, max)
                .With(DenseRule.ZeroPoint, TfliteNodeContext.Quantized(output).ZeroPoint);
        }

        window.SetConv(node.With(ConvRule.Groups, 1), output, input, weights.Shape[1], weights.Shape[2], same);
    }
}
