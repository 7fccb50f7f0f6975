using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize.Operators;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Onnx.Quantized;

/// <summary>
/// What stands between DequantizeLinear and QuantizeLinear, as one operator on int8: a layer with its bias and clamp, a sum or
/// product, a mean, a function of one number, tensors joined, or what only moves elements. Found backwards from the
/// QuantizeLinear, whose scale the operator writes at; its float32 form, converted before, is dropped where no one else reads it.
/// </summary>
internal sealed partial class QuantizedPattern(OnnxScope scope, Quantization quantization)
{
    // A hostile model may have any number of operators in a row.
    private const int MaxDepth = 64;

    // They move or select elements, in the order of their first input's integers.
    private static readonly string[] movers =
    [
        "Reshape", "Flatten", "Transpose", "Squeeze", "Unsqueeze", "Identity", "Dropout", "Slice", "Split", "Pad", "Gather", "Expand", "Tile",
        "DepthToSpace", "SpaceToDepth", "Resize", "Upsample", "MaxPool", "GlobalMaxPool", "ReduceMax", "ReduceMin",
    ];

    /// <summary>The tensor as int8 at the scale asked for, or null if it must be rounded from float32.</summary>
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

        return scope.Producer(tensor) is { } node && IsMover(node, tensor) && Integers(scope, node.Inputs[0], quantization, depth + 1) is { } before
            ? Again(scope, node, before, tensor)
            : null;
    }

    private Value? Convert(string tensor, int depth)
    {
        if (Known(tensor, depth) is { } known)
        {
            return known.IsConstant ? null : scope.Quantized.Rescaled(known, quantization);
        }

        if (depth > MaxDepth || scope.Producer(tensor) is not { } node || Real(tensor) is not { } real)
        {
            return null;
        }

        if (scope.Quantized.Find(real, quantization) is { } done)
        {
            return done;
        }

        // The parts of a Split may be asked for at several scales, and what is before it is computed once.
        Value? found = Clamped(node)
            ?? Layer(node, new OutputRange(quantization))
            ?? Function(node)
            ?? ByNumber(node)
            ?? Joined(node, depth)
            ?? (IsMover(node, tensor) && node.OpType != "Split" && Convert(node.Inputs[0], depth + 1) is { } before ? Again(scope, node, before, tensor) : null);
        if (found is not null)
        {
            scope.Quantized.Set(real, found);
        }

        return found;
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
        (OnnxDomains.Standard, "ConvTranspose") => ConvTranspose(node, output),
        (OnnxDomains.Standard, "GlobalAveragePool") => GlobalMean(node, output),
        (OnnxDomains.Standard, "ReduceMean") => Sum(node, ReduceKind.Mean, output),
        (OnnxDomains.Standard, "ReduceSum") => Sum(node, ReduceKind.Sum, output),
        (OnnxDomains.Standard, "AveragePool") => Average(node, output),
        (OnnxDomains.Standard, "PRelu") => PRelu(node, output),
        (OnnxDomains.Standard, "Softmax") => Softmax(node, output),
        _ => null,
    };

    private Value? Function(OnnxNode node)
    {
        if (FunctionNode(node) is not { } real || TableChain.FunctionOf(real) is not { } function || Known(node.Inputs[0]) is not { IsConstant: false } x)
        {
            return null;
        }

        _ = new OnnxNodeContext(scope, node);
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

        // A table of embeddings is a constant, its rows are none.
        if (real.IsConstant || depth > MaxDepth || scope.Producer(tensor) is not { } node || !IsMover(node, tensor)
            || Known(node.Inputs[0], depth + 1) is not { } before || (before.IsConstant && node.OpType != "Gather"))
        {
            return null;
        }

        return scope.Quantized.Find(real, before.Quantization!) ?? Again(scope, node, before, tensor);
    }

    private static bool IsMover(OnnxNode node, string tensor) =>
        node.Domain == OnnxDomains.Standard && movers.Contains(node.OpType) && (node.Outputs[0] == tensor || node.OpType == "Split");

    /// <summary>Converts a node once more, from an int8 tensor; null if it has no int8 form.</summary>
    private static Value? Again(OnnxScope scope, OnnxNode node, Value x, string tensor)
    {
        var call = new OnnxNodeContext(scope, node, x);
        OnnxOperators.Find(node)!(call);
        Value? asked = null;
        for (int i = 0; i < node.Outputs.Count; i++)
        {
            if (call.Results[i] is { Type: TensorType.Int8 } result && scope.TryFind(node.Outputs[i], out OnnxOperand operand))
            {
                scope.Quantized.Set(operand.Value, result);
                asked = node.Outputs[i] == tensor ? result : asked;
            }
        }

        return asked;
    }

    private Value? Real(string tensor) => scope.TryFind(tensor, out OnnxOperand operand) ? operand.Value : null;
}
