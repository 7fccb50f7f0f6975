using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Optimize.Passes;

/// <summary>An Add, Sub, Mul or Div by constants seen as y = Scale·x + Shift for each channel of the last axis.</summary>
internal sealed record AffineStep(Value Input, double[] Scale, double[] Shift)
{
    /// <summary>Whether a node is an Add, Sub, Mul or Div of a tensor and a float32 constant that keeps the tensor's shape.</summary>
    internal static bool IsByConstant(Node node)
    {
        if (node.Opcode is not (Opcode.Add or Opcode.Sub or Opcode.Mul or Opcode.Div))
        {
            return false;
        }

        int variable = node.Input(0).IsConstant ? 1 : 0;
        return !node.Input(variable).IsConstant && node.Input(1 - variable).Data is float[] && ChannelConstants.KeepsShape(node, variable);
    }

    /// <summary>The step that a node is, or null.</summary>
    internal static AffineStep? Find(Node node)
    {
        if (!IsByConstant(node))
        {
            return null;
        }

        int variable = node.Input(0).IsConstant ? 1 : 0;
        Value x = node.Input(variable);
        if (ChannelConstants.Find(node.Input(1 - variable), x.LastDimension) is not { } c)
        {
            return null;
        }

        double[] ones = Array.ConvertAll(c, _ => 1.0);
        double[] zeros = new double[c.Length];
        return (node.Opcode, variable) switch
        {
            (Opcode.Add, _) => new AffineStep(x, ones, c),
            (Opcode.Sub, 0) => new AffineStep(x, ones, Array.ConvertAll(c, value => -value)),
            (Opcode.Sub, 1) => new AffineStep(x, Array.ConvertAll(c, _ => -1.0), c),
            (Opcode.Mul, _) => new AffineStep(x, c, zeros),
            (Opcode.Div, 0) when !c.Contains(0) => new AffineStep(x, Array.ConvertAll(c, value => 1 / value), zeros),
            _ => null,
        };
    }

    /// <summary>What several steps one after the other come to.</summary>
    /// <param name="steps">The last of them first.</param>
    internal static AffineStep Combine(IReadOnlyList<AffineStep> steps)
    {
        AffineStep result = steps[0];
        foreach (AffineStep earlier in steps.Skip(1))
        {
            double[] shift = [.. result.Shift.Select((t, i) => (result.Scale[i] * earlier.Shift[i]) + t)];
            double[] scale = [.. result.Scale.Select((s, i) => s * earlier.Scale[i])];
            result = new AffineStep(earlier.Input, scale, shift);
        }

        return result;
    }
}
