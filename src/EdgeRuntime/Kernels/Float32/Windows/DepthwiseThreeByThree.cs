using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Kernels.Float32.Elementwise;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Windows;

/// <summary>
/// Depthwise convolution with windows of 3×3: a vector of channels at a time, whose nine weights stay in registers for a row of outputs. Padding is laid
/// around the image beforehand, so that no window is cut.
/// </summary>
internal static unsafe class DepthwiseThreeByThree<TVector>
    where TVector : struct, IFloatVector<TVector>
{
    private const int Side = 3;

    // An image with its padding is copied; one with more padding than this is not.
    private const long LargestImage = 1L << 20;

    /// <summary>Binds to weights and bias as <see cref="ChannelWindowArguments"/> has them, or gives false if the shape is another.</summary>
    internal static bool TryBind(in BindContext context, in WindowGeometry g, in ChannelWindowArguments windows, out BoundKernel kernel)
    {
        kernel = default;
        bool fits = g is { KernelHeight: Side, KernelWidth: Side } && g.Channels % TVector.Count == 0 && (!g.ReachesOutside || g.ReachedElements <= LargestImage);
        if (!fits)
        {
            return false;
        }

        kernel = new BoundKernel(&Run, context.Keep(new Arguments { Windows = windows, Geometry = g, Image = PaddedImage.Bind(in context, in g, 0, sizeof(float)) }));
        return true;
    }

    private static void Run(void* pointer)
    {
        Arguments* a = (Arguments*)pointer;
        ref readonly WindowGeometry g = ref a->Geometry;
        nint row = (nint)g.ReachedWidth * g.Channels;
        float* y = a->Windows.Output;
        for (int batch = 0; batch < g.Batch; batch++)
        {
            float* image = (float*)a->Image.Load(batch);
            for (int i = 0; i < g.OutputHeight; i++)
            {
                for (int channel = 0; channel < g.Channels; channel += TVector.Count)
                {
                    OutputRow(a, image + (i * g.StrideHeight * row) + channel, row * g.DilationHeight, channel, y + channel);
                }

                y += (nint)g.OutputWidth * g.Channels;
            }
        }

        ref readonly ChannelWindowArguments windows = ref a->Windows;
        if (windows.Activation != null)
        {
            windows.Activation(windows.Output, windows.Output, (nint)(y - windows.Output), windows.Alpha, windows.Beta);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OutputRow(Arguments* a, float* upper, nint row, int channel, float* y)
    {
        nint channels = a->Geometry.Channels;
        nint column = channels * a->Geometry.DilationWidth;
        nint step = channels * a->Geometry.StrideWidth;
        FusedReluKind relu = a->Windows.Relu;
        float alpha = a->Windows.Alpha;
        bool isLeaky = relu == FusedReluKind.LeakyReLU;

        // As the activation does it: what is not a number stays, and so does −0.
        TVector least = relu == FusedReluKind.None ? float.NegativeInfinity : 0f;
        TVector most = relu == FusedReluKind.ReLU6 ? 6f : float.PositiveInfinity;
        float* w = a->Windows.Weights + channel;
        TVector bias = TVector.Load(a->Windows.Bias + channel);
        TVector w0 = TVector.Load(w);
        TVector w1 = TVector.Load(w + channels);
        TVector w2 = TVector.Load(w + (2 * channels));
        TVector w3 = TVector.Load(w + (3 * channels));
        TVector w4 = TVector.Load(w + (4 * channels));
        TVector w5 = TVector.Load(w + (5 * channels));
        TVector w6 = TVector.Load(w + (6 * channels));
        TVector w7 = TVector.Load(w + (7 * channels));
        TVector w8 = TVector.Load(w + (8 * channels));
        float* middle = upper + row;
        float* lower = middle + row;
        for (float* end = y + (a->Geometry.OutputWidth * channels); y < end; y += channels)
        {
            TVector sum = TVector.MultiplyAdd(w0, TVector.Load(upper), bias);
            sum = TVector.MultiplyAdd(w1, TVector.Load(upper + column), sum);
            sum = TVector.MultiplyAdd(w2, TVector.Load(upper + (2 * column)), sum);
            sum = TVector.MultiplyAdd(w3, TVector.Load(middle), sum);
            sum = TVector.MultiplyAdd(w4, TVector.Load(middle + column), sum);
            sum = TVector.MultiplyAdd(w5, TVector.Load(middle + (2 * column)), sum);
            sum = TVector.MultiplyAdd(w6, TVector.Load(lower), sum);
            sum = TVector.MultiplyAdd(w7, TVector.Load(lower + column), sum);
            sum = TVector.MultiplyAdd(w8, TVector.Load(lower + (2 * column)), sum);
            TVector.Store(isLeaky ? FusedRelu.Of(sum, relu, alpha) : TVector.Smaller(most, TVector.Larger(least, sum)), y);
            upper += step;
            middle += step;
            lower += step;
        }
    }

    private struct Arguments
    {
        internal ChannelWindowArguments Windows;
        internal WindowGeometry Geometry;
        internal PaddedImage Image;
    }
}
