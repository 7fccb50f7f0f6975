using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Onnx.Operators;

namespace EdgeInference.ModelConverter.Import.Onnx.Quantized;

/// <content>Layers with constant weights.</content>
internal sealed partial class QuantizedPattern
{
    private Value? Conv(OnnxNode node, OutputRange output)
    {
        if (Known(node.Inputs[0]) is not { IsConstant: false } x || Weights(node.Inputs[1], 0) is not { } weights)
        {
            return null;
        }

        Value? bias = node.Inputs.Count > 2 && node.Inputs[2].Length > 0 ? Real(node.Inputs[2]) : null;
        return IntegerLayer.Conv(new OnnxNodeContext(scope, node), x, weights, BiasOf(bias, x, weights), output);
    }

    private Value? ConvTranspose(OnnxNode node, OutputRange output)
    {
        if (Known(node.Inputs[0]) is not { IsConstant: false } x || Weights(node.Inputs[1], 1) is not { } weights)
        {
            return null;
        }

        Value? bias = node.Inputs.Count > 2 && node.Inputs[2].Length > 0 ? Real(node.Inputs[2]) : null;
        var call = new OnnxNodeContext(scope, node);

        // The scales are those of one group's outputs, and the same for each group.
        IntegerWeights all = weights.Scales.Length == 1 ? weights
            : weights with { Scales = [.. Enumerable.Repeat(weights.Scales, (int)call.Int("group", 1)).SelectMany(scales => scales)] };
        return IntegerLayer.ConvTranspose(call, x, all, bias, output);
    }

    private Value? Gemm(OnnxNode node, OutputRange output)
    {
        var call = new OnnxNodeContext(scope, node);
        bool transposed = call.Flag("transB");
        bool plain = !call.Flag("transA") && call.Float("alpha", 1f) == 1f && call.Float("beta", 1f) == 1f;
        if (!plain || Known(node.Inputs[0]) is not { IsConstant: false } x || Weights(node.Inputs[1], transposed ? 0 : 1) is not { } weights)
        {
            return null;
        }

        Value? bias = call.InputOrNull(2);
        IntegerWeights rows = transposed ? weights : Transposed(weights);
        return bias is null || FitsBias(bias, rows) ? IntegerLayer.Dense(scope.Builder, x, rows, BiasOf(bias, x, rows), output) : null;
    }

    private Value? MatMul(OnnxNode node, Value? bias, OutputRange output)
    {
        if (Known(node.Inputs[0]) is not { IsConstant: false } x || Weights(node.Inputs[1], 1) is not { Centred.Shape.Length: 2 } weights)
        {
            return null;
        }

        _ = new OnnxNodeContext(scope, node);
        IntegerWeights rows = Transposed(weights);
        return bias is null || FitsBias(bias, rows) ? IntegerLayer.Dense(scope.Builder, x, rows, BiasOf(bias, x, rows), output) : null;
    }

    // MatMul and the constant added to it.
    private Value? Biased(OnnxNode add, OutputRange output)
    {
        for (int side = 0; side < 2; side++)
        {
            if (scope.Producer(add.Inputs[side]) is { OpType: "MatMul" } product && Real(add.Inputs[1 - side]) is { IsConstant: true } bias
                && Real(add.Outputs[0])!.Shape.Length == Real(add.Inputs[side])!.Shape.Length)
            {
                return MatMul(product, bias, output);
            }
        }

        return null;
    }

    // units: the axis of the outputs. Exporters also turn a layer's matrix round after DequantizeLinear.
    private IntegerWeights? Weights(string tensor, int units)
    {
        if (Real(tensor) is not { } real)
        {
            return null;
        }

        if (scope.Quantized.Source(real) is { } source)
        {
            return IntegerWeights.Of(source.Integers, source.Scaling, units, source.Scaling.AxisOn(source.Integers.Rank));
        }

        return scope.Producer(tensor) is { OpType: "Transpose" } turn && Real(turn.Inputs[0]) is { Shape.Length: 2 }
            && new OnnxNodeContext(scope, turn).Ints("perm") is null or [1, 0] && Weights(turn.Inputs[0], 1 - units) is { } weights ? Transposed(weights) : null;
    }

    private static IntegerWeights Transposed(IntegerWeights weights) => weights with { Centred = MatrixOperators.Transposed(weights.Centred) };

    private static bool FitsBias(Value bias, IntegerWeights weights) =>
        bias.IsConstant && (bias.Elements == 1 || (bias.Elements == weights.Centred.Shape[0] && bias.LastDimension == bias.Elements));

    private static double[]? BiasOf(Value? bias, Value x, IntegerWeights weights) =>
        bias is null ? null : IntegerLayer.Bias(bias.Floats, weights.Centred.Shape[0], x, weights);
}
