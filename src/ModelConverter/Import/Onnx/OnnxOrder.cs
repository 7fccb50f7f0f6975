namespace EdgeInference.ModelConverter.Import.Onnx;

/// <summary>Puts nodes into an order of execution and leaves out those that no output needs.</summary>
internal static class OnnxOrder
{
    /// <summary>The nodes that the outputs depend on, each after those it reads from.</summary>
    /// <exception cref="InputException">Nodes form a cycle, or two produce one tensor.</exception>
    internal static List<OnnxNode> Sort(OnnxGraph graph, string path)
    {
        if (graph.Outputs.Count == 0)
        {
            throw new InputException($"'{path}' has no output; export the model again.");
        }

        var producers = new Dictionary<string, OnnxNode>(StringComparer.Ordinal);
        foreach (OnnxNode node in graph.Nodes)
        {
            foreach (string output in node.Outputs.Where(output => output.Length > 0))
            {
                if (!producers.TryAdd(output, node))
                {
                    throw new InputException($"'{path}': the tensor '{output}' is produced twice, by '{producers[output].Title}' and '{node.Title}'; export the model again.");
                }
            }
        }

        var sorted = new List<OnnxNode>();
        var state = new Dictionary<OnnxNode, bool>(ReferenceEqualityComparer.Instance as IEqualityComparer<OnnxNode>);
        var stack = new Stack<(OnnxNode Node, int Next)>();
        foreach (OnnxValueInfo output in graph.Outputs)
        {
            if (!producers.TryGetValue(output.Name, out OnnxNode? root) || state.ContainsKey(root))
            {
                continue;
            }

            // Depth first with its own stack: a hostile chain of a million nodes must not overflow the thread's.
            state[root] = false;
            stack.Push((root, 0));
            while (stack.Count > 0)
            {
                (OnnxNode node, int next) = stack.Pop();
                IReadOnlyList<string> reads = Reads(node);
                if (next == reads.Count)
                {
                    state[node] = true;
                    sorted.Add(node);
                    continue;
                }

                stack.Push((node, next + 1));
                if (!producers.TryGetValue(reads[next], out OnnxNode? producer))
                {
                    continue;
                }

                if (!state.TryGetValue(producer, out bool done))
                {
                    state[producer] = false;
                    stack.Push((producer, 0));
                }
                else if (!done)
                {
                    throw new InputException($"'{path}': the nodes form a cycle through '{producer.Title}' ({producer.OpType}); export the model again.");
                }
            }
        }

        ForgetUnread(sorted, graph);
        return sorted;
    }

    // An optional output that nobody reads need not be computed.
    private static void ForgetUnread(List<OnnxNode> nodes, OnnxGraph graph)
    {
        HashSet<string> read = [.. nodes.SelectMany(Reads), .. graph.Outputs.Select(output => output.Name)];
        foreach (OnnxNode node in nodes)
        {
            for (int i = 0; i < node.Outputs.Count; i++)
            {
                node.Outputs[i] = read.Contains(node.Outputs[i]) ? node.Outputs[i] : "";
            }
        }
    }

    /// <summary>The tensors that a node reads; a branch of If or a body of Loop reads those of the graph around it.</summary>
    internal static IReadOnlyList<string> Reads(OnnxNode node)
    {
        if (!node.Attributes.Exists(attribute => attribute.Graph is not null))
        {
            return node.Inputs;
        }

        var reads = new List<string>(node.Inputs);
        foreach (OnnxAttribute attribute in node.Attributes)
        {
            if (attribute.Graph is { } graph)
            {
                reads.AddRange(graph.Nodes.SelectMany(Reads));
                reads.AddRange(graph.Outputs.Select(output => output.Name));
            }
        }

        return reads;
    }
}
