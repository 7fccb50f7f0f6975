using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Kernels.Int8.Dense;
using EdgeInference.Runtime.Simd.Int8.Dot;

namespace EdgeInference.Runtime.Kernels.Int8.Windows;

/// <summary>What a bound int8 convolution on packed weights knows.</summary>
internal unsafe struct ConvPanelArguments
{
    /// <summary>Weights, bias, sums of a tile and requantization.</summary>
    internal DenseArguments Dense;
    internal PaddedImage Image;
    internal int Batch;

    /// <summary>Elements of one image with its padding.</summary>
    internal nint ImageElements;

    /// <summary>An image as the kernel multiplies it, where it has to prepare its inputs.</summary>
    internal byte* Prepared;

    /// <summary>Outputs of one image.</summary>
    internal int Pixels;

    /// <summary>int32 values between the sums of one pixel and of the next.</summary>
    internal int SumStride;

    /// <summary>Where the window of each output begins in the image with its padding, the last repeated to a whole tile.</summary>
    internal int* Corners;

    /// <summary>Where, from its corner on, each run of neighbours in a window begins.</summary>
    internal int* Segments;
    internal int SegmentCount;

    /// <summary>Steps of the kernel in a run; weights beyond its end are zero.</summary>
    internal int SegmentSteps;
}

/// <summary>
/// int8 convolution without groups on the weights that Dense packs, without copies of windows: outputs across the lanes of a
/// vector, several pixels in registers. Padding is laid around the image beforehand.
/// </summary>
internal static unsafe class ConvPanels<TLanes>
    where TLanes : struct, IDotLanes<TLanes>
{
    /// <summary>Pixels of a tile.</summary>
    internal const int Tile = 8;

    // What a kernel may read beyond an image.
    private const int VectorRoom = 64;

    // Bytes of a vector of weights. Not inlined, it would cost more than a step.
    private static int VectorBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLanes.Count * TLanes.Group;
    }

    /// <summary>Binds to the weights and sizes in <paramref name="dense"/>, or gives false if the packed weights would be too large.</summary>
    internal static bool TryBind(in BindContext context, in WindowGeometry g, PaddedImage image, DenseArguments dense, out BoundKernel kernel)
    {
        kernel = default;
        bool whole = g.DilationWidth == 1;
        var arguments = new ConvPanelArguments
        {
            Image = image,
            Batch = g.Batch,
            ImageElements = (nint)g.ReachedElements,
            Pixels = g.OutputHeight * g.OutputWidth,
            SumStride = Requantizer.Padded(g.Units),
            SegmentCount = whole ? g.KernelHeight : g.KernelHeight * g.KernelWidth,
        };
        dense.Segments = arguments.SegmentCount;
        arguments.SegmentSteps = DensePanels<TLanes>.Steps(dense.Depth / dense.Segments);
        if (!DenseKernel.TryPack<TLanes>(in context, ref dense))
        {
            return false;
        }

        dense.Sums = (int*)context.Scratch((long)Tile * arguments.SumStride * sizeof(int));
        arguments.Dense = dense;
        if (TLanes.Prepares)
        {
            arguments.Prepared = context.Scratch((arguments.ImageElements + VectorRoom) * TLanes.Size);
        }

        arguments.Segments = WindowTables.Segments(in context, in g, arguments.SegmentCount, TLanes.Size);
        arguments.Corners = WindowTables.Corners(in context, in g, Tile, TLanes.Size);
        kernel = new BoundKernel(&Run, context.Keep(arguments));
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(void* pointer)
    {
        ConvPanelArguments* a = (ConvPanelArguments*)pointer;
        byte* output = a->Dense.Output;
        for (int n = 0; n < a->Batch; n++)
        {
            byte* image = a->Image.Load(n);
            if (TLanes.Prepares)
            {
                TLanes.Prepare((sbyte*)image, a->Prepared, a->ImageElements);
                image = a->Prepared;
            }

            for (int pixel = 0; pixel < a->Pixels; pixel += Tile)
            {
                Sums(a, image, pixel);
                int rows = Math.Min(Tile, a->Pixels - pixel);
                Requantizer.Rows(a->Dense.Requantize, a->Dense.Sums, a->SumStride, rows, &a->Dense.Requantization, output, a->Dense.OutputBytes, a->Dense.Units);
                output += (nint)rows * a->Dense.OutputBytes;
            }
        }
    }

    /// <summary>The sums of a tile of pixels, each window from its corner in the image as the lanes multiply it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Sums(ConvPanelArguments* a, byte* image, int pixel)
    {
        int* corners = a->Corners + pixel;
        byte* w = a->Dense.Weights;
        int* bias = a->Dense.Bias;
        int* sums = a->Dense.Sums;
        nint steps = (nint)a->SegmentSteps * a->SegmentCount;
        bool half = pixel + (Tile / 2) >= a->Pixels;
        int panels = DensePanels<TLanes>.PaddedUnits(a->Dense.Units) / TLanes.Count;
        while (panels > 0)
        {
            int group = DensePanels<TLanes>.Group(panels);
            if (group == 1)
            {
                EightByOne(a, image, corners, w, bias, sums);
            }

            for (int i = 0; i < group / 2; i++)
            {
                byte* pair = w + (2 * i * VectorBytes);
                int offset = 2 * i * TLanes.Count;
                FourByTwo(a, image, corners, pair, group * VectorBytes, bias + offset, sums + offset);
                if (!half)
                {
                    FourByTwo(a, image, corners + 4, pair, group * VectorBytes, bias + offset, sums + offset + (4 * a->SumStride));
                }
            }

            w += steps * group * VectorBytes;
            bias += group * TLanes.Count;
            sums += group * TLanes.Count;
            panels -= group;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByTwo(ConvPanelArguments* a, byte* image, int* corners, byte* w, nint weightStep, int* bias, int* sums)
    {
        byte* x0 = image + corners[0];
        byte* x1 = image + corners[1];
        byte* x2 = image + corners[2];
        byte* x3 = image + corners[3];
        TLanes s00 = TLanes.Load(bias);
        TLanes s01 = TLanes.Load(bias + TLanes.Count);
        TLanes s10 = s00, s11 = s01, s20 = s00, s21 = s01, s30 = s00, s31 = s01;
        nint stride = TLanes.Group * TLanes.Size;
        nint length = a->SegmentSteps * stride;
        int* lastSegment = a->Segments + a->SegmentCount;
        for (int* segment = a->Segments; segment < lastSegment; segment++)
        {
            nint i = *segment;
            for (nint end = i + length; i < end; i += stride)
            {
                TLanes w0 = TLanes.LoadWeights(w);
                TLanes w1 = TLanes.LoadWeights(w + VectorBytes);
                TLanes x = TLanes.BroadcastPrepared(x0 + i);
                s00 = TLanes.MultiplyAdd(s00, x, w0);
                s01 = TLanes.MultiplyAdd(s01, x, w1);
                x = TLanes.BroadcastPrepared(x1 + i);
                s10 = TLanes.MultiplyAdd(s10, x, w0);
                s11 = TLanes.MultiplyAdd(s11, x, w1);
                x = TLanes.BroadcastPrepared(x2 + i);
                s20 = TLanes.MultiplyAdd(s20, x, w0);
                s21 = TLanes.MultiplyAdd(s21, x, w1);
                x = TLanes.BroadcastPrepared(x3 + i);
                s30 = TLanes.MultiplyAdd(s30, x, w0);
                s31 = TLanes.MultiplyAdd(s31, x, w1);
                w += weightStep;
            }
        }

        nint next = a->SumStride;
        TLanes.Store(s00, sums);
        TLanes.Store(s01, sums + TLanes.Count);
        TLanes.Store(s10, sums + next);
        TLanes.Store(s11, sums + next + TLanes.Count);
        TLanes.Store(s20, sums + (2 * next));
        TLanes.Store(s21, sums + (2 * next) + TLanes.Count);
        TLanes.Store(s30, sums + (3 * next));
        TLanes.Store(s31, sums + (3 * next) + TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EightByOne(ConvPanelArguments* a, byte* image, int* corners, byte* w, int* bias, int* sums)
    {
        byte* x0 = image + corners[0];
        byte* x1 = image + corners[1];
        byte* x2 = image + corners[2];
        byte* x3 = image + corners[3];
        byte* x4 = image + corners[4];
        byte* x5 = image + corners[5];
        byte* x6 = image + corners[6];
        byte* x7 = image + corners[7];
        TLanes s0 = TLanes.Load(bias);
        TLanes s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        nint stride = TLanes.Group * TLanes.Size;
        nint length = a->SegmentSteps * stride;
        int* lastSegment = a->Segments + a->SegmentCount;
        for (int* segment = a->Segments; segment < lastSegment; segment++)
        {
            nint i = *segment;
            for (nint end = i + length; i < end; i += stride)
            {
                TLanes weights = TLanes.LoadWeights(w);
                s0 = TLanes.MultiplyAdd(s0, TLanes.BroadcastPrepared(x0 + i), weights);
                s1 = TLanes.MultiplyAdd(s1, TLanes.BroadcastPrepared(x1 + i), weights);
                s2 = TLanes.MultiplyAdd(s2, TLanes.BroadcastPrepared(x2 + i), weights);
                s3 = TLanes.MultiplyAdd(s3, TLanes.BroadcastPrepared(x3 + i), weights);
                s4 = TLanes.MultiplyAdd(s4, TLanes.BroadcastPrepared(x4 + i), weights);
                s5 = TLanes.MultiplyAdd(s5, TLanes.BroadcastPrepared(x5 + i), weights);
                s6 = TLanes.MultiplyAdd(s6, TLanes.BroadcastPrepared(x6 + i), weights);
                s7 = TLanes.MultiplyAdd(s7, TLanes.BroadcastPrepared(x7 + i), weights);
                w += VectorBytes;
            }
        }

        nint next = a->SumStride;
        TLanes.Store(s0, sums);
        TLanes.Store(s1, sums + next);
        TLanes.Store(s2, sums + (2 * next));
        TLanes.Store(s3, sums + (3 * next));
        TLanes.Store(s4, sums + (4 * next));
        TLanes.Store(s5, sums + (5 * next));
        TLanes.Store(s6, sums + (6 * next));
        TLanes.Store(s7, sums + (7 * next));
    }
}
