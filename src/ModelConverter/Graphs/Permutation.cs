using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Graphs;

/// <summary>Permutations of axes, as Transpose holds them.</summary>
internal static class Permutation
{
    internal static int[] Of(Node transpose) => transpose.Parameters[TransposeRule.Permutation..transpose.Output.Shape.Length];

    internal static int[] Inverse(int[] permutation)
    {
        var inverse = new int[permutation.Length];
        for (int i = 0; i < permutation.Length; i++)
        {
            inverse[permutation[i]] = i;
        }

        return inverse;
    }

    /// <summary>A list with an entry for each axis, in the permuted order.</summary>
    internal static int[] Apply(int[] permutation, int[] list) => Array.ConvertAll(permutation, axis => list[axis]);

    /// <summary>Whether the elements stay in their order, because only axes of one element move.</summary>
    internal static bool KeepsOrder(int[] permutation, int[] shape)
    {
        int[] moved = Array.FindAll(permutation, axis => shape[axis] != 1);
        return moved.AsSpan().SequenceEqual([.. moved.Order()]);
    }

    /// <summary>A Transpose node.</summary>
    internal static Node Node(string name, Value input, Value output, int[] permutation)
    {
        var node = new Node(Opcode.Transpose, name, [input], output);
        for (int i = 0; i < FormatLayout.MaxRank; i++)
        {
            node.With(TransposeRule.Permutation + i, i < permutation.Length ? permutation[i] : i);
        }

        return node;
    }
}
