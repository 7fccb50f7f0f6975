using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Optimize.Passes;

/// <summary>Constants that hold one number, or one for each channel of the last axis.</summary>
internal static class ChannelConstants
{
    /// <summary>The numbers of a constant, one for each channel, or null if it varies over another axis.</summary>
    internal static double[]? Find(Value value, int channels)
    {
        if (value.Data is not float[] data || (data.Length != 1 && (data.Length != channels || value.LastDimension != channels)))
        {
            return null;
        }

        var result = new double[channels];
        for (int i = 0; i < channels; i++)
        {
            result[i] = data[data.Length == 1 ? 0 : i];
        }

        return result;
    }

    /// <summary>Whether broadcasting the constant against the other value leaves that one's shape as it is.</summary>
    internal static bool KeepsShape(Node node, int variable) => node.Output.Shape.AsSpan().SequenceEqual(node.Input(variable).Shape);
}
