using ModelExporter.Graphs;
using ModelFormat;
using ModelFormat.Rules;

namespace ModelExporter.Quantize.Operators;

/// <summary>An activation that stands on its own becomes a Table.</summary>
internal static class ActivationQuantizer
{
    internal static bool TryConvert(Quantizer quantizer, Node node, Precision precision)
    {
        if (node.Parameters[ActivationRule.Kind] == (int)ActivationKind.PReLU)
        {
            return false;
        }

        Value input = quantizer.As(node.Input(0), precision);
        Precision outputPrecision = precision == Precision.Int8 ? TableOutput(quantizer, node) : precision;
        Quantization quantization = ActivationRange.Output(quantizer, node, outputPrecision);
        Value table = precision == Precision.Int8
            ? Table(node, input.Quantization!, quantization, outputPrecision)
            : Segments(node, input.Quantization!, quantization);
        var output = new Value(node.Output.Name, outputPrecision == Precision.Int8 ? TensorType.Int8 : TensorType.Int16, node.Output.Shape) { Quantization = quantization };
        quantizer.Target.Nodes.Add(new Node(Opcode.Table, node.Name, [input, table], output));
        quantizer.Set(node.Output, outputPrecision, output);
        return true;
    }

    /// <summary>What a table of an int8 tensor writes: int16 where a caller reads it, so that a probability near 0 or 1 keeps its digits.</summary>
    internal static Precision TableOutput(Quantizer quantizer, Node activation) =>
        quantizer.Prepared.Graph.Outputs.Contains(activation.Output) ? Precision.Int16 : Precision.Int8;

    /// <summary>The 256 entries for an int8 input.</summary>
    internal static Value Table(Node activation, Quantization input, Quantization output, Precision outputPrecision)
    {
        UnaryFunction function = ActivationRange.Function(activation);
        string name = activation.Name + ".table";
        return outputPrecision == Precision.Int8
            ? Value.Constant(name, TableBuilder.Int8(function, input.Scale, input.ZeroPoint, output.Scale, output.ZeroPoint), 256)
            : Value.Constant(name, TableBuilder.Int8ToInt16(function, input.Scale, input.ZeroPoint, output.Scale, output.ZeroPoint), 256);
    }

    private static Value Segments(Node activation, Quantization input, Quantization output)
    {
        int[] segments = Int16TableBuilder.Build(ActivationRange.Function(activation), input.Scale, output.Scale).Segments;
        return Value.Constant(activation.Name + ".table", segments, segments.Length);
    }
}
