using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Optimize.Passes;

/// <summary>
/// Folds standardisation, Add, Sub, Mul and Div by constants before a Dense or convolution, into its weights and bias:
/// W·(s·x + t) + b = (W·diag s)·x + (W·t + b). Computed in double, rounded once. Where that would cancel in float32, the
/// subtraction of the mean stays: see <see cref="StandardisationFold"/>.
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
            var chain = new List<AffineStep>();
            while (graph.Producer(source) is { } node && graph.HasOneConsumer(source, out _) && AffineStep.Find(node) is { } step && Fits(weights, step))
            {
                chain.Add(step);
                source = step.Input;
            }

            if (chain.Count > 0 && TryFold(graph, layer, weights, AffineStep.Combine(chain), chain.Count))
            {
                changed = true;
            }
        }

        return changed;
    }

    private static bool Fits(LayerWeights weights, AffineStep step) => weights.TakesShift || Array.TrueForAll(step.Shift, value => value == 0);

    private static bool TryFold(Graph graph, Node layer, LayerWeights weights, AffineStep step, int nodes)
    {
        float[]? centre = StandardisationFold.Centre(weights.Weights, weights.Units, weights.Channel, step.Scale, step.Shift);
        if (centre is not null && nodes == 1 && Array.TrueForAll(step.Scale, value => value == 1))
        {
            // The subtraction that stays.
            return false;
        }

        double[] shift = centre is null ? step.Shift : [.. step.Shift.Select((t, i) => t + (step.Scale[i] * centre[i]))];
        for (int unit = 0; unit < weights.Units; unit++)
        {
            for (int i = 0; i < weights.Depth; i++)
            {
                int channel = weights.Channel(unit, i);
                ref double weight = ref weights.Weights[(unit * weights.Depth) + i];
                weights.Bias[unit] += weight * shift[channel];
                weight *= step.Scale[channel];
            }
        }

        if (!weights.IsFinite())
        {
            return false;
        }

        layer.Inputs[0] = centre is null ? step.Input : Centred(graph, layer, step.Input, centre);
        weights.Store();
        return true;
    }

    private static Value Centred(Graph graph, Node layer, Value x, float[] centre)
    {
        var centred = new Value(layer.Name + ".centred", x.Type, x.Shape);
        graph.Nodes.InsertBefore(layer, new Node(Opcode.Sub, centred.Name, [x, Value.Constant(layer.Name + ".centre", centre, centre.Length)], centred));
        return centred;
    }
}
