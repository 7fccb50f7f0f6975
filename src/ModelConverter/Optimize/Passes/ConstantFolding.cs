using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Optimize.Passes;

/// <summary>Computes nodes whose inputs are all constants.</summary>
internal sealed class ConstantFolding : IGraphPass
{
    public string Name => "constant folding";

    public bool Run(Graph graph) => graph.Nodes.RemoveAll(node => NodeEvaluator.TryEvaluate(node, graph.Folding)) > 0;
}
