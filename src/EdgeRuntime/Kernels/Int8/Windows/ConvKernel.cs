using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Kernels.Int8.Dense;
using EdgeInference.Runtime.Simd.Int8;
using EdgeInference.Runtime.Simd.Int8.Dot;
using EdgeInference.Runtime.Simd.Int8.Sums;

namespace EdgeInference.Runtime.Kernels.Int8.Windows;

/// <summary>
/// Conv with int8 activations and weights: int32 accumulators, requantized by channel as in the TensorFlow Lite quantization
/// specification, clamped, and looked up in a table where the operator has one. Padding holds the input's zero point, so
/// that it adds nothing.
/// </summary>
internal static unsafe class ConvKernel
{
    // An image with its padding is copied; a file that asks for more padding than this gets the scalar kernel, which needs none.
    private const long LargestImage = 64L << 20;

    private const int LargestWindow = 1 << 20;

    // Sums of so many windows wait to be requantized; a run of neighbours is not parted below the smaller number.
    private const int WindowsAtOnce = 16;
    private const int MinNeighbours = 8;

    internal static BoundKernel Bind(in BindContext context)
    {
        TensorInfo weights = context.Input(1);
        var geometry = new WindowGeometry(context.Operator);
        bool fast = context.Fast && (!geometry.ReachesOutside || geometry.ReachedElements <= LargestImage);
        var arguments = new ConvArguments
        {
            Geometry = geometry,
            Input = (sbyte*)context.InputData(0),
            Weights = (sbyte*)context.InputData(1),
            Bias = (int*)context.InputData(2),
            Output = context.OutputData(),
            OutputBytes = geometry.Units * TensorTypes.SizeOf(context.Output().Type),
            InputZeroPoint = context.Input(0).ZeroPoint,
            SumStride = Requantizer.Padded(geometry.Units),
            Requantization = Requantizer.Bind(in context, geometry.Units),
            Requantize = Requantizer.Function(in context, fast, geometry.Units),
        };
        arguments.Sums = (int*)context.Scratch((long)WindowsAtOnce * arguments.SumStride * sizeof(int));
        if (!fast)
        {
            return new BoundKernel(&RunReference, context.Keep(arguments));
        }

        var packing = new ConvPacking
        {
            Weights = arguments.Weights,
            Bias = arguments.Bias,
            Units = geometry.Units,
            Window = weights.Elements / geometry.Units,
            InputZeroPoint = arguments.InputZeroPoint,
        };
        RowRequantizer.Bind(in context, ref arguments.Requantization, packing.Weights, packing.Bias, packing.Units, packing.Window, packing.InputZeroPoint);
        arguments.Bias = (int*)context.Shared((long)geometry.Units * sizeof(int), packing, FoldZeroPoint);
        arguments.Image = PaddedImage.Bind(in context, in geometry, unchecked((byte)arguments.InputZeroPoint));
        if (geometry.IsDepthwise)
        {
            return DepthwiseConv.Bind(in context, ref arguments, packing);
        }

        if (TryBindPanels(in context, in arguments, packing, out BoundKernel kernel))
        {
            return kernel;
        }

        Int8Ladder.Sums<BindWindows, ConvArguments>(ref arguments);
        return new BoundKernel(&Run, context.Keep(arguments));
    }

    private static bool TryBindPanels(in BindContext context, in ConvArguments arguments, ConvPacking packing, out BoundKernel kernel)
    {
        ref readonly WindowGeometry g = ref arguments.Geometry;
        int depth = context.Input(1).Elements / g.Units;
        kernel = default;

        // The kernels read up to a vector beyond the image; only the arena has room behind it.
        if (g.Groups != 1 || depth > LargestWindow || g.ReachedElements > LargestImage || context.Input(0).Storage == TensorStorage.Constant)
        {
            return false;
        }

        var dense = new DenseArguments
        {
            Output = arguments.Output,
            Units = g.Units,
            Depth = depth,
            OutputBytes = arguments.OutputBytes,
            Requantization = arguments.Requantization,
            Requantize = arguments.Requantize,
        };
        var binding = new PanelBinding { Context = context, Geometry = g, Image = arguments.Image, Dense = dense, Packing = packing };
        bool bound = Int8Ladder.Dots<BindPanels, PanelBinding>(ref binding);
        kernel = binding.Kernel;
        return bound;
    }

    // Σ w(x − z) = Σ wx − z Σ w: the last term does not depend on x and joins the bias.
    internal static void FoldZeroPoint(byte* destination, ConvPacking packing)
    {
        for (int unit = 0; unit < packing.Units; unit++)
        {
            int sum = 0;
            for (int i = 0; i < packing.Window; i++)
            {
                sum += packing.Weights[((nint)unit * packing.Window) + i];
            }

            ((int*)destination)[unit] = (packing.Bias == null ? 0 : packing.Bias[unit]) - (packing.InputZeroPoint * sum);
        }
    }

    /// <summary>Runs the function that sums windows, a few at a time.</summary>
    internal static void Run(void* pointer)
    {
        ConvArguments* a = (ConvArguments*)pointer;
        ref readonly WindowGeometry g = ref a->Geometry;
        nint rowStride = (nint)g.ReachedWidth * g.Channels * g.StrideHeight;
        nint columnStride = (nint)g.StrideWidth * g.Channels;
        byte* output = a->Output;
        int waiting = 0;
        for (int batch = 0; batch < g.Batch; batch++)
        {
            sbyte* image = (sbyte*)a->Image.Load(batch);
            for (int row = 0; row < g.OutputHeight; row++)
            {
                sbyte* corner = image + (row * rowStride);
                for (int left = g.OutputWidth; left > 0;)
                {
                    if (WindowsAtOnce - waiting < Math.Min(left, MinNeighbours))
                    {
                        output = Requantize(a, waiting, output);
                        waiting = 0;
                    }

                    int windows = Math.Min(left, WindowsAtOnce - waiting);
                    a->AccumulateWindows(a, corner, a->Sums + (waiting * a->SumStride), windows);
                    corner += windows * columnStride;
                    waiting += windows;
                    left -= windows;
                }
            }
        }

        Requantize(a, waiting, output);
    }

    // Of a few windows at a time: sums that were just stored would have to be waited for.
    private static byte* Requantize(ConvArguments* a, int rows, byte* output)
    {
        Requantizer.Rows(a->Requantize, a->Sums, a->SumStride, rows, &a->Requantization, output, a->OutputBytes, a->Geometry.Units);
        return output + ((nint)rows * a->OutputBytes);
    }

    private static void AccumulateWindows<TSums>(ConvArguments* a, sbyte* corner, int* sums, int windows)
        where TSums : struct, IInt32Sums<TSums>
    {
        ref readonly WindowGeometry g = ref a->Geometry;
        for (int i = 0; i < windows; i++)
        {
            AccumulateWindow<TSums>(a, corner, sums);
            corner += (nint)g.StrideWidth * g.Channels;
            sums += a->SumStride;
        }
    }

    private static void AccumulateWindow<TSums>(ConvArguments* a, sbyte* corner, int* sums)
        where TSums : struct, IInt32Sums<TSums>
    {
        ref readonly WindowGeometry g = ref a->Geometry;
        int depth = g.ChannelsPerGroup;
        int segment = g.SegmentLength;
        int segments = depth * g.KernelWidth / segment;
        nint rowStride = (nint)g.ReachedWidth * g.Channels * g.DilationHeight;
        nint columnStride = (nint)g.DilationWidth * g.Channels;
        sbyte* w = a->Weights;
        for (int group = 0, unit = 0; group < g.Groups; group++)
        {
            for (int end = unit + g.UnitsPerGroup; unit < end; unit++)
            {
                int sum = a->Bias[unit];
                sbyte* line = corner + (group * depth);
                for (int i = 0; i < g.KernelHeight; i++)
                {
                    for (int j = 0; j < segments; j++)
                    {
                        sum += Dot<TSums>(line + (j * columnStride), w, segment);
                        w += segment;
                    }

                    line += rowStride;
                }

                sums[unit] = sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Dot<TSums>(sbyte* x, sbyte* w, int length)
        where TSums : struct, IInt32Sums<TSums>
    {
        TSums sums = 0;
        int i = 0;
        for (; i <= length - TSums.Count; i += TSums.Count)
        {
            sums = TSums.MultiplyAdd(sums, x + i, w + i);
        }

        int sum = (int)TSums.Total(sums);
        for (; i < length; i++)
        {
            sum += x[i] * w[i];
        }

        return sum;
    }

    private static void RunReference(void* pointer)
    {
        ConvArguments* a = (ConvArguments*)pointer;
        ref readonly WindowGeometry g = ref a->Geometry;
        byte* output = a->Output;
        for (int batch = 0; batch < g.Batch; batch++)
        {
            sbyte* image = a->Input + ((nint)batch * g.Height * g.Width * g.Channels);
            for (int row = 0; row < g.OutputHeight; row++)
            {
                for (int column = 0; column < g.OutputWidth; column++)
                {
                    for (int unit = 0; unit < g.Units; unit++)
                    {
                        a->Sums[unit] = Sum(in *a, image, row, column, unit);
                    }

                    a->Requantize(a->Sums, &a->Requantization, output, g.Units);
                    output += a->OutputBytes;
                }
            }
        }
    }

    private static int Sum(in ConvArguments a, sbyte* image, int row, int column, int unit)
    {
        ref readonly WindowGeometry g = ref a.Geometry;
        int depth = g.ChannelsPerGroup;
        int sum = a.Bias == null ? 0 : a.Bias[unit];
        for (int i = 0; i < g.KernelHeight; i++)
        {
            int y = (row * g.StrideHeight) + (i * g.DilationHeight) - g.PadTop;
            for (int j = 0; j < g.KernelWidth; j++)
            {
                int x = (column * g.StrideWidth) + (j * g.DilationWidth) - g.PadLeft;
                if (y < 0 || y >= g.Height || x < 0 || x >= g.Width)
                {
                    continue;
                }

                sbyte* source = image + ((((nint)y * g.Width) + x) * g.Channels) + (unit / g.UnitsPerGroup * depth);
                sbyte* w = a.Weights + ((((((nint)unit * g.KernelHeight) + i) * g.KernelWidth) + j) * depth);
                for (int k = 0; k < depth; k++)
                {
                    sum += (source[k] - a.InputZeroPoint) * w[k];
                }
            }
        }

        return sum;
    }

    private readonly struct BindPanels : IDotStep<PanelBinding>
    {
        public static bool Run<TLanes>(ref PanelBinding binding)
            where TLanes : struct, IDotLanes<TLanes>
            => ConvTiles<TLanes>.TryBind(in binding.Context, in binding.Geometry, binding.Image, binding.Dense, binding.Packing, out binding.Kernel)
                || ConvPanels<TLanes>.TryBind(in binding.Context, in binding.Geometry, binding.Image, binding.Dense, out binding.Kernel);
    }

    private readonly struct BindWindows : ISumStep<ConvArguments>
    {
        public static bool Run<TSums>(ref ConvArguments arguments)
            where TSums : struct, IInt32Sums<TSums>
        {
            arguments.AccumulateWindows = &AccumulateWindows<TSums>;
            return arguments.Geometry.SegmentLength >= TSums.Count;
        }
    }

    private ref struct PanelBinding
    {
        internal BindContext Context;
        internal WindowGeometry Geometry;
        internal PaddedImage Image;
        internal DenseArguments Dense;
        internal ConvPacking Packing;
        internal BoundKernel Kernel;
    }
}
