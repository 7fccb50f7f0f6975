using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators;

namespace EdgeInference.ModelConverter.Check;

/// <summary>How many multiply-accumulates, or comparisons, a graph takes for one row.</summary>
internal static class Work
{
    /// <summary>The work of all nodes.</summary>
    internal static double Of(Graph graph) => graph.Nodes.Sum(node => OperatorDefinitions.Of(node.Opcode).Work(node));
}
