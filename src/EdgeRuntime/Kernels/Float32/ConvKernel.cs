using System.Runtime.CompilerServices;
using ModelFormat;
using ModelFormat.Rules;

namespace EdgeRuntime.Kernels.Float32;

/// <summary>
/// Conv in float32. Fast: the windows of some outputs are laid out as rows, and Dense multiplies them, whose weights lie
/// in the same order; depthwise has a kernel of its own. The scalar twin is the formula.
/// </summary>
internal static unsafe class ConvKernel
{
    // Rows that Dense works on at a time: enough to use each weight often, few enough to stay in the nearest cache.
    private const int PatchBytes = 16 * 1024;

    // Keeps the scratch of eight windows below 32 MiB.
    private const int LargestDepth = 1 << 20;

    internal static BoundKernel Bind(in BindContext context)
    {
        ConvGeometry geometry = ConvGeometry.Of(in context);
        if (!context.Fast)
        {
            return new BoundKernel(&RunReference, context.Keep(geometry));
        }

        if (geometry.Groups > 1)
        {
            bool depthwise = geometry.ChannelsPerGroup == 1 && geometry.UnitsPerGroup == 1;
            return depthwise ? DepthwiseConvKernel.Bind(in context, geometry) : new BoundKernel(&RunReference, context.Keep(geometry));
        }

        int depth = geometry.KernelHeight * geometry.KernelWidth * geometry.Channels;
        if (depth > LargestDepth)
        {
            return new BoundKernel(&RunReference, context.Keep(geometry));
        }

        long outputs = (long)geometry.Batch * geometry.OutputHeight * geometry.OutputWidth;
        var dense = new DenseArguments
        {
            Input = geometry.Input,
            Weights = geometry.Weights,
            Bias = geometry.Bias,
            Output = geometry.Output,
            Units = geometry.Units,
            Depth = depth,
            Rows = (int)outputs,
            Activation = geometry.Activation,
            Alpha = geometry.Alpha,
            Beta = geometry.Beta,
        };
        bool pointwise = geometry is { KernelHeight: 1, KernelWidth: 1, StrideHeight: 1, StrideWidth: 1, PadTop: 0, PadLeft: 0 }
            && geometry.OutputHeight == geometry.Height && geometry.OutputWidth == geometry.Width;
        if (!pointwise)
        {
            dense.Rows = (int)Math.Clamp(PatchBytes / (depth * sizeof(float)), 8, outputs < 8 ? 8 : outputs);
        }

        var kind = (ActivationKind)context.Operator.Int(DenseRule.Activation);
        BoundKernel multiply = DenseKernel.Bind(in context, dense, kind, out DenseArguments* kept);
        if (pointwise)
        {
            return multiply;
        }

        var arguments = new Arguments
        {
            Geometry = geometry,
            Dense = kept,
            Multiply = multiply,
            Patches = (float*)context.Scratch(kept->Rows * depth * sizeof(float)),
            PatchRows = kept->Rows,
            Depth = depth,
        };
        return new BoundKernel(&Run, context.Keep(arguments));
    }

    private static void Run(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        ref readonly ConvGeometry g = ref a.Geometry;
        float* output = g.Output;
        int filled = 0;
        for (int n = 0; n < g.Batch; n++)
        {
            float* image = g.Input + ((nint)n * g.Height * g.Width * g.Channels);
            for (int row = 0; row < g.OutputHeight; row++)
            {
                for (int column = 0; column < g.OutputWidth; column++)
                {
                    CopyWindow(in g, image, row, column, a.Patches + ((nint)filled * a.Depth));
                    if (++filled == a.PatchRows)
                    {
                        output = Flush(in a, output, ref filled);
                    }
                }
            }
        }

        if (filled > 0)
        {
            Flush(in a, output, ref filled);
        }
    }

    private static float* Flush(in Arguments a, float* output, ref int filled)
    {
        a.Dense->Input = a.Patches;
        a.Dense->Output = output;
        a.Dense->Rows = filled;
        a.Multiply.Run();
        output += (nint)filled * a.Geometry.Units;
        filled = 0;
        return output;
    }

    private static void CopyWindow(in ConvGeometry g, float* image, int row, int column, float* patch)
    {
        int lineElements = g.KernelWidth * g.Channels;
        int left = (column * g.StrideWidth) - g.PadLeft;
        bool whole = g.DilationWidth == 1 && left >= 0 && left + g.KernelWidth <= g.Width;
        for (int k = 0; k < g.KernelHeight; k++, patch += lineElements)
        {
            int y = (row * g.StrideHeight) - g.PadTop + (k * g.DilationHeight);
            if ((uint)y >= (uint)g.Height)
            {
                new Span<float>(patch, lineElements).Clear();
                continue;
            }

            float* line = image + ((nint)y * g.Width * g.Channels);
            if (whole)
            {
                new ReadOnlySpan<float>(line + ((nint)left * g.Channels), lineElements).CopyTo(new Span<float>(patch, lineElements));
                continue;
            }

            for (int j = 0; j < g.KernelWidth; j++)
            {
                int x = left + (j * g.DilationWidth);
                var target = new Span<float>(patch + (j * g.Channels), g.Channels);
                if ((uint)x < (uint)g.Width)
                {
                    new ReadOnlySpan<float>(line + ((nint)x * g.Channels), g.Channels).CopyTo(target);
                }
                else
                {
                    target.Clear();
                }
            }
        }
    }

    private static void RunReference(void* pointer)
    {
        ref readonly ConvGeometry g = ref Unsafe.AsRef<ConvGeometry>(pointer);
        float* output = g.Output;
        for (int n = 0; n < g.Batch; n++)
        {
            float* image = g.Input + ((nint)n * g.Height * g.Width * g.Channels);
            for (int row = 0; row < g.OutputHeight; row++)
            {
                for (int column = 0; column < g.OutputWidth; column++)
                {
                    for (int unit = 0; unit < g.Units; unit++)
                    {
                        output[unit] = Window(in g, image, row, column, unit);
                    }

                    g.Activation(output, output, g.Units, g.Alpha, g.Beta);
                    output += g.Units;
                }
            }
        }
    }

    private static float Window(in ConvGeometry g, float* image, int row, int column, int unit)
    {
        float sum = g.Bias == null ? 0f : g.Bias[unit];
        int channels = g.ChannelsPerGroup;
        int first = unit / g.UnitsPerGroup * channels;
        float* w = g.Weights + ((nint)unit * g.KernelHeight * g.KernelWidth * channels);
        for (int i = 0; i < g.KernelHeight; i++)
        {
            int y = (row * g.StrideHeight) - g.PadTop + (i * g.DilationHeight);
            for (int j = 0; j < g.KernelWidth; j++, w += channels)
            {
                int x = (column * g.StrideWidth) - g.PadLeft + (j * g.DilationWidth);
                if ((uint)y >= (uint)g.Height || (uint)x >= (uint)g.Width)
                {
                    continue;
                }

                float* pixel = image + (((nint)y * g.Width) + x) * g.Channels + first;
                for (int c = 0; c < channels; c++)
                {
                    sum += pixel[c] * w[c];
                }
            }
        }

        return sum;
    }

    private struct Arguments
    {
        internal ConvGeometry Geometry;
        internal DenseArguments* Dense;
        internal BoundKernel Multiply;
        internal float* Patches;
        internal int PatchRows;
        internal int Depth;
    }
}
