using EdgeInference.ModelConverter.Graphs;
using ModelFormat;
using ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Streaming;

/// <summary>How a window of a convolution or pooling lies along one axis.</summary>
/// <param name="Span">Frames that it reads besides the one of its output.</param>
/// <param name="IsCausal">Whether there is a window for each frame, of which that frame is the last.</param>
internal readonly record struct CausalWindow(int Span, bool IsCausal)
{
    /// <summary>The window of a Conv or pooling node along axis 1 or 2.</summary>
    internal static CausalWindow Of(Node node, int axis)
    {
        bool conv = node.Opcode == Opcode.Conv;
        int kernel = conv ? node.Input(1).Shape[axis] : node.Parameters[PoolRule.Kernel + axis - 1];
        int stride = node.Parameters[(conv ? ConvRule.Stride : PoolRule.Stride) + axis - 1];
        int dilation = node.Parameters[(conv ? ConvRule.Dilation : PoolRule.Dilation) + axis - 1];
        int pad = node.Parameters[(conv ? ConvRule.Pad : PoolRule.Pad) + axis - 1];
        int span = (kernel - 1) * dilation;
        return new CausalWindow(span, stride == 1 && pad == span && node.Output.Shape[axis] == node.Input(0).Shape[axis]);
    }
}
