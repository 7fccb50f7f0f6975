namespace EdgeInference.ModelConverter.Import.Onnx;

/// <summary>Makes tensors of a graph its inputs and outputs, by name; what they do not need is then never looked at.</summary>
internal static class OnnxSelection
{
    /// <summary>Makes tensors the outputs.</summary>
    /// <exception cref="InputException">There is no such tensor, or one is named twice.</exception>
    internal static void Outputs(OnnxGraph graph, IReadOnlyList<string> names)
    {
        CheckOnce(names, "--outputs");
        HashSet<string> known = [.. graph.Nodes.SelectMany(node => node.Outputs).Where(name => name.Length > 0), .. graph.Outputs.Select(output => output.Name)];
        OnnxValueInfo[] chosen = [.. names.Select(name => known.Contains(name)
            ? graph.Outputs.Find(output => output.Name == name) ?? new OnnxValueInfo { Name = name }
            : throw new InputException($"The model has no tensor '{name}' to use as an output{Meant(name, known)}; its outputs are {Quoted(graph.Outputs.Select(output => output.Name))}."))];
        graph.Outputs.Clear();
        graph.Outputs.AddRange(chosen);
    }

    /// <summary>Makes tensors the inputs, in the order given. A tensor within the graph is cut off from what computes it.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="names">Names of inputs, or of tensors within the graph.</param>
    /// <param name="describe">Finds type and shape of a tensor within the graph that the file does not describe.</param>
    /// <exception cref="InputException">There is no such tensor, one is named twice, or an output does not need it.</exception>
    internal static void Inputs(OnnxGraph graph, IReadOnlyList<string> names, Func<string, OnnxValueInfo> describe)
    {
        CheckOnce(names, "--inputs");
        HashSet<string> inner = [.. graph.Nodes.SelectMany(node => node.Outputs).Where(name => name.Length > 0)];
        OnnxValueInfo[] chosen = [.. names.Select(name => graph.Inputs.Find(input => input.Name == name)
            ?? (inner.Contains(name)
                ? graph.Described.Find(info => info.Name == name && info.Shape is not null) ?? describe(name)
                : throw new InputException($"The model has no tensor '{name}' to use as an input{Meant(name, [.. inner, .. graph.Inputs.Select(input => input.Name)])}; its inputs are {Quoted(graph.Inputs.Select(input => input.Name))}.")))];
        graph.Inputs.Clear();
        graph.Inputs.AddRange(chosen);
        graph.Initializers.RemoveAll(tensor => names.Contains(tensor.Name));
        foreach (OnnxNode node in graph.Nodes)
        {
            for (int i = 0; i < node.Outputs.Count; i++)
            {
                node.Outputs[i] = names.Contains(node.Outputs[i]) ? "" : node.Outputs[i];
            }
        }
    }

    /// <summary>Every input that is read must be one of those that were named, and every one named be read.</summary>
    /// <param name="inputs">The names of the inputs of the file.</param>
    /// <param name="graph">The graph after <see cref="Inputs"/>.</param>
    /// <param name="nodes">Its nodes in the order of execution.</param>
    /// <exception cref="InputException">One is not.</exception>
    internal static void CheckInputs(IReadOnlyList<string> inputs, OnnxGraph graph, IReadOnlyList<OnnxNode> nodes)
    {
        HashSet<string> constants = [.. graph.Initializers.Select(tensor => tensor.Name)];
        HashSet<string> named = [.. graph.Inputs.Select(input => input.Name)];
        foreach (OnnxNode node in nodes)
        {
            if (OnnxOrder.Reads(node).FirstOrDefault(name => inputs.Contains(name) && !named.Contains(name) && !constants.Contains(name)) is { } missing)
            {
                throw new InputException($"--inputs omits '{missing}', which the node '{node.Title}' ({node.OpType}) needs for {Quoted(graph.Outputs.Select(output => output.Name))}; add it, or an inner tensor behind it.");
            }
        }

        HashSet<string> read = [.. nodes.SelectMany(OnnxOrder.Reads), .. graph.Outputs.Select(output => output.Name)];
        if (graph.Inputs.Find(input => !read.Contains(input.Name)) is { } unread)
        {
            throw new InputException($"--inputs names '{unread.Name}', which {Quoted(graph.Outputs.Select(output => output.Name))} does not need; omit it.");
        }
    }

    private static void CheckOnce(IReadOnlyList<string> names, string option)
    {
        if (names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InputException($"{option} names '{twice.Key}' twice; name each tensor once.");
        }
    }

    private static string Meant(string name, IEnumerable<string> known) => Suggestion.Nearest(name, known) is { Length: > 0 } nearest ? $"; did you mean '{nearest}'" : "";

    private static string Quoted(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));
}
