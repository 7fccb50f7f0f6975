using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Windows;

/// <summary>
/// A copy of an image, plane after plane, with all around it that a window reaches. Rows of the image begin at a vector's boundary.
/// The image may lie where the outputs of the convolution are written, so that it is always a copy.
/// </summary>
internal unsafe struct PlanarImage
{
    private const int Boundary = 16;

    private float* copy;
    private int channels;
    private int height;
    private int width;
    private int reachedHeight;
    private int padTop;
    private int padLeft;
    private int padRight;

    // Elements of a row of the copy before the first pixel; the last of them are padding.
    private int before;

    /// <summary>[channels, height, width]; whoever runs the kernel may give another.</summary>
    internal float* Input;

    /// <summary>Elements from a row of the copy to the next.</summary>
    internal int RowStride { get; private set; }

    /// <summary>Elements from a plane of the copy to the next.</summary>
    internal readonly int PlaneStride => RowStride * reachedHeight;

    /// <summary>Elements of the copy.</summary>
    internal static long Elements(in WindowGeometry g) => (long)g.Channels * g.ReachedHeight * Stride(in g);

    /// <summary>Reserves room for the copy of an image that the operator reads.</summary>
    internal static PlanarImage Bind(in BindContext context, in WindowGeometry g) => new()
    {
        Input = (float*)context.InputData(0),
        copy = (float*)context.Scratch(Elements(in g) * sizeof(float)),
        channels = g.Channels,
        height = g.Height,
        width = g.Width,
        reachedHeight = g.ReachedHeight,
        padTop = g.PadTop,
        padLeft = g.PadLeft,
        padRight = g.ReachedWidth - g.PadLeft - g.Width,
        before = Before(in g),
        RowStride = (int)Stride(in g),
    };

    /// <summary>Copies the image and gives the corner of its first window.</summary>
    internal readonly float* Load<TVector>()
        where TVector : struct, IFloatVector<TVector>
    {
        float* from = Input;
        float* to = copy;
        for (int channel = 0; channel < channels; channel++)
        {
            Zero(to, padTop * RowStride);
            to += padTop * RowStride;
            for (int row = 0; row < height; row++)
            {
                Zero(to + before - padLeft, padLeft);
                CopyRow<TVector>(from, to + before);
                Zero(to + before + width, padRight);
                from += width;
                to += RowStride;
            }

            int below = (reachedHeight - padTop - height) * RowStride;
            Zero(to, below);
            to += below;
        }

        return copy + before - padLeft;
    }

    private static int Before(in WindowGeometry g) => (g.PadLeft + Boundary - 1) / Boundary * Boundary;

    private static long Stride(in WindowGeometry g) => (Before(in g) - (long)g.PadLeft + g.ReachedWidth + Boundary - 1) / Boundary * Boundary;

    private readonly void CopyRow<TVector>(float* from, float* to)
        where TVector : struct, IFloatVector<TVector>
    {
        int i = 0;
        for (; i <= width - TVector.Count; i += TVector.Count)
        {
            TVector.Store(TVector.Load(from + i), to + i);
        }

        for (; i < width; i++)
        {
            to[i] = from[i];
        }
    }

    private static void Zero(float* to, int count)
    {
        for (int i = 0; i < count; i++)
        {
            to[i] = 0f;
        }
    }
}
