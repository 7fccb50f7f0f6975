using ModelExporter.Graphs;
using ModelFormat;
using ModelFormat.Rules;

namespace ModelExporter.Optimize.Passes;

/// <summary>A Dense node's weights and bias in double precision, while passes fold other nodes into it.</summary>
internal sealed class DenseWeights
{
    private readonly Node node;

    private DenseWeights(Node node)
    {
        this.node = node;
        Weights = Array.ConvertAll(node.Input(1).Floats, value => (double)value);
        Bias = node.InputOrNull(2) is { } bias ? Array.ConvertAll(bias.Floats, value => (double)value) : new double[Units];
    }

    internal int Units => node.Input(1).Shape[0];

    internal int Depth => node.Input(1).Shape[1];

    /// <summary>[Units, Depth], row-major.</summary>
    internal double[] Weights { get; }

    internal double[] Bias { get; }

    /// <summary>The weights of a float32 Dense node, or null for another node.</summary>
    internal static DenseWeights? Find(Node? node) =>
        node is { Opcode: Opcode.Dense } && node.Input(1).Data is float[] && (node.InputOrNull(2) is null or { Data: float[] }) ? new DenseWeights(node) : null;

    /// <summary>Whether the node applies no activation yet.</summary>
    internal bool IsLinear => node.Parameters[DenseRule.Activation] == (int)ActivationKind.Linear;

    /// <summary>Writes weights and bias back as new constants, rounded once.</summary>
    internal void Store()
    {
        Value old = node.Input(1);
        node.Inputs[1] = Value.Constant(old.Name, Array.ConvertAll(Weights, value => (float)value), old.Shape);
        Value bias = Value.Constant(node.InputOrNull(2)?.Name ?? old.Name + ".bias", Array.ConvertAll(Bias, value => (float)value), Units);
        if (node.Inputs.Count > 2)
        {
            node.Inputs[2] = bias;
        }
        else
        {
            node.Inputs.Add(bias);
        }
    }

    /// <summary>Whether all numbers are finite in float32.</summary>
    internal bool IsFinite() => Array.TrueForAll(Weights, value => float.IsFinite((float)value)) && Array.TrueForAll(Bias, value => float.IsFinite((float)value));
}
