using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Tflite.Operators;

/// <summary>FULLY_CONNECTED: Dense, with the weights as they are in the file.</summary>
internal static class FullyConnectedConverter
{
    internal static void Convert(TfliteNodeContext source)
    {
        if (source.Byte(1) != 0)
        {
            throw TfliteNodeContext.Unsupported("has shuffled weights, which are not supported");
        }

        Value weights = source.Constant(1);
        if (weights.Shape.Length != 2)
        {
            throw TfliteNodeContext.Unsupported($"has weights of {weights.Shape.Length} dimensions");
        }

        Value input = Rows(source, source.Input(0), weights.LastDimension);
        Value output = source.Output();
        if (output.Type == TensorType.Float32)
        {
            FusedActivation activation = source.Activation(0);
            ActivationKind? own = FusedActivations.Own(activation);
            Value before = own is null ? FusedActivations.Before(activation, output) : output;
            Value? bias = source.HasInput(2) ? source.FloatConstant(2) : null;
            source.Add(Opcode.Dense, [input, source.FloatConstant(1), bias], before)
                .WithActivation(DenseRule.Activation, own ?? ActivationKind.Linear);
            FusedActivations.Finish(source, activation, before, output);
            return;
        }

        (input, weights) = AsymmetricWeights.Resolve(source, input, weights);
        (int min, int max) = FusedActivations.Clamp(source.Activation(0), output);
        var layer = QuantizedLayer.Of(source, input, weights, output, weights.Shape[0]);
        source.Add(Opcode.Dense, [input, weights, layer.Bias, layer.Multipliers, layer.Shifts], output)
            .With(DenseRule.Min, min)
            .With(DenseRule.Max, max)
            .With(DenseRule.ZeroPoint, TfliteNodeContext.Quantized(output).ZeroPoint);
    }

    // The operator reads its input as rows of the weights' depth, whatever its shape.
    private static Value Rows(TfliteNodeContext source, Value input, int depth)
    {
        if (input.LastDimension == depth && input.Shape.Length > 0)
        {
            return input;
        }

        if (input.Elements % depth != 0)
        {
            throw TfliteNodeContext.Unsupported($"reads {input} with weights for {depth} features");
        }

        var rows = new Value(input.Name + ".rows", input.Type, input.Elements / depth, depth) { Quantization = input.Quantization };
        source.Add(Opcode.Reshape, [input], rows);
        return rows;
    }
}
