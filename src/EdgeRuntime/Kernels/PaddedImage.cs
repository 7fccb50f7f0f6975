namespace EdgeRuntime.Kernels;

/// <summary>
/// One image of a batch with all around it that a window reaches, so that a window never needs to ask whether it lies
/// within. Where windows stay within it is the input itself.
/// </summary>
internal unsafe struct PaddedImage
{
    private byte* input;
    private byte* padded;
    private nint imageBytes;
    private nint rowBytes;
    private nint paddedRowBytes;
    private nint firstBytes;
    private int rows;

    /// <summary>Reserves room for the padding and fills it; only what lies within is copied per inference.</summary>
    internal static PaddedImage Bind(in BindContext context, in WindowGeometry geometry, byte padding)
    {
        var image = new PaddedImage
        {
            input = context.InputData(0),
            imageBytes = (nint)geometry.Height * geometry.Width * geometry.Channels,
            rowBytes = (nint)geometry.Width * geometry.Channels,
            paddedRowBytes = (nint)geometry.ReachedWidth * geometry.Channels,
            rows = geometry.Height,
        };
        image.firstBytes = (geometry.PadTop * image.paddedRowBytes) + ((nint)geometry.PadLeft * geometry.Channels);
        if (geometry.ReachesOutside)
        {
            int elements = checked((int)geometry.ReachedElements);
            image.padded = context.Scratch(elements);
            new Span<byte>(image.padded, elements).Fill(padding);
        }

        return image;
    }

    /// <summary>The padded elements of image <paramref name="batch"/>; valid until the next call.</summary>
    internal readonly byte* Load(int batch)
    {
        byte* source = input + (batch * imageBytes);
        if (padded == null)
        {
            return source;
        }

        byte* destination = padded + firstBytes;
        for (int row = 0; row < rows; row++)
        {
            Buffer.MemoryCopy(source, destination, rowBytes, rowBytes);
            source += rowBytes;
            destination += paddedRowBytes;
        }

        return padded;
    }
}
