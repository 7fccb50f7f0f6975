using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Quantize.Operators;

/// <summary>Operators that move elements without computing: the output keeps the scale of the input.</summary>
internal static class PassThroughQuantizer
{
    internal static bool TryConvert(Quantizer quantizer, Node node, Precision precision) =>
        node.Inputs.Skip(1).All(input => input is null or { IsConstant: true }) && Convert(quantizer, node, precision) is not null;

    /// <summary>Adds the quantized form and returns it.</summary>
    internal static Node Convert(Quantizer quantizer, Node node, Precision precision)
    {
        Value input = quantizer.Convert(node.Input(0), precision);
        var output = new Value(node.Output.Name, input.Type, node.Output.Shape) { Quantization = input.Quantization };
        var twin = new Node(node.Opcode, node.Name, [input, .. node.Inputs.Skip(1)], output);
        node.Parameters.CopyTo(twin.Parameters, 0);
        quantizer.Target.Nodes.Add(twin);
        quantizer.Set(node.Output, precision, output);
        return twin;
    }
}
