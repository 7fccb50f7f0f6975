using ModelExporter.Graphs;

namespace ModelExporter.Quantize.Operators;

/// <summary>Reshape keeps the scale of its input.</summary>
internal static class ReshapeQuantizer
{
    internal static bool TryConvert(Quantizer quantizer, Node node, Precision precision)
    {
        Value input = quantizer.As(node.Input(0), precision);
        var output = new Value(node.Output.Name, input.Type, node.Output.Shape) { Quantization = input.Quantization };
        quantizer.Target.Nodes.Add(new Node(node.Opcode, node.Name, [input], output));
        quantizer.Set(node.Output, precision, output);
        return true;
    }
}
