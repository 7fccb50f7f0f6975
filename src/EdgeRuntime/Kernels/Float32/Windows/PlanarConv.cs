using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Kernels.Float32.Dense;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Windows;

/// <summary>What a bound convolution of a planar image knows.</summary>
internal unsafe struct PlanarConvArguments
{
    /// <summary>Weights and bias as Dense packs them, output and activation; its depth is a window's.</summary>
    internal DenseArguments Dense;
    internal WindowGeometry Geometry;
    internal PlanarImage Image;

    /// <summary>Where in the image, from a window's corner on, each of its elements lies, in the order of the weights.</summary>
    internal int* Offsets;
    internal float Least;
    internal float Most;
}

/// <summary>
/// Convolution of an image of few channels, plane after plane, whose outputs have their channels last: outputs of a pixel across the lanes of a
/// vector, and several neighbouring pixels of a row in registers, which lie at fixed distances in a plane. Weights are those of
/// <see cref="ConvPanels{TVector}"/>, added in its order.
/// </summary>
internal static unsafe class PlanarConv<TVector, TStride>
    where TVector : struct, IFloatVector<TVector>
    where TStride : struct, IPlanarStride
{
    // A row of outputs has as many at least.
    private const int Widest = PlanarConvKernel.SmallestRow;

    private const int Narrower = 6;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run(void* pointer)
    {
        PlanarConvArguments* a = (PlanarConvArguments*)pointer;
        ref readonly WindowGeometry g = ref a->Geometry;
        float* y = a->Dense.Output;
        float* image = a->Image.Load<TVector>();
        for (int row = 0; row < g.OutputHeight; row++)
        {
            Row(a, image + ((nint)row * g.StrideHeight * a->Image.RowStride), y);
            y += (nint)g.OutputWidth * g.Units;
        }

        if (a->Dense.Activation != null)
        {
            a->Dense.Activation(a->Dense.Output, a->Dense.Output, (nint)(y - a->Dense.Output), a->Dense.Alpha, a->Dense.Beta);
        }
    }

    private static void Row(PlanarConvArguments* a, float* x, float* y)
    {
        float* w = a->Dense.Weights;
        float* bias = a->Dense.Bias;
        int panels = DensePanels<TVector>.PaddedUnits(a->Dense.Units) / TVector.Count;
        int left = a->Dense.Units;
        while (panels > 0)
        {
            int group = DensePanels<TVector>.Group(panels);
            nint step = group * TVector.Count;
            for (int panel = 0; panel < group; panel += 2)
            {
                int offset = panel * TVector.Count;
                Tiles(a, x, w + offset, step, bias + offset, y + offset, left - offset, group == 1);
            }

            w += a->Dense.Depth * step;
            bias += step;
            y += step;
            left -= (int)step;
            panels -= group;
        }
    }

    // The last tile of a row does some of its pixels again.
    private static void Tiles(PlanarConvArguments* a, float* x, float* w, nint step, float* bias, float* y, int left, bool isSingle)
    {
        int tile = isSingle ? Widest : Narrower;
        int last = a->Geometry.OutputWidth - tile;
        float* sums = stackalloc float[Widest * TVector.Count];
        for (int column = 0; column < last + tile; column += tile)
        {
            int first = Math.Min(column, last);
            float* corner = x + ((nint)first * TStride.Pixels);
            float* to = y + ((nint)first * a->Dense.Units);
            bool isWhole = left >= (isSingle ? 1 : 2) * TVector.Count;
            float* target = isWhole ? to : sums;
            nint next = isWhole ? a->Dense.Units : isSingle ? TVector.Count : 2 * TVector.Count;
            if (isSingle)
            {
                TwelveByOne(a, corner, w, step, bias, target, next);
            }
            else
            {
                SixByTwo(a, corner, w, step, bias, target, next);
            }

            for (int pixel = 0; !isWhole && pixel < tile; pixel++)
            {
                new ReadOnlySpan<float>(sums + (pixel * next), left).CopyTo(new Span<float>(to + (pixel * (nint)a->Dense.Units), left));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TwelveByOne(PlanarConvArguments* a, float* corner, float* w, nint step, float* bias, float* y, nint next)
    {
        TVector s0 = TVector.Load(bias);
        TVector s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0, s8 = s0, s9 = s0, s10 = s0, s11 = s0;
        int* offset = a->Offsets;
        for (int* end = offset + a->Dense.Depth; offset < end; offset++)
        {
            float* x = corner + *offset;
            TVector weights = TVector.Load(w);
            s0 = TVector.MultiplyAdd(x[0], weights, s0);
            s1 = TVector.MultiplyAdd(x[TStride.Pixels], weights, s1);
            s2 = TVector.MultiplyAdd(x[2 * TStride.Pixels], weights, s2);
            s3 = TVector.MultiplyAdd(x[3 * TStride.Pixels], weights, s3);
            s4 = TVector.MultiplyAdd(x[4 * TStride.Pixels], weights, s4);
            s5 = TVector.MultiplyAdd(x[5 * TStride.Pixels], weights, s5);
            s6 = TVector.MultiplyAdd(x[6 * TStride.Pixels], weights, s6);
            s7 = TVector.MultiplyAdd(x[7 * TStride.Pixels], weights, s7);
            s8 = TVector.MultiplyAdd(x[8 * TStride.Pixels], weights, s8);
            s9 = TVector.MultiplyAdd(x[9 * TStride.Pixels], weights, s9);
            s10 = TVector.MultiplyAdd(x[10 * TStride.Pixels], weights, s10);
            s11 = TVector.MultiplyAdd(x[11 * TStride.Pixels], weights, s11);
            w += step;
        }

        TVector least = a->Least;
        TVector most = a->Most;
        Store(s0, least, most, y);
        Store(s1, least, most, y + next);
        Store(s2, least, most, y + (2 * next));
        Store(s3, least, most, y + (3 * next));
        Store(s4, least, most, y + (4 * next));
        Store(s5, least, most, y + (5 * next));
        Store(s6, least, most, y + (6 * next));
        Store(s7, least, most, y + (7 * next));
        Store(s8, least, most, y + (8 * next));
        Store(s9, least, most, y + (9 * next));
        Store(s10, least, most, y + (10 * next));
        Store(s11, least, most, y + (11 * next));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SixByTwo(PlanarConvArguments* a, float* corner, float* w, nint step, float* bias, float* y, nint next)
    {
        TVector s00 = TVector.Load(bias);
        TVector s01 = TVector.Load(bias + TVector.Count);
        TVector s10 = s00, s11 = s01, s20 = s00, s21 = s01, s30 = s00, s31 = s01, s40 = s00, s41 = s01, s50 = s00, s51 = s01;
        int* offset = a->Offsets;
        for (int* end = offset + a->Dense.Depth; offset < end; offset++)
        {
            float* from = corner + *offset;
            TVector w0 = TVector.Load(w);
            TVector w1 = TVector.Load(w + TVector.Count);
            TVector x = from[0];
            s00 = TVector.MultiplyAdd(x, w0, s00);
            s01 = TVector.MultiplyAdd(x, w1, s01);
            x = from[TStride.Pixels];
            s10 = TVector.MultiplyAdd(x, w0, s10);
            s11 = TVector.MultiplyAdd(x, w1, s11);
            x = from[2 * TStride.Pixels];
            s20 = TVector.MultiplyAdd(x, w0, s20);
            s21 = TVector.MultiplyAdd(x, w1, s21);
            x = from[3 * TStride.Pixels];
            s30 = TVector.MultiplyAdd(x, w0, s30);
            s31 = TVector.MultiplyAdd(x, w1, s31);
            x = from[4 * TStride.Pixels];
            s40 = TVector.MultiplyAdd(x, w0, s40);
            s41 = TVector.MultiplyAdd(x, w1, s41);
            x = from[5 * TStride.Pixels];
            s50 = TVector.MultiplyAdd(x, w0, s50);
            s51 = TVector.MultiplyAdd(x, w1, s51);
            w += step;
        }

        TVector least = a->Least;
        TVector most = a->Most;
        StoreTwo(s00, s01, least, most, y);
        StoreTwo(s10, s11, least, most, y + next);
        StoreTwo(s20, s21, least, most, y + (2 * next));
        StoreTwo(s30, s31, least, most, y + (3 * next));
        StoreTwo(s40, s41, least, most, y + (4 * next));
        StoreTwo(s50, s51, least, most, y + (5 * next));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector sum, TVector least, TVector most, float* y) => TVector.Store(TVector.Smaller(most, TVector.Larger(least, sum)), y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreTwo(TVector s0, TVector s1, TVector least, TVector most, float* y)
    {
        Store(s0, least, most, y);
        Store(s1, least, most, y + TVector.Count);
    }
}
