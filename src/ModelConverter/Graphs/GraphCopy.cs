namespace EdgeInference.ModelConverter.Graphs;

/// <summary>Copies graphs, so that a pass can change one without harm to whoever holds the other. Constants' elements are shared.</summary>
internal static class GraphCopy
{
    /// <summary>A copy with values and nodes of its own.</summary>
    /// <param name="graph">The graph to copy.</param>
    /// <param name="map">What became of each value.</param>
    public static Graph Copy(Graph graph, out Dictionary<Value, Value> map)
    {
        var values = new Dictionary<Value, Value>();
        var copy = new Graph { Metadata = graph.Metadata };
        copy.Inputs.AddRange(graph.Inputs.Select(Of));
        foreach (Node node in graph.Nodes)
        {
            var twin = new Node(node.Opcode, node.Name, node.Inputs.Select(input => input is null ? null : Of(input)), [.. node.Outputs.Select(Of)]);
            node.Parameters.CopyTo(twin.Parameters, 0);
            copy.Nodes.Add(twin);
        }

        copy.Outputs.AddRange(graph.Outputs.Select(Of));
        map = values;
        return copy;

        Value Of(Value value)
        {
            if (!values.TryGetValue(value, out Value? twin))
            {
                twin = new Value(value.Name, value.Type, [.. value.Shape]) { Data = value.Data, Quantization = value.Quantization, IsState = value.IsState };
                values.Add(value, twin);
            }

            return twin;
        }
    }

    /// <summary>A copy with values and nodes of its own.</summary>
    public static Graph Copy(Graph graph) => Copy(graph, out _);
}
