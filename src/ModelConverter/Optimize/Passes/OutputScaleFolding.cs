using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Optimize.Passes;

/// <summary>
/// Folds Add, Sub, Mul and Div by constants after a Dense or convolution without activation into its weights and bias, in
/// double. A layer's sum is rounded at the size of the mean that is subtracted after it, so that the fold loses nothing which the
/// sum had not lost already; a layer that may be exact, as one that picks or adds whole numbers, keeps a subtraction that would
/// cost more than <see cref="StandardisationFold.LargestLoss"/>.
/// </summary>
internal sealed class OutputScaleFolding : IGraphPass
{
    // Sums of numbers with so few significant bits are often exact in float32; those of trained weights never are.
    private const int ExactBits = 11;

    public string Name => "scale folding";

    public bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node layer in graph.Nodes.ToArray())
        {
            if (LayerWeights.Find(layer) is not { IsLinear: true } weights)
            {
                continue;
            }

            // All steps at once, so that weights are rounded once and not at each step.
            Value last = layer.Output;
            var nodes = new List<Node>();
            var chain = new List<AffineStep>();
            while (graph.HasOneConsumer(last, out Node node) && AffineStep.Find(node) is { } step)
            {
                chain.Add(step);
                nodes.Add(node);
                last = node.Output;
            }

            chain.Reverse();
            if (chain.Count > 0 && AffineStep.Combine(chain) is { } all && !Cancels(weights, all))
            {
                Fold(weights, all);
                if (weights.IsFinite())
                {
                    weights.Store();
                    layer.Outputs[0] = last;
                    nodes.ForEach(node => graph.Nodes.Remove(node));
                    changed = true;
                }
            }
        }

        return changed;
    }

    private static void Fold(LayerWeights weights, AffineStep step)
    {
        for (int unit = 0; unit < weights.Units; unit++)
        {
            for (int i = 0; i < weights.Depth; i++)
            {
                weights.Weights[(unit * weights.Depth) + i] *= step.Scale[unit];
            }

            weights.Bias[unit] = (weights.Bias[unit] * step.Scale[unit]) + step.Shift[unit];
        }
    }

    private static bool Cancels(LayerWeights weights, AffineStep step)
    {
        for (int unit = 0; unit < weights.Units; unit++)
        {
            if (StandardisationFold.Rounding * Math.Abs(step.Shift[unit]) > StandardisationFold.LargestLoss && IsShort(weights.Bias[unit])
                && Array.TrueForAll(weights.Weights[(unit * weights.Depth)..((unit + 1) * weights.Depth)], IsShort))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsShort(double value) => (BitConverter.SingleToInt32Bits((float)value) & ((1 << (24 - ExactBits)) - 1)) == 0;
}
