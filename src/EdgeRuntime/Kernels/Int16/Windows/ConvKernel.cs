using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Int8;
using EdgeInference.Runtime.Simd.Int8.Dot;
using EdgeInference.Runtime.Simd.Int8.Sums;

namespace EdgeInference.Runtime.Kernels.Int16.Windows;

/// <summary>
/// Conv with int16 activations and int8 weights: int64 sums and bias, requantized by channel as in TensorFlow Lite's 16×8 scheme,
/// clamped, and looked up in a table where the operator has one. Padding is 0, the zero point of every int16 tensor.
/// </summary>
internal static unsafe class ConvKernel
{
    // An image with its padding is copied; a file that asks for more padding than this gets the scalar kernel, which needs none.
    private const long LargestImage = 32L << 20;

    internal static BoundKernel Bind(in BindContext context)
    {
        var geometry = new WindowGeometry(context.Operator);
        var arguments = new ConvArguments
        {
            Geometry = geometry,
            Input = (short*)context.InputData(0),
            Weights = (sbyte*)context.InputData(1),
            Output = context.OutputData(),
            OutputBytes = geometry.Units * TensorTypes.SizeOf(context.Output().Type),
            Requantization = WideRequantization.Bind(in context, geometry.Units),
        };
        bool fast = context.Fast && (!geometry.ReachesOutside || geometry.ReachedElements <= LargestImage);
        if (!fast)
        {
            return new BoundKernel(&RunReference, context.Keep(arguments));
        }

        arguments.Image = PaddedImage.Bind(in context, in geometry, 0, sizeof(short));
        if (geometry.IsDepthwise && DepthwiseConv.TryBind(in context, ref arguments, out BoundKernel depthwise))
        {
            return depthwise;
        }

        // The kernels read up to a vector beyond the image; only the arena has room behind it.
        var binding = new PanelBinding { Context = context, Arguments = arguments };
        if (geometry.Groups == 1 && geometry.ReachedElements <= LargestImage && context.Input(0).Storage != TensorStorage.Constant
            && Int8Ladder.Dots<BindPanels, PanelBinding>(ref binding))
        {
            return binding.Kernel;
        }

        var choice = new Choice { Length = geometry.SegmentLength, Function = &RunReference };
        Int8Ladder.Sums<ChooseStep, Choice>(ref choice);
        return new BoundKernel(choice.Function, context.Keep(arguments));
    }

    private static void Run<TSums>(void* pointer)
        where TSums : struct, IInt32Sums<TSums>
    {
        ConvArguments* a = (ConvArguments*)pointer;
        ref readonly WindowGeometry g = ref a->Geometry;
        nint rowStride = (nint)g.ReachedWidth * g.Channels * g.StrideHeight;
        nint columnStride = (nint)g.StrideWidth * g.Channels;
        byte* output = a->Output;
        for (int batch = 0; batch < g.Batch; batch++)
        {
            short* image = (short*)a->Image.Load(batch);
            for (int row = 0; row < g.OutputHeight; row++)
            {
                short* corner = image + (row * rowStride);
                for (int column = 0; column < g.OutputWidth; column++, corner += columnStride)
                {
                    Window<TSums>(a, corner, output);
                    output += a->OutputBytes;
                }
            }
        }
    }

    private static void Window<TSums>(ConvArguments* a, short* corner, byte* output)
        where TSums : struct, IInt32Sums<TSums>
    {
        ref readonly WindowGeometry g = ref a->Geometry;
        int depth = g.ChannelsPerGroup;
        int segment = g.SegmentLength;
        int segments = depth * g.KernelWidth / segment;
        nint rowStride = (nint)g.ReachedWidth * g.Channels * g.DilationHeight;
        nint columnStride = (nint)g.DilationWidth * g.Channels;
        sbyte* w = a->Weights;
        for (int unit = 0; unit < g.Units; unit++)
        {
            short* line = corner + (unit / g.UnitsPerGroup * depth);
            long sum = 0;
            for (int i = 0; i < g.KernelHeight; i++, line += rowStride)
            {
                for (int j = 0; j < segments; j++, w += segment)
                {
                    sum += WideSums.Dot<TSums>(line + (j * columnStride), w, segment);
                }
            }

            a->Requantization.Store(sum, unit, output);
        }
    }

    private static void RunReference(void* pointer)
    {
        ConvArguments* a = (ConvArguments*)pointer;
        ref readonly WindowGeometry g = ref a->Geometry;
        byte* output = a->Output;
        for (int batch = 0; batch < g.Batch; batch++)
        {
            short* image = a->Input + ((nint)batch * g.Height * g.Width * g.Channels);
            for (int row = 0; row < g.OutputHeight; row++)
            {
                for (int column = 0; column < g.OutputWidth; column++)
                {
                    for (int unit = 0; unit < g.Units; unit++)
                    {
                        a->Requantization.Store(Sum(in *a, image, row, column, unit), unit, output);
                    }

                    output += a->OutputBytes;
                }
            }
        }
    }

    private static long Sum(in ConvArguments a, short* image, int row, int column, int unit)
    {
        ref readonly WindowGeometry g = ref a.Geometry;
        int depth = g.ChannelsPerGroup;
        long sum = 0;
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

                short* source = image + ((((nint)y * g.Width) + x) * g.Channels) + (unit / g.UnitsPerGroup * depth);
                sbyte* w = a.Weights + ((((((nint)unit * g.KernelHeight) + i) * g.KernelWidth) + j) * depth);
                for (int k = 0; k < depth; k++)
                {
                    sum += source[k] * w[k];
                }
            }
        }

        return sum;
    }

    private readonly struct BindPanels : IDotStep<PanelBinding>
    {
        public static bool Run<TLanes>(ref PanelBinding binding)
            where TLanes : struct, IDotLanes<TLanes>
            => TLanes.Size == sizeof(short) && ConvPanels<TLanes>.TryBind(in binding.Context, in binding.Arguments, out binding.Kernel);
    }

    private readonly struct ChooseStep : ISumStep<Choice>
    {
        public static bool Run<TSums>(ref Choice choice)
            where TSums : struct, IInt32Sums<TSums>
        {
            choice.Function = &ConvKernel.Run<TSums>;
            return choice.Length >= TSums.Count;
        }
    }

    private ref struct PanelBinding
    {
        internal BindContext Context;
        internal ConvArguments Arguments;
        internal BoundKernel Kernel;
    }

    private struct Choice
    {
        internal int Length;
        internal delegate*<void*, void> Function;
    }
}
