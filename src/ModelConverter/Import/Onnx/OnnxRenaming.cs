namespace EdgeInference.ModelConverter.Import.Onnx;

/// <summary>Copies nodes under other names, where a body stands in several places.</summary>
/// <param name="prefix">What the titles of nodes begin with.</param>
/// <param name="rename">The name of a tensor in the copy.</param>
internal sealed class OnnxRenaming(string prefix, Func<string, string> rename)
{
    /// <summary>A node with its branches.</summary>
    /// <param name="node">The node.</param>
    /// <param name="resolve">What stands for an attribute of it, null for none; or null if each stands for itself.</param>
    internal OnnxNode Copy(OnnxNode node, Func<OnnxAttribute, OnnxAttribute?>? resolve = null)
    {
        var copy = new OnnxNode { Name = prefix + node.Title, OpType = node.OpType, Domain = node.Domain, Overload = node.Overload };
        copy.Inputs.AddRange(node.Inputs.Select(Rename));
        copy.Outputs.AddRange(node.Outputs.Select(Rename));
        foreach (OnnxAttribute own in node.Attributes)
        {
            if ((resolve is null ? own : resolve(own)) is { } attribute)
            {
                // What comes from a call has the names around it already; a branch of the body has the body's.
                bool inner = attribute.Graph is not null && attribute == own;
                copy.Attributes.Add(inner ? new OnnxAttribute { Name = attribute.Name, Kind = attribute.Kind, Graph = Copy(attribute.Graph!, resolve) } : attribute);
            }
        }

        return copy;
    }

    /// <summary>A graph inside a node.</summary>
    internal OnnxGraph Copy(OnnxGraph graph, Func<OnnxAttribute, OnnxAttribute?>? resolve = null)
    {
        var copy = new OnnxGraph { Name = graph.Name };
        copy.Nodes.AddRange(graph.Nodes.Select(node => Copy(node, resolve)));
        copy.Initializers.AddRange(graph.Initializers.Select(tensor => tensor.Renamed(Rename(tensor.Name))));
        copy.Inputs.AddRange(graph.Inputs.Select(Copy));
        copy.Outputs.AddRange(graph.Outputs.Select(Copy));
        return copy;
    }

    private OnnxValueInfo Copy(OnnxValueInfo value) => new() { Name = Rename(value.Name), Type = value.Type, IsTensor = value.IsTensor, Shape = value.Shape };

    private string Rename(string name) => name.Length == 0 ? name : rename(name);
}
