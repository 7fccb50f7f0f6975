using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Build;

/// <summary>Constants whose axes are reordered with those of the tensor that they broadcast against.</summary>
internal static class PermutedConstant
{
    /// <summary>A constant that broadcasts against a tensor of this rank, with its axes permuted.</summary>
    internal static Value Of(Value constant, int[] permutation)
    {
        int[] shape = [.. Enumerable.Repeat(1, permutation.Length - constant.Shape.Length), .. constant.Shape];
        var builder = new GraphBuilder(new Graph()) { Name = constant.Name };
        return builder.Transpose(builder.Reshape(constant, shape), permutation);
    }
}
