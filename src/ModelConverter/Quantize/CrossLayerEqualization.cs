using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Quantize;

/// <summary>
/// Evens out the channels between two Dense layers: channel i of the first is divided by sᵢ and the second's weights for it
/// are multiplied by sᵢ, which changes nothing in real numbers where the activation between them is positively homogeneous,
/// f(sx) = s·f(x). sᵢ = √(r₁ᵢ / r₂ᵢ), r₁ᵢ being the largest weight that makes channel i and r₂ᵢ the largest that reads it
/// (Nagel et al., "Data-Free Quantization Through Weight Equalization and Bias Correction", 2019, equation 11).
/// </summary>
internal static class CrossLayerEqualization
{
    // Keeps a nearly dead channel from being blown up.
    private const double MaxFactor = 1e3;

    /// <summary>Equalizes a graph whose activations stand on their own, in place.</summary>
    /// <returns>Number of pairs of layers that were equalized.</returns>
    public static int Apply(Graph graph)
    {
        int pairs = 0;
        foreach (Node first in graph.Nodes.Where(node => node.Opcode == Opcode.Dense))
        {
            if (Follower(graph, first) is { } second)
            {
                Equalize(first, second);
                pairs++;
            }
        }

        return pairs;
    }

    // The Dense layer that alone reads this one, directly or through activations that scale.
    private static Node? Follower(Graph graph, Node layer)
    {
        Value value = layer.Output;
        while (graph.HasOneConsumer(value, out Node next))
        {
            if (next.Opcode == Opcode.Dense)
            {
                bool own = next.Input(0) == value && next.Input(1).IsConstant && OnlyReader(graph, next.Input(1)) && OnlyReader(graph, layer.Input(1));
                return own && layer.Input(1).IsConstant && layer.InputOrNull(2) is null or { IsConstant: true } ? next : null;
            }

            if (next.Opcode != Opcode.Activation || !Scales(next))
            {
                return null;
            }

            value = next.Output;
        }

        return null;
    }

    private static bool OnlyReader(Graph graph, Value weights) => graph.Consumers(weights).Count == 1;

    private static bool Scales(Node node) =>
        (ActivationKind)node.Parameters[ActivationRule.Kind] is ActivationKind.Linear or ActivationKind.ReLU or ActivationKind.LeakyReLU or ActivationKind.PReLU;

    private static void Equalize(Node first, Node second)
    {
        int channels = first.Input(1).Shape[0];
        float[] made = [.. first.Input(1).Floats];
        float[] read = [.. second.Input(1).Floats];
        float[]? bias = first.InputOrNull(2) is { } value ? [.. value.Floats] : null;
        int depth = made.Length / channels;
        int units = read.Length / channels;
        for (int channel = 0; channel < channels; channel++)
        {
            double makes = made.AsSpan(channel * depth, depth).ToArray().Max(Math.Abs);
            double reads = Enumerable.Range(0, units).Max(unit => Math.Abs(read[(unit * channels) + channel]));
            double factor = makes > 0 && reads > 0 ? Math.Clamp(Math.Sqrt(makes / reads), 1 / MaxFactor, MaxFactor) : 1;
            for (int i = 0; i < depth; i++)
            {
                made[(channel * depth) + i] = (float)(made[(channel * depth) + i] / factor);
            }

            for (int unit = 0; unit < units; unit++)
            {
                read[(unit * channels) + channel] = (float)(read[(unit * channels) + channel] * factor);
            }

            if (bias is not null)
            {
                bias[channel] = (float)(bias[channel] / factor);
            }
        }

        first.Inputs[1] = Value.Constant(first.Input(1).Name, made, first.Input(1).Shape);
        second.Inputs[1] = Value.Constant(second.Input(1).Name, read, second.Input(1).Shape);
        if (bias is not null)
        {
            first.Inputs[2] = Value.Constant(first.Input(2).Name, bias, first.Input(2).Shape);
        }
    }
}
