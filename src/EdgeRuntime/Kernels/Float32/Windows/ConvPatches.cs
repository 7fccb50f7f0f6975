using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Kernels.Float32.Dense;

namespace EdgeInference.Runtime.Kernels.Float32.Windows;

/// <summary>
/// Conv whose windows are laid out as rows, which Dense multiplies: for a single output, for fewer outputs than a vector
/// is worth, and for weights or padding too large to pack.
/// </summary>
internal static unsafe class ConvPatches
{
    // Rows that Dense works on at a time: enough to use each weight often, few enough to stay in the nearest cache.
    private const int PatchBytes = 16 * 1024;

    internal static BoundKernel Bind(in BindContext context, ConvGeometry geometry, DenseArguments dense, ActivationKind kind)
    {
        dense.Rows = Math.Min(dense.Rows, Math.Max(PatchBytes / (dense.Depth * sizeof(float)), 8));
        BoundKernel multiply = DenseKernel.Bind(in context, dense, kind, out DenseArguments* kept);
        var arguments = new Arguments
        {
            Geometry = geometry,
            Dense = kept,
            Multiply = multiply,
            Patches = (float*)context.Scratch((long)kept->Rows * dense.Depth * sizeof(float)),
            PatchRows = kept->Rows,
            Depth = dense.Depth,
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
