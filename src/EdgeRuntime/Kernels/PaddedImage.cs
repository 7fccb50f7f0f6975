using System.Runtime.CompilerServices;

namespace EdgeInference.Runtime.Kernels;

/// <summary>
/// One image of a batch with all around it that a window reaches, so that a window never needs to ask whether it lies
/// within. Where windows stay within it is the input itself.
/// </summary>
internal unsafe struct PaddedImage
{
    // What a kernel may read beyond the image.
    private const int VectorRoom = 64;

    private byte* input;
    private byte* padded;
    private nint imageBytes;
    private nint rowBytes;
    private nint paddedRowBytes;
    private nint firstBytes;
    private nint lastBytes;
    private int rows;
    private byte padding;

    /// <summary>Reserves room for the image and what is around it.</summary>
    internal static PaddedImage Bind(in BindContext context, in WindowGeometry geometry, byte padding, int elementBytes = 1)
    {
        nint pixelBytes = (nint)geometry.Channels * elementBytes;
        var image = new PaddedImage
        {
            input = context.InputData(0),
            imageBytes = geometry.Height * geometry.Width * pixelBytes,
            rowBytes = geometry.Width * pixelBytes,
            paddedRowBytes = geometry.ReachedWidth * pixelBytes,
            rows = geometry.Height,
            padding = padding,
        };
        image.firstBytes = (geometry.PadTop * image.paddedRowBytes) + (geometry.PadLeft * pixelBytes);
        if (geometry.ReachesOutside)
        {
            long bytes = geometry.ReachedElements * elementBytes;
            image.padded = context.Scratch(bytes + VectorRoom);
            image.lastBytes = (nint)bytes - image.firstBytes - ((image.rows - 1) * image.paddedRowBytes) - image.rowBytes;
        }

        return image;
    }

    /// <summary>The padded elements of image <paramref name="batch"/>; valid until the next call. The first of a run is 0.</summary>
    internal readonly byte* Load(int batch)
    {
        byte* source = input + (batch * imageBytes);
        if (padded == null)
        {
            return source;
        }

        if (batch == 0)
        {
            FillPadding();
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

    // What is right of a row and left of the next lies side by side. It is filled eight bytes at a time, which may reach into rows
    // that are copied later, and beyond the image by less than there is room.
    private readonly void FillPadding()
    {
        new Span<byte>(padded, (int)firstBytes).Fill(padding);
        byte* behind = padded + firstBytes + rowBytes;
        nint between = paddedRowBytes - rowBytes;
        ulong eight = padding * 0x0101_0101_0101_0101ul;
        for (int row = 1; row < rows; row++)
        {
            for (nint i = 0; i < between; i += sizeof(ulong))
            {
                Unsafe.WriteUnaligned(behind + i, eight);
            }

            behind += paddedRowBytes;
        }

        new Span<byte>(behind, (int)lastBytes).Fill(padding);
    }
}
