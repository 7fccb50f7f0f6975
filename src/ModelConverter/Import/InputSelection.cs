using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Optimize.Passes;

namespace EdgeInference.ModelConverter.Import;

/// <summary>Chooses and orders the inputs of an imported graph.</summary>
internal static class InputSelection
{
    /// <summary>Makes inputs of the graph its only ones, in the order given: that of their values in a row.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="names">Names of inputs.</param>
    /// <exception cref="InputException">There is no input of that name, one is named twice, or one that is left out is read.</exception>
    internal static void Select(Graph graph, IReadOnlyList<string> names)
    {
        string known = string.Join(", ", graph.Inputs.Select(input => $"'{input.Name}'"));
        Value[] chosen = [.. names.Select(name => graph.Inputs.Find(input => input.Name == name)
            ?? throw new InputException($"The model has no input '{name}'; its inputs are {known}. Only ONNX models can take inner tensors as inputs."))];
        if (chosen.Distinct().Count() < chosen.Length)
        {
            throw new InputException("--inputs names an input twice; name each once.");
        }

        new DeadNodeRemoval().Run(graph);
        if (graph.Inputs.Find(input => !chosen.Contains(input) && (graph.Outputs.Contains(input) || graph.Consumers(input).Count > 0)) is { } needed)
        {
            throw new InputException($"--inputs omits '{needed.Name}', which the outputs need; add it.");
        }

        if (graph.Metadata.InputNames.Count == graph.Inputs.Count)
        {
            graph.Metadata = graph.Metadata with { InputNames = [.. chosen.Select(input => graph.Metadata.InputNames[graph.Inputs.IndexOf(input)])] };
        }

        graph.Inputs.Clear();
        graph.Inputs.AddRange(chosen);
    }
}
