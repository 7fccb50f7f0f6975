using ModelExporter.Graphs;

namespace ModelExporter.Optimize.Passes;

/// <summary>
/// Folds standardisation, Add, Sub, Mul and Div by constants before a Dense or convolution, into its weights and bias:
/// W·(s·x + t) + b = (W·diag s)·x + (W·t + b). Computed in double, rounded once.
/// </summary>
internal sealed class InputScaleFolding : IGraphPass
{
    public string Name => "standardisation folding";

    public bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node layer in graph.Nodes.ToArray())
        {
            if (LayerWeights.Find(layer) is not { } weights)
            {
                continue;
            }

            // All steps at once, so that weights are rounded once and not at each step.
            Value source = layer.Input(0);
            bool folded = false;
            while (graph.Producer(source) is { } node && graph.HasOneConsumer(source, out _) && AffineStep.Find(node) is { } step && Fits(weights, step))
            {
                Fold(weights, step);
                source = step.Input;
                folded = true;
            }

            if (folded && weights.IsFinite())
            {
                layer.Inputs[0] = source;
                weights.Store();
                changed = true;
            }
        }

        return changed;
    }

    private static bool Fits(LayerWeights weights, AffineStep step) => weights.TakesShift || Array.TrueForAll(step.Shift, value => value == 0);

    private static void Fold(LayerWeights weights, AffineStep step)
    {
        for (int unit = 0; unit < weights.Units; unit++)
        {
            for (int i = 0; i < weights.Depth; i++)
            {
                int channel = weights.Channel(unit, i);
                ref double weight = ref weights.Weights[(unit * weights.Depth) + i];
                weights.Bias[unit] += weight * step.Shift[channel];
                weight *= step.Scale[channel];
            }
        }
    }
}
