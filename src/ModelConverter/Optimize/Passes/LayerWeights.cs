using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Optimize.Passes;

/// <summary>Weights and bias of a float32 Dense or convolution in double precision, while passes fold other nodes into it.</summary>
internal sealed class LayerWeights
{
    private readonly Node node;

    private LayerWeights(Node node)
    {
        this.node = node;
        Weights = Array.ConvertAll(node.Input(1).Floats, value => (double)value);
        Bias = HasBias ? Array.ConvertAll(node.Input(2).Floats, value => (double)value) : new double[Units];
    }

    /// <summary>Number of outputs of a position.</summary>
    internal int Units => node.Input(1).Shape[0];

    /// <summary>Number of weights of an output.</summary>
    internal int Depth => Weights.Length / Units;

    /// <summary>[Units, Depth], row-major.</summary>
    internal double[] Weights { get; }

    internal double[] Bias { get; }

    internal bool HasBias => node.InputOrNull(2) is not null;

    /// <summary>Whether the node applies no activation yet.</summary>
    internal bool IsLinear => node.Parameters[DenseRule.Activation] == (int)ActivationKind.Linear;

    /// <summary>Whether a number added to an input channel is one added to the output: not where windows reach into padding.</summary>
    internal bool TakesShift => node.Opcode == Opcode.Dense || (node.Opcode == Opcode.Conv && !Reaches(0) && !Reaches(1));

    /// <summary>The weights of a float32 layer, or null for another node.</summary>
    internal static LayerWeights? Find(Node? node) =>
        node is not null && OperatorDefinitions.Of(node.Opcode).IsLayer && node.Input(1).Data is float[] && (node.InputOrNull(2) is null or { Data: float[] })
            ? new LayerWeights(node)
            : null;

    /// <summary>The input channel that a weight multiplies.</summary>
    internal int Channel(int unit, int weight)
    {
        if (node.Opcode == Opcode.Dense)
        {
            return weight;
        }

        int perGroup = node.Input(1).Shape[3];
        int group = unit / (Units / node.Parameters[ConvRule.Groups]);
        return (group * perGroup) + (weight % perGroup);
    }

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

    private bool Reaches(int axis)
    {
        int last = ((node.Output.Shape[1 + axis] - 1) * node.Parameters[ConvRule.Stride + axis]) + ((node.Input(1).Shape[1 + axis] - 1) * node.Parameters[ConvRule.Dilation + axis]);
        return node.Parameters[ConvRule.Pad + axis] > 0 || last >= node.Input(0).Shape[1 + axis];
    }
}
