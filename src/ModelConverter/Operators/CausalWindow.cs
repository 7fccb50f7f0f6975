using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>How a window of a convolution or pooling lies along one axis.</summary>
/// <param name="Span">Frames that it reads besides the one of its output.</param>
/// <param name="IsCausal">Whether there is a window for each frame, of which that frame is the last.</param>
internal readonly record struct CausalWindow(int Span, bool IsCausal)
{
    /// <summary>The window of a node along axis 1 or 2.</summary>
    internal static CausalWindow Of(Node node, int axis, int kernel, int stride, int dilation, int pad)
    {
        int span = (kernel - 1) * dilation;
        return new CausalWindow(span, stride == 1 && pad == span && node.Output.Shape[axis] == node.Input(0).Shape[axis]);
    }
}
