using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeInference.Runtime.Kernels.Float32.Dense;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Windows;

/// <summary>What a bound convolution on packed weights knows.</summary>
internal unsafe struct ConvPanelArguments
{
    /// <summary>Weights, bias and activation as Dense has them; its units are those of all groups, its depth is a window's of one group.</summary>
    internal DenseArguments Dense;
    internal PaddedImage Image;
    internal int Batch;
    internal int Groups;
    internal int ChannelsPerGroup;

    /// <summary>Outputs of one image.</summary>
    internal int Pixels;

    /// <summary>Where the window of each output begins in the image with its padding, the last repeated to a whole tile.</summary>
    internal int* Corners;

    /// <summary>Where, from its corner on, each run of neighbours in a window begins.</summary>
    internal int* Segments;
    internal int SegmentCount;
    internal int SegmentLength;
}

/// <summary>
/// Convolution on the weights that Dense packs, without copies of windows: outputs across the lanes of a vector, several
/// pixels in registers, so that each weight that is read serves all of them. Padding is laid around the image beforehand.
/// </summary>
internal static unsafe class ConvPanels<TVector>
    where TVector : struct, IFloatVector<TVector>
{
    // The most pixels that a tile has.
    private const int LargestTile = 8;

    internal static BoundKernel Bind(in BindContext context, in WindowGeometry g, DenseArguments dense)
    {
        var packing = new Packing
        {
            Groups = g.Groups,
            Group = new DensePacking { Weights = dense.Weights, Bias = dense.Bias, Units = g.UnitsPerGroup, Depth = dense.Depth },
        };
        int padded = g.Groups * DensePanels<TVector>.PaddedUnits(g.UnitsPerGroup);
        dense.Weights = (float*)context.Shared((long)padded * dense.Depth * sizeof(float), packing with { Group = packing.Group.WeightsOnly }, PackWeights, isForRunsOnly: true);
        dense.Bias = (float*)context.Shared((long)padded * sizeof(float), packing with { Group = packing.Group.BiasOnly }, PackBias);
        var arguments = new ConvPanelArguments
        {
            Dense = dense,
            Image = PaddedImage.Bind(in context, in g, 0, sizeof(float)),
            Batch = g.Batch,
            Groups = g.Groups,
            ChannelsPerGroup = g.ChannelsPerGroup,
            Pixels = g.OutputHeight * g.OutputWidth,
            SegmentCount = g.SegmentCount,
            SegmentLength = g.SegmentLength,
        };
        arguments.Segments = WindowTables.Segments(in context, in g, arguments.SegmentCount, 1);
        arguments.Corners = WindowTables.Corners(in context, in g, LargestTile, 1);
        return new BoundKernel(&Run, context.Keep(arguments));
    }

    private static void PackWeights(byte* destination, Packing packing)
    {
        for (int group = 0; group < packing.Groups; group++)
        {
            DensePanels<TVector>.PackWeights(destination, packing.Group);
            destination += DensePanels<TVector>.WeightBytes(packing.Group.Units, packing.Group.Depth);
            packing.Group.Weights += (nint)packing.Group.Units * packing.Group.Depth;
        }
    }

    private static void PackBias(byte* destination, Packing packing)
    {
        for (int group = 0; group < packing.Groups && packing.Group.Bias != null; group++)
        {
            DensePanels<TVector>.PackBias(destination, packing.Group);
            destination += DensePanels<TVector>.PaddedUnits(packing.Group.Units) * sizeof(float);
            packing.Group.Bias += packing.Group.Units;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(void* pointer)
    {
        ref readonly ConvPanelArguments a = ref Unsafe.AsRef<ConvPanelArguments>(pointer);
        int unitsPerGroup = a.Dense.Units / a.Groups;
        nint outputs = (nint)a.Pixels * a.Dense.Units;
        for (int n = 0; n < a.Batch; n++)
        {
            float* image = (float*)a.Image.Load(n);
            float* weights = a.Dense.Weights;
            float* bias = a.Dense.Bias;
            float* y = a.Dense.Output + (n * outputs);
            for (int group = 0; group < a.Groups; group++, image += a.ChannelsPerGroup)
            {
                // Panels outside and pixels inside, so that panels stay in the core's caches while all pixels pass them.
                for (int left = unitsPerGroup; left > 0;)
                {
                    int panels = DensePanels<TVector>.Group((left + TVector.Count - 1) / TVector.Count);
                    Panels(in a, image, weights, bias, y, panels, left);
                    int units = panels * TVector.Count;
                    weights += (nint)a.Dense.Depth * units;
                    bias += units;
                    y += Math.Min(units, left);
                    left -= units;
                }
            }
        }

        if (a.Dense.Activation != null)
        {
            a.Dense.Activation(a.Dense.Output, a.Dense.Output, a.Batch * outputs, a.Dense.Alpha, a.Dense.Beta);
        }
    }

    private static void Panels(in ConvPanelArguments a, float* image, float* weights, float* bias, float* y, int panels, int left)
    {
        if (panels == 1)
        {
            for (int pixel = 0; pixel < a.Pixels; pixel += 8)
            {
                EightByOne(in a, image, pixel, weights, bias, y, left);
            }
        }
        else if (panels == 4 && TVector.Registers >= 32)
        {
            for (int pixel = 0; pixel < a.Pixels; pixel += 4)
            {
                FourByFour(in a, image, pixel, weights, bias, y, left);
            }
        }
        else
        {
            for (int offset = 0; offset < panels * TVector.Count; offset += 2 * TVector.Count)
            {
                for (int pixel = 0; pixel < a.Pixels; pixel += 4)
                {
                    FourByTwo(in a, image, pixel, weights + offset, panels * TVector.Count, bias + offset, y + offset, left - offset);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByFour(in ConvPanelArguments a, float* image, int pixel, float* w, float* bias, float* y, int left)
    {
        int* corners = a.Corners + pixel;
        float* x0 = image + corners[0];
        float* x1 = image + corners[1];
        float* x2 = image + corners[2];
        float* x3 = image + corners[3];
        TVector s00 = TVector.Load(bias);
        TVector s01 = TVector.Load(bias + TVector.Count);
        TVector s02 = TVector.Load(bias + (2 * TVector.Count));
        TVector s03 = TVector.Load(bias + (3 * TVector.Count));
        TVector s10 = s00, s11 = s01, s12 = s02, s13 = s03;
        TVector s20 = s00, s21 = s01, s22 = s02, s23 = s03;
        TVector s30 = s00, s31 = s01, s32 = s02, s33 = s03;
        int* lastSegment = a.Segments + a.SegmentCount;
        nint length = a.SegmentLength;
        for (int* segment = a.Segments; segment < lastSegment; segment++)
        {
            nint i = *segment;
            for (nint end = i + length; i < end; i++)
            {
                TVector w0 = TVector.Load(w);
                TVector w1 = TVector.Load(w + TVector.Count);
                TVector w2 = TVector.Load(w + (2 * TVector.Count));
                TVector w3 = TVector.Load(w + (3 * TVector.Count));
                TVector x = x0[i];
                s00 = TVector.MultiplyAdd(x, w0, s00);
                s01 = TVector.MultiplyAdd(x, w1, s01);
                s02 = TVector.MultiplyAdd(x, w2, s02);
                s03 = TVector.MultiplyAdd(x, w3, s03);
                x = x1[i];
                s10 = TVector.MultiplyAdd(x, w0, s10);
                s11 = TVector.MultiplyAdd(x, w1, s11);
                s12 = TVector.MultiplyAdd(x, w2, s12);
                s13 = TVector.MultiplyAdd(x, w3, s13);
                x = x2[i];
                s20 = TVector.MultiplyAdd(x, w0, s20);
                s21 = TVector.MultiplyAdd(x, w1, s21);
                s22 = TVector.MultiplyAdd(x, w2, s22);
                s23 = TVector.MultiplyAdd(x, w3, s23);
                x = x3[i];
                s30 = TVector.MultiplyAdd(x, w0, s30);
                s31 = TVector.MultiplyAdd(x, w1, s31);
                s32 = TVector.MultiplyAdd(x, w2, s32);
                s33 = TVector.MultiplyAdd(x, w3, s33);
                w += 4 * TVector.Count;
            }
        }

        DensePanels<TVector>.StoreFour(in a.Dense, s00, s01, s02, s03, Output(in a, y, pixel), left);
        DensePanels<TVector>.StoreFour(in a.Dense, s10, s11, s12, s13, Output(in a, y, pixel + 1), left);
        DensePanels<TVector>.StoreFour(in a.Dense, s20, s21, s22, s23, Output(in a, y, pixel + 2), left);
        DensePanels<TVector>.StoreFour(in a.Dense, s30, s31, s32, s33, Output(in a, y, pixel + 3), left);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByTwo(in ConvPanelArguments a, float* image, int pixel, float* w, nint step, float* bias, float* y, int left)
    {
        int* corners = a.Corners + pixel;
        float* x0 = image + corners[0];
        float* x1 = image + corners[1];
        float* x2 = image + corners[2];
        float* x3 = image + corners[3];
        TVector s00 = TVector.Load(bias);
        TVector s01 = TVector.Load(bias + TVector.Count);
        TVector s10 = s00, s11 = s01, s20 = s00, s21 = s01, s30 = s00, s31 = s01;
        int* lastSegment = a.Segments + a.SegmentCount;
        nint length = a.SegmentLength;
        for (int* segment = a.Segments; segment < lastSegment; segment++)
        {
            nint i = *segment;
            for (nint end = i + length; i < end; i++)
            {
                TVector w0 = TVector.Load(w);
                TVector w1 = TVector.Load(w + TVector.Count);
                TVector x = x0[i];
                s00 = TVector.MultiplyAdd(x, w0, s00);
                s01 = TVector.MultiplyAdd(x, w1, s01);
                x = x1[i];
                s10 = TVector.MultiplyAdd(x, w0, s10);
                s11 = TVector.MultiplyAdd(x, w1, s11);
                x = x2[i];
                s20 = TVector.MultiplyAdd(x, w0, s20);
                s21 = TVector.MultiplyAdd(x, w1, s21);
                x = x3[i];
                s30 = TVector.MultiplyAdd(x, w0, s30);
                s31 = TVector.MultiplyAdd(x, w1, s31);
                w += step;
            }
        }

        DensePanels<TVector>.StoreTwo(in a.Dense, s00, s01, Output(in a, y, pixel), left);
        DensePanels<TVector>.StoreTwo(in a.Dense, s10, s11, Output(in a, y, pixel + 1), left);
        DensePanels<TVector>.StoreTwo(in a.Dense, s20, s21, Output(in a, y, pixel + 2), left);
        DensePanels<TVector>.StoreTwo(in a.Dense, s30, s31, Output(in a, y, pixel + 3), left);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EightByOne(in ConvPanelArguments a, float* image, int pixel, float* w, float* bias, float* y, int left)
    {
        int* corners = a.Corners + pixel;
        float* x0 = image + corners[0];
        float* x1 = image + corners[1];
        float* x2 = image + corners[2];
        float* x3 = image + corners[3];
        float* x4 = image + corners[4];
        float* x5 = image + corners[5];
        float* x6 = image + corners[6];
        float* x7 = image + corners[7];
        TVector s0 = TVector.Load(bias);
        TVector s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        int* lastSegment = a.Segments + a.SegmentCount;
        nint length = a.SegmentLength;
        for (int* segment = a.Segments; segment < lastSegment; segment++)
        {
            nint i = *segment;
            for (nint end = i + length; i < end; i++)
            {
                TVector weights = TVector.Load(w);
                s0 = TVector.MultiplyAdd(x0[i], weights, s0);
                s1 = TVector.MultiplyAdd(x1[i], weights, s1);
                s2 = TVector.MultiplyAdd(x2[i], weights, s2);
                s3 = TVector.MultiplyAdd(x3[i], weights, s3);
                s4 = TVector.MultiplyAdd(x4[i], weights, s4);
                s5 = TVector.MultiplyAdd(x5[i], weights, s5);
                s6 = TVector.MultiplyAdd(x6[i], weights, s6);
                s7 = TVector.MultiplyAdd(x7[i], weights, s7);
                w += TVector.Count;
            }
        }

        DensePanels<TVector>.StoreLast(in a.Dense, s0, Output(in a, y, pixel), left);
        DensePanels<TVector>.StoreLast(in a.Dense, s1, Output(in a, y, pixel + 1), left);
        DensePanels<TVector>.StoreLast(in a.Dense, s2, Output(in a, y, pixel + 2), left);
        DensePanels<TVector>.StoreLast(in a.Dense, s3, Output(in a, y, pixel + 3), left);
        DensePanels<TVector>.StoreLast(in a.Dense, s4, Output(in a, y, pixel + 4), left);
        DensePanels<TVector>.StoreLast(in a.Dense, s5, Output(in a, y, pixel + 5), left);
        DensePanels<TVector>.StoreLast(in a.Dense, s6, Output(in a, y, pixel + 6), left);
        DensePanels<TVector>.StoreLast(in a.Dense, s7, Output(in a, y, pixel + 7), left);
    }

    // What a tile has beyond the last pixel is that pixel again.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* Output(in ConvPanelArguments a, float* y, int pixel) => y + ((nint)Math.Min(pixel, a.Pixels - 1) * a.Dense.Units);

    [StructLayout(LayoutKind.Sequential, Pack = sizeof(int))]
    private struct Packing
    {
        internal DensePacking Group;
        internal int Groups;
    }
}
