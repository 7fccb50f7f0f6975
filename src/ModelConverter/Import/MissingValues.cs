using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Trees;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import;

/// <summary>Whether a model defines what a missing value, NaN, means.</summary>
internal static class MissingValues
{
    /// <summary>Whether a tree has a branch for missing values, or an Imputer asks for NaN.</summary>
    internal static bool AreDefined(Graph graph) => graph.Nodes.Exists(node => node.Opcode switch
    {
        Opcode.TreeEnsemble => Forest.Of(node).HasMissingBranch,
        Opcode.Unary => node.Parameters[0] == (int)UnaryKind.IsNaN,
        _ => false,
    });
}
