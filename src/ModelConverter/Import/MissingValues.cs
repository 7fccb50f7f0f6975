using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import;

/// <summary>Whether a model defines what a missing value, NaN, means.</summary>
internal static class MissingValues
{
    // The bit of a tree node's comparison that is set where a missing value counts as true.
    private const int MissingIsTrue = 8;

    /// <summary>Whether a tree has a branch for missing values, or an Imputer asks for NaN.</summary>
    internal static bool AreDefined(Graph graph) => graph.Nodes.Exists(node => node.Opcode switch
    {
        Opcode.TreeEnsemble => node.InputOrNull(1)?.Data is int[] nodes && Enumerable.Range(0, nodes.Length / 4).Any(i => nodes[i * 4] >= 0 && (nodes[(i * 4) + 1] & MissingIsTrue) != 0),
        Opcode.Unary => node.Parameters[0] == (int)UnaryKind.IsNaN,
        _ => false,
    });
}
