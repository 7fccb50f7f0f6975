using System.Runtime.CompilerServices;

namespace EdgeInference.Runtime.Kernels.Float32.Windows;

/// <summary>ConvTranspose in float32: every input pixel adds its window, weighted, to the output.</summary>
internal static unsafe class ConvTransposeKernel
{
    internal static BoundKernel Bind(in BindContext context) => new(&Run, context.Keep(ConvGeometry.Of(in context)));

    private static void Run(void* pointer)
    {
        ref readonly ConvGeometry g = ref Unsafe.AsRef<ConvGeometry>(pointer);
        nint pixels = (nint)g.Batch * g.OutputHeight * g.OutputWidth;
        for (nint i = 0; i < pixels; i++)
        {
            for (int unit = 0; unit < g.Units; unit++)
            {
                g.Output[(i * g.Units) + unit] = g.Bias == null ? 0f : g.Bias[unit];
            }
        }

        float* pixel = g.Input;
        for (int n = 0; n < g.Batch; n++)
        {
            float* image = g.Output + ((nint)n * g.OutputHeight * g.OutputWidth * g.Units);
            for (int row = 0; row < g.Height; row++)
            {
                for (int column = 0; column < g.Width; column++, pixel += g.Channels)
                {
                    Spread(in g, pixel, image, row, column);
                }
            }
        }

        g.Activation(g.Output, g.Output, pixels * g.Units, g.Alpha, g.Beta);
    }

    private static void Spread(in ConvGeometry g, float* pixel, float* image, int row, int column)
    {
        int channels = g.ChannelsPerGroup;
        for (int i = 0; i < g.KernelHeight; i++)
        {
            int y = (row * g.StrideHeight) - g.PadTop + (i * g.DilationHeight);
            for (int j = 0; j < g.KernelWidth; j++)
            {
                int x = (column * g.StrideWidth) - g.PadLeft + (j * g.DilationWidth);
                if ((uint)y >= (uint)g.OutputHeight || (uint)x >= (uint)g.OutputWidth)
                {
                    continue;
                }

                float* target = image + ((((nint)y * g.OutputWidth) + x) * g.Units);
                for (int unit = 0; unit < g.Units; unit++)
                {
                    float* source = pixel + (unit / g.UnitsPerGroup * channels);
                    float* w = g.Weights + (((((nint)unit * g.KernelHeight) + i) * g.KernelWidth) + j) * channels;
                    float sum = 0f;
                    for (int c = 0; c < channels; c++)
                    {
                        sum += source[c] * w[c];
                    }

                    target[unit] += sum;
                }
            }
        }
    }
}
