using ModelExporter.Graphs;

namespace ModelExporter.Optimize.Passes;

/// <summary>
/// Folds standardisation, Add, Sub, Mul and Div by constants before a Dense, into its weights and bias:
/// W·(s·x + t) + b = (W·diag s)·x + (W·t + b). Computed in double, rounded once.
/// </summary>
internal sealed class InputScaleFolding : IGraphPass
{
    public string Name => "standardisation folding";

    public bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node dense in graph.Nodes.ToArray())
        {
            if (DenseWeights.Find(dense) is not { } weights)
            {
                continue;
            }

            // All steps at once, so that weights are rounded once and not at each step.
            Value source = dense.Input(0);
            bool folded = false;
            while (graph.Producer(source) is { } node && graph.HasOneConsumer(source, out _) && AffineStep.Find(node) is { } step)
            {
                for (int unit = 0; unit < weights.Units; unit++)
                {
                    for (int i = 0; i < weights.Depth; i++)
                    {
                        ref double weight = ref weights.Weights[(unit * weights.Depth) + i];
                        weights.Bias[unit] += weight * step.Shift[i];
                        weight *= step.Scale[i];
                    }
                }

                source = step.Input;
                folded = true;
            }

            if (folded && weights.IsFinite())
            {
                dense.Inputs[0] = source;
                weights.Store();
                changed = true;
            }
        }

        return changed;
    }
}
