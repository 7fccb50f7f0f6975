namespace EdgeInference.ModelConverter.Graphs;

/// <summary>The nodes that write and read each value of a graph.</summary>
internal sealed class ValueUses
{
    private readonly Dictionary<Value, HashSet<Node>> writers = [];
    private readonly Dictionary<Value, Dictionary<Node, int>> readers = [];

    /// <summary>Those of some nodes.</summary>
    internal ValueUses(IEnumerable<Node> nodes)
    {
        foreach (Node node in nodes)
        {
            Add(node);
        }
    }

    /// <summary>The nodes that write a value: one, but for the moment in which a pass puts another in its place.</summary>
    internal IReadOnlyCollection<Node> Writers(Value value) => writers.TryGetValue(value, out HashSet<Node>? nodes) ? nodes : [];

    /// <summary>The nodes that read a value, in no order, and by how many inputs each.</summary>
    internal IReadOnlyDictionary<Node, int> Readers(Value value) => readers.TryGetValue(value, out Dictionary<Node, int>? nodes) ? nodes : new Dictionary<Node, int>();

    internal void Add(Node node)
    {
        foreach (Value output in node.Outputs)
        {
            Move(node, null, output, reads: false);
        }

        foreach (Value? input in node.Inputs)
        {
            Move(node, null, input, reads: true);
        }
    }

    internal void Remove(Node node)
    {
        foreach (Value output in node.Outputs)
        {
            Move(node, output, null, reads: false);
        }

        foreach (Value? input in node.Inputs)
        {
            Move(node, input, null, reads: true);
        }
    }

    internal void Move(Node node, Value? old, Value? now, bool reads)
    {
        if (old is not null)
        {
            Forget(node, old, reads);
        }

        if (now is not null)
        {
            Note(node, now, reads);
        }
    }

    private void Note(Node node, Value value, bool reads)
    {
        if (!reads)
        {
            if (!writers.TryGetValue(value, out HashSet<Node>? nodes))
            {
                writers[value] = nodes = new HashSet<Node>(1);
            }

            nodes.Add(node);
            return;
        }

        if (!readers.TryGetValue(value, out Dictionary<Node, int>? counts))
        {
            readers[value] = counts = new Dictionary<Node, int>(1);
        }

        counts[node] = counts.GetValueOrDefault(node) + 1;
    }

    private void Forget(Node node, Value value, bool reads)
    {
        if (!reads)
        {
            if (writers.TryGetValue(value, out HashSet<Node>? nodes) && nodes.Remove(node) && nodes.Count == 0)
            {
                writers.Remove(value);
            }

            return;
        }

        if (readers.TryGetValue(value, out Dictionary<Node, int>? counts) && counts.TryGetValue(node, out int count))
        {
            if (count > 1)
            {
                counts[node] = count - 1;
            }
            else if (counts.Remove(node) && counts.Count == 0)
            {
                readers.Remove(value);
            }
        }
    }
}
