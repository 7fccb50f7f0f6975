using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeRuntime.Kernels.Float32;

/// <summary>Conv with one channel in and out of each group: channels across the lanes of a vector, weights packed [kernel h, kernel w, channels].</summary>
internal static unsafe class DepthwiseConvKernel
{
    internal static BoundKernel Bind(in BindContext context, ConvGeometry geometry)
    {
        int window = geometry.KernelHeight * geometry.KernelWidth;
        geometry.Weights = (float*)context.Shared("weights", window * geometry.Channels * sizeof(float), geometry, Pack);
        return new BoundKernel(&Run, context.Keep(geometry));
    }

    private static void Pack(byte* destination, ConvGeometry g)
    {
        int window = g.KernelHeight * g.KernelWidth;
        for (int i = 0; i < window; i++)
        {
            for (int c = 0; c < g.Channels; c++)
            {
                ((float*)destination)[(i * g.Channels) + c] = g.Weights[(c * window) + i];
            }
        }
    }

    private static void Run(void* pointer)
    {
        ref readonly ConvGeometry g = ref Unsafe.AsRef<ConvGeometry>(pointer);
        float* output = g.Output;
        for (int n = 0; n < g.Batch; n++)
        {
            float* image = g.Input + ((nint)n * g.Height * g.Width * g.Channels);
            for (int row = 0; row < g.OutputHeight; row++)
            {
                for (int column = 0; column < g.OutputWidth; column++, output += g.Channels)
                {
                    Pixel(in g, image, row, column, output);
                }
            }
        }

        g.Activation(g.Output, g.Output, (nint)(output - g.Output), g.Alpha, g.Beta);
    }

    private static void Pixel(in ConvGeometry g, float* image, int row, int column, float* output)
    {
        int channels = g.Channels;
        var sums = new Span<float>(output, channels);
        if (g.Bias == null)
        {
            sums.Clear();
        }
        else
        {
            new ReadOnlySpan<float>(g.Bias, channels).CopyTo(sums);
        }

        float* w = g.Weights;
        for (int i = 0; i < g.KernelHeight; i++)
        {
            int y = (row * g.StrideHeight) - g.PadTop + (i * g.DilationHeight);
            for (int j = 0; j < g.KernelWidth; j++, w += channels)
            {
                int x = (column * g.StrideWidth) - g.PadLeft + (j * g.DilationWidth);
                if ((uint)y < (uint)g.Height && (uint)x < (uint)g.Width)
                {
                    MultiplyAdd(image + ((((nint)y * g.Width) + x) * channels), w, output, channels);
                }
            }
        }
    }

    private static void MultiplyAdd(float* x, float* w, float* sums, int channels)
    {
        int c = 0;
        for (; c <= channels - Vector<float>.Count; c += Vector<float>.Count)
        {
            Vector.FusedMultiplyAdd(Vector.Load(x + c), Vector.Load(w + c), Vector.Load(sums + c)).Store(sums + c);
        }

        for (; c < channels; c++)
        {
            sums[c] += x[c] * w[c];
        }
    }
}
