namespace EdgeInference.Runtime.Tests.Kernels.Windows;

/// <summary>The shape of a convolution or a pooling, drawn at random: windows may reach beyond the image on every side, or lie wholly outside it.</summary>
internal sealed record ConvShape(int Batch, int Height, int Width, int Groups, int ChannelsPerGroup, int UnitsPerGroup, int[] Kernel, int[] Stride, int[] Dilation, int[] Pad, int[] Output)
{
    private const int MostChannels = 20;
    private const int MostUnits = 40;
    private const int LargestImage = 12;

    internal int Channels => Groups * ChannelsPerGroup;

    internal int Units => Groups * UnitsPerGroup;

    internal int WeightsPerUnit => Kernel[0] * Kernel[1] * ChannelsPerGroup;

    internal static ConvShape Draw(Random random)
    {
        int groups = random.Next(3) == 0 ? random.Next(2, MostChannels + 1) : 1;
        bool depthwise = groups > 1 && random.Next(2) == 0;
        int[] size = [random.Next(1, LargestImage + 1), random.Next(1, LargestImage + 1)];
        int[] kernel = [random.Next(1, 5), random.Next(1, 5)];
        int[] stride = [random.Next(1, 4), random.Next(1, 4)];
        int[] dilation = random.Next(3) == 0 ? [random.Next(1, 4), random.Next(1, 4)] : [1, 1];
        int[] pad = random.Next(3) == 0 ? [0, 0] : [random.Next(4), random.Next(4)];
        int[] output = [.. Enumerable.Range(0, 2).Select(i => Math.Max(1, ((size[i] + (2 * pad[i]) - ((kernel[i] - 1) * dilation[i]) - 1) / stride[i]) + random.Next(0, 3)))];
        return new ConvShape(
            random.Next(1, 3),
            size[0],
            size[1],
            groups,
            depthwise ? 1 : random.Next(1, (MostChannels / groups) + 1),
            depthwise ? 1 : random.Next(1, (MostUnits / groups) + 1),
            kernel,
            stride,
            dilation,
            pad,
            output);
    }

    public override string ToString() =>
        $"[{Batch}, {Height}, {Width}, {Channels}] to [{Output[0]}, {Output[1]}, {Units}], {Groups} groups, kernel {Kernel[0]}×{Kernel[1]}, stride {Stride[0]}×{Stride[1]}, dilation {Dilation[0]}×{Dilation[1]}, pad {Pad[0]}, {Pad[1]}";
}
