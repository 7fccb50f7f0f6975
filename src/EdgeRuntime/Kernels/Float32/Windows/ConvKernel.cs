using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Kernels.Float32.Dense;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Windows;

/// <summary>
/// Conv in float32: picks the kernel for this processor and this shape once, when it is bound; holds the scalar twin that
/// they are tested against.
/// </summary>
internal static unsafe class ConvKernel
{
    // An image with its padding is copied; a file that asks for more padding than this gets a kernel that needs none.
    private const long LargestImage = 16L << 20;

    // Keeps offsets within a window, and packed weights with their padding, below 2 GiB.
    private const int LargestDepth = 1 << 20;
    private const int LargestWeightBytes = 1 << 26;

    internal static BoundKernel Bind(in BindContext context)
    {
        ConvGeometry geometry = ConvGeometry.Of(in context);
        if (!context.Fast || !FloatVector128.IsSupported)
        {
            return new BoundKernel(&RunReference, context.Keep(geometry));
        }

        if (geometry.Groups > 1 && geometry.ChannelsPerGroup == 1 && geometry.UnitsPerGroup == 1)
        {
            return DepthwiseConvKernel.Bind(in context, geometry);
        }

        var kind = (ActivationKind)context.Operator.Int(DenseRule.Activation);
        int depth = geometry.KernelHeight * geometry.KernelWidth * geometry.ChannelsPerGroup;
        var dense = new DenseArguments
        {
            Input = geometry.Input,
            Weights = geometry.Weights,
            Bias = geometry.Bias,
            Output = geometry.Output,
            Units = geometry.Units,
            Depth = depth,
            Rows = geometry.Batch * geometry.OutputHeight * geometry.OutputWidth,
            Activation = geometry.Activation,
            Alpha = geometry.Alpha,
            Beta = geometry.Beta,
        };
        if (IsPointwise(in geometry))
        {
            return DenseKernel.Bind(in context, dense, kind, out _);
        }

        var window = new WindowGeometry(context.Operator);
        bool fits = depth <= LargestDepth && (!window.ReachesOutside || window.ReachedElements <= LargestImage);
        bool single = geometry.OutputHeight * geometry.OutputWidth == 1 || DenseKernel.HasFewUnits(geometry.Units, depth);
        if (geometry.Groups == 1 && depth <= LargestDepth && (single || !fits || context.Input(1).Bytes > LargestWeightBytes))
        {
            return ConvPatches.Bind(in context, geometry, dense, kind);
        }

        if (!fits || (long)context.Input(1).Bytes * (geometry.UnitsPerGroup + FloatVector512.Count - 1) / geometry.UnitsPerGroup > int.MaxValue)
        {
            return new BoundKernel(&RunReference, context.Keep(geometry));
        }

        dense.Fuse(kind);
        var binding = new PanelBinding { Context = context, Window = window, Dense = dense };
        FloatLadder.Vectors<BindPanels, PanelBinding>(ref binding);
        return binding.Kernel;
    }

    // Every output's window is one pixel, and they lie in order.
    private static bool IsPointwise(in ConvGeometry g) =>
        g is { Groups: 1, KernelHeight: 1, KernelWidth: 1, StrideHeight: 1, StrideWidth: 1, PadTop: 0, PadLeft: 0 }
        && g.OutputHeight == g.Height && g.OutputWidth == g.Width;

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

    private readonly struct BindPanels : IFloatStep<PanelBinding>
    {
        public static bool Run<TVector>(ref PanelBinding binding)
            where TVector : struct, IFloatVector<TVector>
        {
            // Vectors wider than a group's outputs would only multiply padding.
            if (TVector.Count > FloatVector128.Count && binding.Window.UnitsPerGroup <= TVector.Count / 2)
            {
                return false;
            }

            if (!ConvTiles<TVector>.TryBind(in binding.Context, in binding.Window, binding.Dense, out binding.Kernel))
            {
                binding.Kernel = ConvPanels<TVector>.Bind(in binding.Context, in binding.Window, binding.Dense);
            }

            return true;
        }
    }

    private ref struct PanelBinding
    {
        internal BindContext Context;
        internal WindowGeometry Window;
        internal DenseArguments Dense;
        internal BoundKernel Kernel;
    }
}
