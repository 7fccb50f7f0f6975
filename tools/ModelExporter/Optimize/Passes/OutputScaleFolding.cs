using ModelExporter.Graphs;

namespace ModelExporter.Optimize.Passes;

/// <summary>Folds Add, Sub, Mul and Div by constants after a Dense or convolution without activation into its weights and bias, in double.</summary>
internal sealed class OutputScaleFolding : IGraphPass
{
    public string Name => "scale folding";

    public bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (AffineStep.Find(node) is not { } step || !graph.HasOneConsumer(step.Input, out _)
                || graph.Producer(step.Input) is not { } dense || LayerWeights.Find(dense) is not { IsLinear: true } weights)
            {
                continue;
            }

            for (int unit = 0; unit < weights.Units; unit++)
            {
                for (int i = 0; i < weights.Depth; i++)
                {
                    weights.Weights[(unit * weights.Depth) + i] *= step.Scale[unit];
                }

                weights.Bias[unit] = (weights.Bias[unit] * step.Scale[unit]) + step.Shift[unit];
            }

            if (weights.IsFinite())
            {
                weights.Store();
                dense.Outputs[0] = node.Output;
                graph.Nodes.Remove(node);
                changed = true;
            }
        }

        return changed;
    }
}
