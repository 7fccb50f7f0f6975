using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Kernels.Float32.Elementwise;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Windows;

/// <summary>
/// Depthwise convolution with windows of 3×3 that move along a row by one or two and reach at most one pixel beyond the image: a vector of channels
/// at a time, whose nine weights stay in registers. Each pixel is read once for all outputs of a row whose windows it is in, and what
/// lies outside is left out, so that no padding is copied around the image.
/// </summary>
internal static unsafe class DepthwiseSlide<TVector>
    where TVector : struct, IFloatVector<TVector>
{
    private const int Side = 3;

    /// <summary>Binds to weights and bias as <see cref="ChannelWindowArguments"/> has them, or gives false if the shape is another.</summary>
    internal static bool TryBind(in BindContext context, in WindowGeometry g, in ChannelWindowArguments windows, out BoundKernel kernel)
    {
        kernel = default;
        bool fits = g is { KernelHeight: Side, KernelWidth: Side, DilationHeight: 1, DilationWidth: 1, StrideWidth: 1 or 2, PadTop: 0 or 1, PadLeft: 0 or 1 }
            && g.Channels % TVector.Count == 0
            && Last(g.OutputHeight, g.StrideHeight, g.PadTop) <= g.Height && Last(g.OutputWidth, g.StrideWidth, g.PadLeft) <= g.Width
            && windows.Relu != FusedReluKind.LeakyReLU;
        if (fits)
        {
            kernel = new BoundKernel(&Run, context.Keep(new Arguments { Windows = windows, Geometry = g }));
        }

        return fits;
    }

    // Where the last window ends; the size of the image is one pixel beyond it.
    private static long Last(int outputs, int stride, int pad) => ((outputs - 1L) * stride) - pad + Side - 1;

    private static void Run(void* pointer)
    {
        Arguments* a = (Arguments*)pointer;
        ref readonly WindowGeometry g = ref a->Geometry;
        nint row = (nint)g.Width * g.Channels;
        float* image = a->Windows.Input;
        float* y = a->Windows.Output;
        for (int batch = 0; batch < g.Batch; batch++)
        {
            for (int i = 0; i < g.OutputHeight; i++)
            {
                int top = (i * g.StrideHeight) - g.PadTop;
                OutputRow(a, image + (top * row), row, top >= 0, top + Side <= g.Height, y);
                y += (nint)g.OutputWidth * g.Channels;
            }

            image += g.Height * row;
        }

        ref readonly ChannelWindowArguments windows = ref a->Windows;
        if (windows.Activation != null)
        {
            windows.Activation(windows.Output, windows.Output, (nint)(y - windows.Output), windows.Alpha, windows.Beta);
        }
    }

    private static void OutputRow(Arguments* a, float* upper, nint row, bool hasUpper, bool hasLower, float* y)
    {
        if (hasUpper && hasLower)
        {
            Channels<Within, Within>(a, upper, row, y);
        }
        else if (hasUpper)
        {
            Channels<Within, Outside>(a, upper, row, y);
        }
        else if (hasLower)
        {
            Channels<Outside, Within>(a, upper, row, y);
        }
        else
        {
            Channels<Outside, Outside>(a, upper, row, y);
        }
    }

    private static void Channels<TUpper, TLower>(Arguments* a, float* upper, nint row, float* y)
        where TUpper : struct
        where TLower : struct
    {
        for (int channel = 0; channel < a->Geometry.Channels; channel += TVector.Count)
        {
            if (a->Geometry.StrideWidth == 1)
            {
                ByOne<TUpper, TLower>(a, upper + channel, row, channel, y + channel);
            }
            else
            {
                ByTwo<TUpper, TLower>(a, upper + channel, row, channel, y + channel);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ByOne<TUpper, TLower>(Arguments* a, float* upper, nint row, int channel, float* y)
        where TUpper : struct
        where TLower : struct
    {
        ref readonly WindowGeometry g = ref a->Geometry;
        nint step = g.Channels;
        float* w = a->Windows.Weights + channel;
        var left = Column.Load(w, step);
        var middle = Column.Load(w + step, step);
        var right = Column.Load(w + (2 * step), step);
        TVector bias = TVector.Load(a->Windows.Bias + channel);
        TVector least = FusedRelu.Least(a->Windows.Relu);
        TVector most = FusedRelu.Most(a->Windows.Relu);

        // The sum of the next output is that of its left column, or of what lies within of it, and the middle one.
        TVector sum = bias;
        if (g.PadLeft == 0)
        {
            sum = Add<TUpper, TLower>(left, upper, row, sum);
            upper += step;
        }

        TVector next = Add<TUpper, TLower>(left, upper, row, bias);
        sum = Add<TUpper, TLower>(middle, upper, row, sum);
        bool isCut = g.OutputWidth - g.PadLeft + Side - 1 > g.Width;
        for (float* end = y + ((g.OutputWidth - (isCut ? 1 : 0)) * step); y < end; y += step)
        {
            upper += step;
            TVector x1 = TVector.Load(upper + row);
            sum = TVector.MultiplyAdd(right.Second, x1, sum);
            next = TVector.MultiplyAdd(middle.Second, x1, next);
            TVector after = TVector.MultiplyAdd(left.Second, x1, bias);
            if (typeof(TUpper) == typeof(Within))
            {
                TVector x0 = TVector.Load(upper);
                sum = TVector.MultiplyAdd(right.First, x0, sum);
                next = TVector.MultiplyAdd(middle.First, x0, next);
                after = TVector.MultiplyAdd(left.First, x0, after);
            }

            if (typeof(TLower) == typeof(Within))
            {
                TVector x2 = TVector.Load(upper + (2 * row));
                sum = TVector.MultiplyAdd(right.Third, x2, sum);
                next = TVector.MultiplyAdd(middle.Third, x2, next);
                after = TVector.MultiplyAdd(left.Third, x2, after);
            }

            TVector.Store(TVector.Smaller(most, TVector.Larger(least, sum)), y);
            sum = next;
            next = after;
        }

        if (isCut)
        {
            TVector.Store(TVector.Smaller(most, TVector.Larger(least, sum)), y);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ByTwo<TUpper, TLower>(Arguments* a, float* upper, nint row, int channel, float* y)
        where TUpper : struct
        where TLower : struct
    {
        ref readonly WindowGeometry g = ref a->Geometry;
        nint step = g.Channels;
        float* w = a->Windows.Weights + channel;
        var left = Column.Load(w, step);
        var middle = Column.Load(w + step, step);
        var right = Column.Load(w + (2 * step), step);
        TVector bias = TVector.Load(a->Windows.Bias + channel);
        TVector least = FusedRelu.Least(a->Windows.Relu);
        TVector most = FusedRelu.Most(a->Windows.Relu);
        TVector sum = bias;
        if (g.PadLeft == 0)
        {
            sum = Add<TUpper, TLower>(left, upper, row, sum);
            upper += step;
        }

        bool isCut = (2 * (g.OutputWidth - 1)) - g.PadLeft + Side > g.Width;
        for (float* end = y + ((g.OutputWidth - (isCut ? 1 : 0)) * step); y < end; y += step)
        {
            sum = Add<TUpper, TLower>(middle, upper, row, sum);
            upper += step;
            TVector x1 = TVector.Load(upper + row);
            sum = TVector.MultiplyAdd(right.Second, x1, sum);
            TVector next = TVector.MultiplyAdd(left.Second, x1, bias);
            if (typeof(TUpper) == typeof(Within))
            {
                TVector x0 = TVector.Load(upper);
                sum = TVector.MultiplyAdd(right.First, x0, sum);
                next = TVector.MultiplyAdd(left.First, x0, next);
            }

            if (typeof(TLower) == typeof(Within))
            {
                TVector x2 = TVector.Load(upper + (2 * row));
                sum = TVector.MultiplyAdd(right.Third, x2, sum);
                next = TVector.MultiplyAdd(left.Third, x2, next);
            }

            TVector.Store(TVector.Smaller(most, TVector.Larger(least, sum)), y);
            sum = next;
            upper += step;
        }

        if (isCut)
        {
            sum = Add<TUpper, TLower>(middle, upper, row, sum);
            TVector.Store(TVector.Smaller(most, TVector.Larger(least, sum)), y);
        }
    }

    // A column of pixels with a column of weights.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Add<TUpper, TLower>(Column w, float* upper, nint row, TVector sum)
        where TUpper : struct
        where TLower : struct
    {
        sum = TVector.MultiplyAdd(w.Second, TVector.Load(upper + row), sum);
        if (typeof(TUpper) == typeof(Within))
        {
            sum = TVector.MultiplyAdd(w.First, TVector.Load(upper), sum);
        }

        if (typeof(TLower) == typeof(Within))
        {
            sum = TVector.MultiplyAdd(w.Third, TVector.Load(upper + (2 * row)), sum);
        }

        return sum;
    }

    private struct Within;

    private struct Outside;

    private readonly struct Column
    {
        internal readonly TVector First;
        internal readonly TVector Second;
        internal readonly TVector Third;

        private Column(TVector first, TVector second, TVector third)
        {
            First = first;
            Second = second;
            Third = third;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal static Column Load(float* w, nint channels) =>
            new(TVector.Load(w), TVector.Load(w + (Side * channels)), TVector.Load(w + (2 * Side * channels)));
    }

    private struct Arguments
    {
        internal ChannelWindowArguments Windows;
        internal WindowGeometry Geometry;
    }
}
