using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Tflite;

/// <summary>A window's movement over an image, by TensorFlow's padding rules.</summary>
internal sealed record Window(int StrideHeight, int StrideWidth, int DilationHeight, int DilationWidth)
{
    /// <summary>
    /// Sets stride, dilation and padding of a convolution. SAME gives ⌈size / stride⌉ places and puts the odd row of padding
    /// below or to the right; VALID pads nothing.
    /// </summary>
    internal Node SetConv(Node node, Value input, Value output, int kernelHeight, int kernelWidth, bool same)
    {
        (int top, _) = Padding(input.Shape[1], output.Shape[1], kernelHeight, StrideHeight, DilationHeight, same);
        (int left, _) = Padding(input.Shape[2], output.Shape[2], kernelWidth, StrideWidth, DilationWidth, same);
        return node
            .With(ConvRule.Stride, StrideHeight).With(ConvRule.Stride + 1, StrideWidth)
            .With(ConvRule.Dilation, DilationHeight).With(ConvRule.Dilation + 1, DilationWidth)
            .With(ConvRule.Pad, top).With(ConvRule.Pad + 1, left);
    }

    /// <summary>The same for a pool.</summary>
    internal Node SetPool(Node node, Value input, Value output, int kernelHeight, int kernelWidth, bool same)
    {
        (int top, int bottom) = Padding(input.Shape[1], output.Shape[1], kernelHeight, StrideHeight, DilationHeight, same);
        (int left, int right) = Padding(input.Shape[2], output.Shape[2], kernelWidth, StrideWidth, DilationWidth, same);
        return node
            .With(PoolRule.Kernel, kernelHeight).With(PoolRule.Kernel + 1, kernelWidth)
            .With(PoolRule.Stride, StrideHeight).With(PoolRule.Stride + 1, StrideWidth)
            .With(PoolRule.Dilation, DilationHeight).With(PoolRule.Dilation + 1, DilationWidth)
            .With(PoolRule.Pad, top).With(PoolRule.Pad + 1, left)
            .With(PoolRule.PadEnd, bottom).With(PoolRule.PadEnd + 1, right);
    }

    /// <summary>The rows before and after an image of a size (or columns) that its windows at so many places reach.</summary>
    internal static (int Before, int After) Padding(int size, int places, int kernel, int stride, int dilation, bool same)
    {
        if (!same)
        {
            return (0, 0);
        }

        long total = ((places - 1L) * stride) + ((kernel - 1L) * dilation) + 1 - size;
        int padding = (int)Math.Clamp(total, 0, int.MaxValue);
        return (padding / 2, padding - (padding / 2));
    }
}
