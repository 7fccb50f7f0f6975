using EdgeInference.ModelConverter.Features;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Trees;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import;

/// <summary>Whether a model defines what a missing value, NaN, means.</summary>
internal static class MissingValues
{
    /// <summary>Whether a tree has a branch for missing values, an Imputer asks for NaN, or an input says where one is.</summary>
    internal static bool AreDefined(Graph graph) => graph.Nodes.Exists(node => node.Opcode switch
    {
        Opcode.TreeEnsemble => Forest.Of(node).HasMissingBranch,
        Opcode.FeatureTransform => FeatureTransformPlan.Of(node).Columns.Any(column => column.Kind == FeatureKind.Missing),
        Opcode.Unary => node.Parameters[0] == (int)UnaryKind.IsNaN,
        _ => false,
    });
}
