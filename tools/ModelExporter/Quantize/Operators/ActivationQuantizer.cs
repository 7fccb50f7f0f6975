using ModelExporter.Graphs;
using ModelFormat;
using ModelFormat.Rules;

namespace ModelExporter.Quantize.Operators;

/// <summary>An activation that stands on its own becomes a Table.</summary>
internal static class ActivationQuantizer
{
    internal static bool TryConvert(Quantizer quantizer, Node node, Precision precision)
    {
        if (node.Parameters[ActivationRule.Kind] == (int)ActivationKind.PReLU || precision != Precision.Int8)
        {
            return false;
        }

        bool isFinal = quantizer.Prepared.Graph.Outputs.Contains(node.Output);
        Precision outputPrecision = isFinal ? Precision.Int16 : Precision.Int8;
        Value input = quantizer.As(node.Input(0), Precision.Int8);
        Quantization quantization = ActivationRange.Output(quantizer, node, Precision.Int8, isFinal);
        var output = new Value(node.Output.Name, outputPrecision == Precision.Int8 ? TensorType.Int8 : TensorType.Int16, node.Output.Shape) { Quantization = quantization };
        Value table = Table(node.Name + ".table", ActivationRange.Function(node), input.Quantization!, quantization, outputPrecision);
        quantizer.Target.Nodes.Add(new Node(Opcode.Table, node.Name, [input, table], output));
        quantizer.Set(node.Output, outputPrecision, output);
        return true;
    }

    /// <summary>The constant with 256 entries for an int8 input.</summary>
    internal static Value Table(string name, UnaryFunction function, Quantization input, Quantization output, Precision outputPrecision) =>
        outputPrecision == Precision.Int8
            ? Value.Constant(name, TableBuilder.Int8(function, input.Scale, input.ZeroPoint, output.Scale, output.ZeroPoint), 256)
            : Value.Constant(name, TableBuilder.Int8ToInt16(function, input.Scale, input.ZeroPoint, output.Scale, output.ZeroPoint), 256);
}
