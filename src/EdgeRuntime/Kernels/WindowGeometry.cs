using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels;

/// <summary>How a convolution's window moves over an image, channels last; the meaning of each number is <see cref="ConvRule"/>'s.</summary>
internal readonly struct WindowGeometry
{
    internal WindowGeometry(OperatorRecord record)
    {
        TensorInfo input = record.Inputs[0];
        TensorInfo weights = record.Inputs[1];
        TensorInfo output = record.Outputs[0];
        Batch = input.Dimension(0);
        Height = input.Dimension(1);
        Width = input.Dimension(2);
        Channels = input.Dimension(3);
        OutputHeight = output.Dimension(1);
        OutputWidth = output.Dimension(2);
        Units = output.Dimension(3);
        KernelHeight = weights.Dimension(1);
        KernelWidth = weights.Dimension(2);
        StrideHeight = record.Int(ConvRule.Stride);
        StrideWidth = record.Int(ConvRule.Stride + 1);
        DilationHeight = record.Int(ConvRule.Dilation);
        DilationWidth = record.Int(ConvRule.Dilation + 1);
        PadTop = record.Int(ConvRule.Pad);
        PadLeft = record.Int(ConvRule.Pad + 1);
        Groups = record.Int(ConvRule.Groups);
    }

    internal int Batch { get; }

    internal int Height { get; }

    internal int Width { get; }

    internal int Channels { get; }

    internal int OutputHeight { get; }

    internal int OutputWidth { get; }

    internal int Units { get; }

    internal int KernelHeight { get; }

    internal int KernelWidth { get; }

    internal int StrideHeight { get; }

    internal int StrideWidth { get; }

    internal int DilationHeight { get; }

    internal int DilationWidth { get; }

    internal int PadTop { get; }

    internal int PadLeft { get; }

    internal int Groups { get; }

    internal int ChannelsPerGroup => Channels / Groups;

    internal int UnitsPerGroup => Units / Groups;

    /// <summary>Neighbours of a window in a row of the image that lie side by side, unless dilation or a group parts them.</summary>
    internal int SegmentLength => LiesInRows ? ChannelsPerGroup * KernelWidth : ChannelsPerGroup;

    /// <summary>Segments of a window.</summary>
    internal int SegmentCount => LiesInRows ? KernelHeight : KernelHeight * KernelWidth;

    internal bool IsDepthwise => ChannelsPerGroup == 1 && UnitsPerGroup == 1;

    /// <summary>Rows of the image with all that its windows reach above and below it.</summary>
    internal int ReachedHeight => Math.Max(PadTop + Height, ((OutputHeight - 1) * StrideHeight) + ((KernelHeight - 1) * DilationHeight) + 1);

    /// <summary>Columns of the image with all that its windows reach to its left and right.</summary>
    internal int ReachedWidth => Math.Max(PadLeft + Width, ((OutputWidth - 1) * StrideWidth) + ((KernelWidth - 1) * DilationWidth) + 1);

    internal bool ReachesOutside => ReachedHeight != Height || ReachedWidth != Width;

    internal long ReachedElements => (long)ReachedHeight * ReachedWidth * Channels;

    private bool LiesInRows => Groups == 1 && DilationWidth == 1;
}
