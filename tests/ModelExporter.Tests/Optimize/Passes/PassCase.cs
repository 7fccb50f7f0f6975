using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Tool.Tests.Optimize.Passes;

/// <summary>A graph, and what one pass must leave of it.</summary>
/// <param name="Pass">The name of the pass.</param>
/// <param name="Name">What is special about the graph.</param>
/// <param name="Build">Builds it and gives its output.</param>
/// <param name="After">The nodes in their order, as <see cref="Describe"/> writes them, after this pass alone and the removal of what nobody reads.</param>
/// <param name="Tolerance">How far outputs may lie apart, in parts of the largest.</param>
internal sealed record PassCase(string Pass, string Name, Func<PassGraph, Value> Build, string After, double Tolerance = 2e-6)
{
    internal Graph Make()
    {
        var graph = new PassGraph();
        graph.Graph.Outputs.Add(Build(graph));
        return graph.Graph;
    }

    /// <summary>The operators of a graph; an activation by its function, a layer with the one that it applies.</summary>
    internal static string Describe(Graph graph) => string.Join(" ", graph.Nodes.Select(node => node.Opcode switch
    {
        Opcode.Activation => Kind(node, ActivationRule.Kind),
        Opcode.Dense or Opcode.Conv or Opcode.ConvTranspose when node.Parameters[DenseRule.Activation] != 0 => $"{node.Opcode}+{Kind(node, DenseRule.Activation)}",
        _ => node.Opcode.ToString(),
    }));

    private static string Kind(Node node, int position) => ((ActivationKind)node.Parameters[position]).ToString();

    public override string ToString() => $"{Pass}: {Name}";
}
