namespace EdgeInference.ModelConverter.Import.Onnx;

/// <summary>Leaves out the outputs of a graph that say nothing of a result: those that no input reaches, and those with which ML.NET repeats its columns.</summary>
internal static class OnnxOutputs
{
    private const string Suffix = ".output";
    private const string Label = "PredictedLabel" + Suffix;
    private const string Slots = "mlnet.Score.SlotNames";

    /// <summary>Leaves them out; what they alone needed is then never looked at.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="mayKeepLabel">Whether a label may stay that tells how a score without a probability is read.</param>
    /// <returns>What was left out, as a sentence, or null if nothing was; and whether such a label stayed.</returns>
    internal static (string? LeftOut, bool KeepsLabel) Filter(OnnxGraph graph, bool mayKeepLabel)
    {
        var constants = graph.Initializers.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        var inputs = graph.Inputs.Select(input => input.Name).Where(name => !constants.Contains(name)).ToHashSet(StringComparer.Ordinal);
        HashSet<string> reached = Reached(graph, inputs);
        bool isMlNet = graph.Outputs.Any(output => output.Name is Label or "Score.output" or "Probability.output");
        bool hasProbability = graph.Outputs.Any(output => output.Name == "Probability.output" && reached.Contains(output.Name));
        bool hasScore = graph.Outputs.Any(output => output.Name == "Score.output" && reached.Contains(output.Name));
        bool keepsLabel = mayKeepLabel && IsReadable(graph, Label, reached);
        List<OnnxValueInfo> kept = graph.Outputs.FindAll(output => reached.Contains(output.Name) && (!isMlNet || IsResult(output.Name)));

        // A graph without inputs is refused elsewhere, by what it is.
        if (kept.Count == 0 || kept.Count == graph.Outputs.Count)
        {
            return (null, keepsLabel);
        }

        string[] dropped = [.. graph.Outputs.Where(output => !kept.Contains(output)).Select(output => $"'{output.Name}'")];
        graph.Outputs.Clear();
        graph.Outputs.AddRange(kept);
        return ($"Left out the outputs {string.Join(", ", dropped.Take(8))}{(dropped.Length > 8 ? $" and {dropped.Length - 8} more" : "")}: they repeat inputs, depend on none, or say what '{(kept.Find(output => output.Name != Label) ?? kept[0]).Name}' says.", keepsLabel);

        // The label says how the result decides, and is left out when that is known.
        bool IsResult(string name) => name == Label ? keepsLabel : hasProbability
            ? name == "Probability.output"
            : hasScore ? name == "Score.output" : !(name.EndsWith(Suffix, StringComparison.Ordinal) && inputs.Contains(name[..^Suffix.Length]));
    }

    private static bool IsReadable(OnnxGraph graph, string name, HashSet<string> reached)
    {
        if (!reached.Contains(name) || graph.Outputs.Find(output => output.Name == name) is not { } output)
        {
            return false;
        }

        var part = new OnnxGraph();
        part.Nodes.AddRange(graph.Nodes.Select(node => node.Copy()));
        part.Outputs.Add(output);
        return OnnxOrder.Sort(part, "").TrueForAll(node => OnnxOperators.Find(node) is not null);
    }

    /// <summary>The texts of the classes as ML.NET writes them: names of the scores, which no result needs.</summary>
    /// <returns>The texts in the order of the scores; empty if there are none.</returns>
    internal static IReadOnlyList<string> ClassTexts(OnnxGraph graph) =>
        graph.Nodes.Find(node => node.OpType == "LabelEncoder" && node.Inputs is [Slots])?.Attributes.Find(attribute => attribute.Name == "keys_strings")?.Texts ?? [];

    // The names of tensors that depend on an input.
    private static HashSet<string> Reached(OnnxGraph graph, HashSet<string> inputs)
    {
        var readers = new Dictionary<string, List<OnnxNode>>(StringComparer.Ordinal);
        foreach (OnnxNode node in graph.Nodes)
        {
            // A node with a graph inside may read any tensor around it.
            bool isLoop = node.OpType is "If" or "Loop" or "Scan";
            foreach (string name in isLoop ? inputs : node.Inputs.AsEnumerable())
            {
                if (!readers.TryGetValue(name, out List<OnnxNode>? list))
                {
                    readers.Add(name, list = []);
                }

                list.Add(node);
            }
        }

        var reached = new HashSet<string>(inputs, StringComparer.Ordinal);
        var open = new Stack<string>(inputs);
        while (open.TryPop(out string? name))
        {
            foreach (OnnxNode node in readers.GetValueOrDefault(name, []))
            {
                foreach (string output in node.Outputs.Where(reached.Add))
                {
                    open.Push(output);
                }
            }
        }

        return reached;
    }
}
