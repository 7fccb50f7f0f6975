using ModelExporter.Graphs;
using ModelExporter.Import.Onnx.Operators;
using ModelExporter.Quantize.Operators;
using ModelFormat;
using ModelFormat.Rules;

namespace ModelExporter.Import.Onnx.Quantized;

/// <summary>
/// What stands between DequantizeLinear and QuantizeLinear, as one operator on int8: a layer with its bias and clamp, a sum or
/// product, a mean over the pixels, a function of one number, or what only moves elements. Found backwards from the
/// QuantizeLinear, whose scale the operator writes at; its float32 form, converted before, is dropped where nobody else reads it.
/// </summary>
internal sealed class QuantizedPattern(OnnxScope scope, Quantization quantization)
{
    // A hostile model may have any number of operators in a row.
    private const int MaxDepth = 64;

    // They move or select elements, in the order of their first input's integers.
    private static readonly string[] movers =
        ["Reshape", "Flatten", "Transpose", "Squeeze", "Unsqueeze", "Identity", "Dropout", "Slice", "MaxPool", "GlobalMaxPool"];

    /// <summary>The tensor as int8 at the scale asked for, or null where it must be rounded from float32.</summary>
    internal static Value? Find(OnnxScope scope, string tensor, Quantization quantization)
    {
        string name = scope.Builder.Name;
        Value? found = new QuantizedPattern(scope, quantization).Convert(tensor, 0);
        scope.Builder.Name = name;
        return found;
    }

    /// <summary>An integer tensor as int8, where there is one or it only moves the elements of one; or null.</summary>
    internal static Value? Integers(OnnxScope scope, string tensor, Quantization quantization, int depth = 0)
    {
        if (!scope.TryFind(tensor, out OnnxOperand operand) || operand.IsConstant || depth > MaxDepth)
        {
            return null;
        }

        if (scope.Quantized.Find(operand.Value, quantization) is { } known)
        {
            return known;
        }

        if (scope.Producer(tensor) is not { } node || !IsMover(node, tensor) || Integers(scope, node.Inputs[0], quantization, depth + 1) is not { } before)
        {
            return null;
        }

        Value? moved = Again(scope, node, before);
        if (moved is not null)
        {
            scope.Quantized.Set(operand.Value, moved);
        }

        return moved;
    }

    private Value? Convert(string tensor, int depth)
    {
        if (Known(tensor, depth) is { } known)
        {
            return known.IsConstant ? null : scope.Quantized.Rescaled(known, quantization);
        }

        if (depth > MaxDepth || scope.Producer(tensor) is not { } node)
        {
            return null;
        }

        return Clamped(node)
            ?? Layer(node, new OutputRange(quantization))
            ?? Function(node)
            ?? (IsMover(node, tensor) && Convert(node.Inputs[0], depth + 1) is { } before ? Again(scope, node, before) : null);
    }

    // A Relu or Clip behind a layer.
    private Value? Clamped(OnnxNode node)
    {
        if (node.OpType is not ("Relu" or "Clip") || FunctionNode(node) is not { } clamp || scope.Producer(node.Inputs[0]) is not { } layer)
        {
            return null;
        }

        (double low, double high) = clamp.Opcode == Opcode.Unary
            ? ((double)clamp.Float(UnaryRule.Alpha), (double)clamp.Float(UnaryRule.Beta))
            : (0.0, (ActivationKind)clamp.Parameters[ActivationRule.Kind] == ActivationKind.ReLU6 ? 6 : double.PositiveInfinity);
        return low <= high ? Layer(layer, new OutputRange(quantization, low, high)) : null;
    }

    private Value? Layer(OnnxNode node, OutputRange output) => (node.Domain, node.OpType) switch
    {
        (OnnxDomains.Standard, "Conv") => Conv(node, output),
        (OnnxDomains.Standard, "Gemm") => Gemm(node, output),
        (OnnxDomains.Standard, "MatMul") => MatMul(node, null, output),
        (OnnxDomains.Standard, "Add") => Biased(node, output) ?? Binary(node, Opcode.Add, output),
        (OnnxDomains.Standard, "Sub") => Binary(node, Opcode.Sub, output),
        (OnnxDomains.Standard, "Mul") => Binary(node, Opcode.Mul, output),
        (OnnxDomains.Standard, "GlobalAveragePool") => Mean(node, output),
        (OnnxDomains.Standard, "AveragePool") => Average(node, output),
        _ => null,
    };

    private Value? Conv(OnnxNode node, OutputRange output)
    {
        if (Known(node.Inputs[0]) is not { IsConstant: false } x || Weights(node.Inputs[1], 0) is not { } weights)
        {
            return null;
        }

        Value? bias = node.Inputs.Count > 2 && node.Inputs[2].Length > 0 ? Real(node.Inputs[2]) : null;
        return IntegerLayer.Conv(new OnnxCall(scope, node), x, weights, BiasOf(bias, x, weights), output);
    }

    private Value? Gemm(OnnxNode node, OutputRange output)
    {
        var call = new OnnxCall(scope, node);
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

        _ = new OnnxCall(scope, node);
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

    private Value? Binary(OnnxNode node, Opcode opcode, OutputRange output)
    {
        if (Known(node.Inputs[0]) is not { } a || Known(node.Inputs[1]) is not { } b || (a.IsConstant && b.IsConstant))
        {
            return null;
        }

        var call = new OnnxCall(scope, node);
        return !BinaryQuantizer.Fits(opcode, a, b, output.Quantization) ? null
            : scope.Quantized.Add(opcode, [a, b], GraphBuilder.Broadcast(a.Shape, b.Shape), output.Quantization, twin => BinaryQuantizer
                .SetFactors(twin, a, b, output.Quantization).With(BinaryRule.Min, output.Min).With(BinaryRule.Max, output.Max));
    }

    // A mean over all pixels is requantized from its exact sum.
    private Value? Mean(OnnxNode node, OutputRange output)
    {
        if (output.IsClamped || Known(node.Inputs[0]) is not { IsConstant: false, Shape.Length: > 2 } x)
        {
            return null;
        }

        _ = new OnnxCall(scope, node);
        int[] axes = [.. Enumerable.Range(2, x.Shape.Length - 2)];
        int[] shape = [x.Shape[0], x.Shape[1], .. axes.Select(_ => 1)];
        return ReduceQuantizer.MeanFactor(x, x.Elements / (x.Shape[0] * x.Shape[1]), output.Quantization) is not { } factor ? null
            : scope.Quantized.Add(Opcode.Reduce, [x], shape, output.Quantization, twin => twin
                .With(ReduceRule.Kind, (int)ReduceKind.Mean)
                .With(ReduceRule.Axes, axes.Aggregate(0, (set, axis) => set | (1 << axis)))
                .With(ReduceRule.Multiplier, factor.Multiplier)
                .With(ReduceRule.Shift, factor.Shift));
    }

    // The kernel keeps the scale; at another one a second rounding would be off by more than one step.
    private Value? Average(OnnxNode node, OutputRange output) =>
        !output.IsClamped && Known(node.Inputs[0]) is { IsConstant: false } x && x.Quantization == output.Quantization ? Again(scope, node, x) : null;

    private Value? Function(OnnxNode node)
    {
        if (FunctionNode(node) is not { } real || TableChain.FunctionOf(real) is not { } function || Known(node.Inputs[0]) is not { IsConstant: false } x)
        {
            return null;
        }

        _ = new OnnxCall(scope, node);
        return scope.Quantized.Apply(function, x, quantization);
    }

    // The float32 operator that a node with one input became.
    private Node? FunctionNode(OnnxNode node) =>
        node.Inputs.Count > 0 && Real(node.Inputs[0]) is { } x && Real(node.Outputs[0]) is { } y
        && scope.Graph.Producer(y) is { Opcode: Opcode.Activation or Opcode.Unary, Inputs.Count: 1 } found && found.Input(0) == x ? found : null;

    /// <summary>A real tensor as int8 at its own scale, where it comes from integers: directly, or through what only moves elements.</summary>
    private Value? Known(string tensor, int depth = 0)
    {
        if (Real(tensor) is not { } real)
        {
            return null;
        }

        if (scope.Quantized.Source(real) is { } source)
        {
            return scope.Quantized.Int8(source.Integers, source.Scaling);
        }

        if (real.IsConstant || depth > MaxDepth || scope.Producer(tensor) is not { } node || !IsMover(node, tensor)
            || Known(node.Inputs[0], depth + 1) is not { IsConstant: false } before)
        {
            return null;
        }

        if (scope.Quantized.Find(real, before.Quantization!) is { } done)
        {
            return done;
        }

        Value? moved = Again(scope, node, before);
        if (moved is not null)
        {
            scope.Quantized.Set(real, moved);
        }

        return moved;
    }

    private static bool IsMover(OnnxNode node, string tensor) => node.Domain == OnnxDomains.Standard && movers.Contains(node.OpType) && node.Outputs[0] == tensor;

    /// <summary>Converts a node once more, from an int8 tensor; null where it has no int8 form.</summary>
    private static Value? Again(OnnxScope scope, OnnxNode node, Value x)
    {
        var call = new OnnxCall(scope, node, x);
        OnnxOperators.Find(node)!(call);
        return call.Result is { Type: TensorType.Int8 } result ? result : null;
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
            && new OnnxCall(scope, turn).Ints("perm") is null or [1, 0] && Weights(turn.Inputs[0], 1 - units) is { } weights ? Transposed(weights) : null;
    }

    private static IntegerWeights Transposed(IntegerWeights weights) => weights with { Centred = MatrixOperators.Transposed(weights.Centred) };

    private static bool FitsBias(Value bias, IntegerWeights weights) =>
        bias.IsConstant && (bias.Elements == 1 || (bias.Elements == weights.Centred.Shape[0] && bias.LastDimension == bias.Elements));

    private static double[]? BiasOf(Value? bias, Value x, IntegerWeights weights) =>
        bias is null ? null : IntegerLayer.Bias(bias.Floats, weights.Centred.Shape[0], x, weights);

    private Value? Real(string tensor) => scope.TryFind(tensor, out OnnxOperand operand) ? operand.Value : null;
}
