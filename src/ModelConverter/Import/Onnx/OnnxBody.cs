using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Import.Onnx;

/// <summary>The nodes of the standard that a quantized operator stands for, under construction. Names inside begin with that of its output.</summary>
/// <param name="call">The operator.</param>
internal sealed class OnnxBody(OnnxNodeContext call)
{
    private readonly List<OnnxNode> nodes = [];

    /// <summary>Appends a node with one output.</summary>
    internal OnnxNode Node(string opType, params ReadOnlySpan<string> inputs)
    {
        var node = new OnnxNode { Name = $"{call.Node.Title}/{nodes.Count}", OpType = opType };
        node.Inputs.AddRange(inputs);
        node.Outputs.Add($"{call.Node.Outputs.Find(output => output.Length > 0)}/{nodes.Count}");
        nodes.Add(node);
        return node;
    }

    /// <summary>The real numbers of an input of the operator, with the positions of its scale and zero point.</summary>
    internal string Dequantized(int tensor, int scale, int zeroPoint, int axis = 1) => Dequantized(Name(tensor), Name(scale), Name(zeroPoint), axis);

    /// <summary>The real numbers of a tensor.</summary>
    internal string Dequantized(string tensor, string scale, string zeroPoint, int axis)
    {
        OnnxNode node = Node("DequantizeLinear", zeroPoint.Length > 0 ? [tensor, scale, zeroPoint] : [tensor, scale]);
        node.Attributes.Add(new OnnxAttribute { Name = "axis", Kind = OnnxAttributeKind.Int, Int = axis });
        return node.Outputs[0];
    }

    /// <summary>A constant of one number.</summary>
    internal string Constant(float value)
    {
        string name = $"{call.Node.Outputs[0]}/{value:R}";
        call.Scope.Define(name, new OnnxOperand(Value.Constant(name, [value]), OnnxElementType.Float32));
        return name;
    }

    /// <summary>A constant list of integers.</summary>
    internal string Constant(params int[] values)
    {
        string name = $"{call.Node.Outputs.Find(output => output.Length > 0)}/{nodes.Count}/list";
        call.Scope.Define(name, new OnnxOperand(Value.Constant(name, Array.ConvertAll(values, value => (float)value), values.Length), OnnxElementType.Int64));
        return name;
    }

    /// <summary>A tensor with its axes in another order.</summary>
    internal string Transposed(string tensor, params ReadOnlySpan<long> permutation)
    {
        OnnxNode node = Node("Transpose", tensor);
        var order = new OnnxAttribute { Name = "perm", Kind = OnnxAttributeKind.Ints };
        order.Ints.AddRange(permutation);
        node.Attributes.Add(order);
        return node.Outputs[0];
    }

    /// <summary>Channels from axis 1 to the end, or back.</summary>
    internal string Moved(string tensor, bool last)
    {
        int rank = call.Input(0).Shape.Length;
        return Transposed(tensor, last
            ? [0, .. Enumerable.Range(2, rank - 2).Select(axis => (long)axis), 1]
            : [0, rank - 1, .. Enumerable.Range(1, rank - 2).Select(axis => (long)axis)]);
    }

    /// <summary>Gives a node the operator's attributes but some.</summary>
    internal void CopyAttributes(OnnxNode node, params ReadOnlySpan<string> dropped)
    {
        foreach (OnnxAttribute attribute in call.Node.Attributes)
        {
            call.Ignore(attribute.Name);
            if (!dropped.Contains(attribute.Name))
            {
                node.Attributes.Add(attribute);
            }
        }
    }

    /// <summary>Makes a real tensor the operator's output: at the scale and zero point of two inputs, or as it is where there is no scale.</summary>
    internal void Quantize(string real, int scale, int zeroPoint)
    {
        OnnxNode node = !call.Has(scale) ? Node("Identity", real)
            : call.Has(zeroPoint) ? Node("QuantizeLinear", real, Name(scale), Name(zeroPoint)) : Node("QuantizeLinear", real, Name(scale));
        node.Outputs[0] = call.Node.Outputs[0];
    }

    /// <summary>Converts all nodes.</summary>
    internal void Convert() => OnnxImporter.Convert(nodes, call.Scope);

    private string Name(int position) => call.Has(position) ? call.Node.Inputs[position] : "";
}
