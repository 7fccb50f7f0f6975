using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Quantize.Operators;

/// <summary>Concat: all parts have the output's scale. Where a part has its own scale after all, a table brings it to the output's.</summary>
internal static class ConcatQuantizer
{
    private static readonly UnaryFunction identity = new(x => x, x => x);

    internal static bool TryConvert(Quantizer quantizer, Node node, Precision precision)
    {
        if (node.Inputs.Exists(input => input!.IsConstant))
        {
            return false;
        }

        Quantization quantization = quantizer.QuantizationOf(node.Output, precision);
        Value[] parts = [.. node.Inputs.Select(input => Rescaled(quantizer, quantizer.Convert(input!, precision), quantization))];
        var output = new Value(node.Output.Name, parts[0].Type, node.Output.Shape) { Quantization = quantization };
        quantizer.Target.Nodes.Add(new Node(Opcode.Concat, node.Name, parts, output).With(ConcatRule.Axis, node.Parameters[ConcatRule.Axis]));
        quantizer.Set(node.Output, precision, output);
        return true;
    }

    private static Value Rescaled(Quantizer quantizer, Value part, Quantization target)
    {
        Quantization own = part.Quantization!;
        if (own.Scale == target.Scale && own.ZeroPoint == target.ZeroPoint)
        {
            return part;
        }

        string name = part.Name + ".rescaled";
        Value table;
        if (part.Type == TensorType.Int8)
        {
            table = Value.Constant(name + ".table", TableBuilder.Int8(identity, own.Scale, own.ZeroPoint, target.Scale, target.ZeroPoint), 256);
        }
        else
        {
            int[] segments = Int16TableBuilder.Build(identity, own.Scale, target.Scale).Segments;
            table = Value.Constant(name + ".table", segments, segments.Length);
        }

        var result = new Value(name, part.Type, part.Shape) { Quantization = target };
        quantizer.Target.Nodes.Add(new Node(Opcode.Table, name, [part, table], result));
        return result;
    }
}
