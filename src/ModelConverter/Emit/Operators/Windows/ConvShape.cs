using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>The windows of a convolution as numbers; Dense is one whose windows are rows.</summary>
internal sealed record ConvShape
{
    internal required int Batch { get; init; }

    internal required int Height { get; init; }

    internal required int Width { get; init; }

    internal required int Channels { get; init; }

    internal required int OutputHeight { get; init; }

    internal required int OutputWidth { get; init; }

    internal required int Units { get; init; }

    internal int KernelHeight { get; init; } = 1;

    internal int KernelWidth { get; init; } = 1;

    internal int StrideHeight { get; init; } = 1;

    internal int StrideWidth { get; init; } = 1;

    internal int DilationHeight { get; init; } = 1;

    internal int DilationWidth { get; init; } = 1;

    internal int PadTop { get; init; }

    internal int PadLeft { get; init; }

    internal int Groups { get; init; } = 1;

    /// <summary>Rows of the image with all that its windows reach above and below it.</summary>
    internal int ReachedHeight => Math.Max(PadTop + Height, ((OutputHeight - 1) * StrideHeight) + ((KernelHeight - 1) * DilationHeight) + 1);

    /// <summary>Columns of the image with all that its windows reach to its left and right.</summary>
    internal int ReachedWidth => Math.Max(PadLeft + Width, ((OutputWidth - 1) * StrideWidth) + ((KernelWidth - 1) * DilationWidth) + 1);

    internal bool ReachesOutside => ReachedHeight != Height || ReachedWidth != Width;

    internal int ChannelsPerGroup => Channels / Groups;

    internal int UnitsPerGroup => Units / Groups;

    internal int Taps => KernelHeight * KernelWidth;

    /// <summary>Elements of a window, of one group's channels.</summary>
    internal int Patch => Taps * ChannelsPerGroup;

    internal int Places => Batch * OutputHeight * OutputWidth;

    /// <summary>The shape of a Conv or a Dense.</summary>
    internal static ConvShape Of(OperatorRecord record)
    {
        TensorInfo input = record.Inputs[0];
        TensorInfo weights = record.Inputs[1];
        if (record.Info.Opcode == Opcode.Dense)
        {
            int depth = weights.LastDimension;
            int rows = input.Elements / depth;
            return new ConvShape { Batch = 1, Height = 1, Width = rows, Channels = depth, OutputHeight = 1, OutputWidth = rows, Units = weights.Dimension(0) };
        }

        return Images(record) with
        {
            KernelHeight = weights.Dimension(1),
            KernelWidth = weights.Dimension(2),
            StrideHeight = record.Int(ConvRule.Stride),
            StrideWidth = record.Int(ConvRule.Stride + 1),
            DilationHeight = record.Int(ConvRule.Dilation),
            DilationWidth = record.Int(ConvRule.Dilation + 1),
            PadTop = record.Int(ConvRule.Pad),
            PadLeft = record.Int(ConvRule.Pad + 1),
            Groups = record.Int(ConvRule.Groups),
        };
    }

    /// <summary>The shape of a pool: each channel is a group.</summary>
    internal static ConvShape OfPool(OperatorRecord record) => Images(record) with
    {
        KernelHeight = record.Int(PoolRule.Kernel),
        KernelWidth = record.Int(PoolRule.Kernel + 1),
        StrideHeight = record.Int(PoolRule.Stride),
        StrideWidth = record.Int(PoolRule.Stride + 1),
        DilationHeight = record.Int(PoolRule.Dilation),
        DilationWidth = record.Int(PoolRule.Dilation + 1),
        PadTop = record.Int(PoolRule.Pad),
        PadLeft = record.Int(PoolRule.Pad + 1),
        Groups = record.Inputs[0].Dimension(3),
    };

    /// <summary>Where an element of a window lies in an image of which rows are as long as windows reach, from the window's first place on.</summary>
    internal int Offset(int element)
    {
        int tap = element / ChannelsPerGroup;
        return ((((tap / KernelWidth) * DilationHeight * ReachedWidth) + ((tap % KernelWidth) * DilationWidth)) * Channels) + (element % ChannelsPerGroup);
    }

    /// <summary>The walk over the places of the output, in the image with all that windows reach.</summary>
    internal IReadOnlyList<PlaceLevel> Levels() =>
    [
        new PlaceLevel(Batch, ReachedHeight * ReachedWidth * Channels),
        new PlaceLevel(OutputHeight, StrideHeight * ReachedWidth * Channels),
        new PlaceLevel(OutputWidth, StrideWidth * Channels),
    ];

    // Between an image and another.
    private static ConvShape Images(OperatorRecord record)
    {
        TensorInfo input = record.Inputs[0];
        TensorInfo output = record.Outputs[0];
        return new ConvShape
        {
            Batch = input.Dimension(0),
            Height = input.Dimension(1),
            Width = input.Dimension(2),
            Channels = input.Dimension(3),
            OutputHeight = output.Dimension(1),
            OutputWidth = output.Dimension(2),
            Units = output.Dimension(3),
        };
    }
}
