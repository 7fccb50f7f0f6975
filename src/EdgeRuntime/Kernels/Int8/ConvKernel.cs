using System.Numerics;
using ModelFormat;
using ModelFormat.Rules;

namespace EdgeRuntime.Kernels.Int8;

/// <summary>
/// Conv with int8 activations and weights: int32 accumulators, requantized by channel as in the TensorFlow Lite quantization
/// specification, clamped, and looked up in a table where the operator has one. Padding holds the input's zero point, so
/// that it adds nothing.
/// </summary>
internal static unsafe class ConvKernel
{
    // An image with its padding is copied; a file that asks for more padding than this gets the scalar kernel, which needs none.
    private const long LargestImage = 64L << 20;

    // Windows copied at a time, few enough to stay in the nearest cache.
    private const int WindowBytes = 16 * 1024;
    private const int LargestWindow = 1 << 20;

    // What a fast kernel may read beyond a row.
    private const int VectorRoom = 64;

    internal static BoundKernel Bind(in BindContext context)
    {
        OperatorRecord record = context.Operator;
        TensorRecord weights = context.Input(1);
        var geometry = new WindowGeometry(record);
        bool fast = context.Fast && (!geometry.ReachesOutside || geometry.ReachedElements <= LargestImage);
        var arguments = new Arguments
        {
            Geometry = geometry,
            Input = (sbyte*)context.InputData(0),
            Weights = (sbyte*)context.InputData(1),
            Bias = (int*)context.InputData(2),
            Output = context.OutputData(),
            OutputBytes = geometry.Units * TensorTypes.SizeOf(context.Output().Type),
            InputZeroPoint = context.Input(0).ZeroPoint,
            Sums = (int*)context.Scratch(Requantizer.Padded(geometry.Units) * sizeof(int)),
            Requantization = Requantizer.Bind(in context, 3, geometry.Units),
            Requantize = Requantizer.Function(fast, geometry.Units),
        };
        arguments.Requantization.ZeroPoint = record.Int(DenseRule.ZeroPoint);
        arguments.Requantization.Min = record.Int(DenseRule.Min);
        arguments.Requantization.Max = record.Int(DenseRule.Max);
        arguments.Requantization.Table = context.InputData(5);
        if (!fast)
        {
            return new BoundKernel(&RunReference, context.Keep(arguments));
        }

        var packing = new Packing
        {
            Weights = arguments.Weights,
            Bias = arguments.Bias,
            Units = geometry.Units,
            Window = weights.Elements / geometry.Units,
            InputZeroPoint = arguments.InputZeroPoint,
        };
        arguments.Bias = (int*)context.Shared("bias", geometry.Units * sizeof(int), packing, FoldZeroPoint);
        arguments.Image = PaddedImage.Bind(in context, in geometry, unchecked((byte)arguments.InputZeroPoint));
        if (geometry.IsDepthwise)
        {
            arguments.Weights = (sbyte*)context.Shared("depthwise", weights.Bytes, packing, Interleave);
            return new BoundKernel(&RunDepthwise, context.Keep(arguments));
        }

        return BindPanels(in context, ref arguments) ? new BoundKernel(&RunPanels, context.Keep(arguments)) : new BoundKernel(&Run, context.Keep(arguments));
    }

    // Without groups a window is a row of Dense: windows are copied side by side, and Dense's packed weights serve them all.
    private static bool BindPanels(in BindContext context, ref Arguments arguments)
    {
        ref readonly WindowGeometry g = ref arguments.Geometry;
        int depth = context.Input(1).Elements / g.Units;
        if (g.Groups != 1 || depth > LargestWindow)
        {
            return false;
        }

        var dense = new DenseArguments
        {
            Units = g.Units,
            Depth = depth,
            OutputBytes = arguments.OutputBytes,
            Sums = arguments.Sums,
            Requantization = arguments.Requantization,
            Requantize = arguments.Requantize,
        };
        arguments.Panels = DenseKernel.Prepare(in context, ref dense);
        if (arguments.Panels == null)
        {
            return false;
        }

        arguments.WindowRows = Math.Min(g.OutputWidth, Math.Max(1, WindowBytes / depth));
        dense.Input = (sbyte*)context.Scratch((arguments.WindowRows * depth) + VectorRoom);
        arguments.Dense = (DenseArguments*)context.Keep(dense);
        return true;
    }

    // Σ w(x − z) = Σ wx − z Σ w: the last term does not depend on x and joins the bias.
    private static void FoldZeroPoint(byte* destination, Packing packing)
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

    // Depthwise: channels side by side, as they lie in the image.
    private static void Interleave(byte* destination, Packing packing)
    {
        for (int unit = 0; unit < packing.Units; unit++)
        {
            for (int i = 0; i < packing.Window; i++)
            {
                ((sbyte*)destination)[((nint)i * packing.Units) + unit] = packing.Weights[((nint)unit * packing.Window) + i];
            }
        }
    }

    private static void Run(void* pointer) => Windows(pointer, &Place);

    private static void RunDepthwise(void* pointer) => Windows(pointer, &DepthwisePlace);

    private static void Windows(void* pointer, delegate*<Arguments*, sbyte*, void> place)
    {
        Arguments* a = (Arguments*)pointer;
        ref readonly WindowGeometry g = ref a->Geometry;
        nint rowStride = (nint)g.ReachedWidth * g.Channels;
        byte* output = a->Output;
        for (int batch = 0; batch < g.Batch; batch++)
        {
            sbyte* image = (sbyte*)a->Image.Load(batch);
            for (int row = 0; row < g.OutputHeight; row++)
            {
                sbyte* corner = image + (row * g.StrideHeight * rowStride);
                for (int column = 0; column < g.OutputWidth; column++)
                {
                    place(a, corner);
                    a->Requantize(a->Sums, &a->Requantization, output, g.Units);
                    corner += (nint)g.StrideWidth * g.Channels;
                    output += a->OutputBytes;
                }
            }
        }
    }

    private static void RunPanels(void* pointer)
    {
        Arguments* a = (Arguments*)pointer;
        ref readonly WindowGeometry g = ref a->Geometry;
        nint rowStride = (nint)g.ReachedWidth * g.Channels;
        a->Dense->Output = a->Output;
        for (int batch = 0; batch < g.Batch; batch++)
        {
            sbyte* image = (sbyte*)a->Image.Load(batch);
            for (int row = 0; row < g.OutputHeight; row++)
            {
                sbyte* line = image + (row * g.StrideHeight * rowStride);
                for (int column = 0; column < g.OutputWidth; column += a->WindowRows)
                {
                    int count = Math.Min(a->WindowRows, g.OutputWidth - column);
                    CopyWindows(in g, line + ((nint)column * g.StrideWidth * g.Channels), a->Dense->Input, count);
                    a->Dense->Rows = count;
                    a->Panels(a->Dense);
                    a->Dense->Output += (nint)count * a->OutputBytes;
                }
            }
        }
    }

    private static void CopyWindows(in WindowGeometry g, sbyte* corner, sbyte* destination, int count)
    {
        int segment = g.DilationWidth == 1 ? g.Channels * g.KernelWidth : g.Channels;
        int segments = g.DilationWidth == 1 ? 1 : g.KernelWidth;
        nint rowStride = (nint)g.ReachedWidth * g.Channels * g.DilationHeight;
        nint columnStride = (nint)g.DilationWidth * g.Channels;
        for (int window = 0; window < count; window++)
        {
            sbyte* line = corner;
            for (int i = 0; i < g.KernelHeight; i++)
            {
                for (int j = 0; j < segments; j++)
                {
                    new ReadOnlySpan<sbyte>(line + (j * columnStride), segment).CopyTo(new Span<sbyte>(destination, segment));
                    destination += segment;
                }

                line += rowStride;
            }

            corner += (nint)g.StrideWidth * g.Channels;
        }
    }

    private static void Place(Arguments* a, sbyte* corner)
    {
        ref readonly WindowGeometry g = ref a->Geometry;

        // Neighbours in a row of the window lie side by side unless dilation or a group parts them.
        bool whole = g.Groups == 1 && g.DilationWidth == 1;
        int depth = g.ChannelsPerGroup;
        int segment = whole ? depth * g.KernelWidth : depth;
        int segments = whole ? 1 : g.KernelWidth;
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
                        sum += Dot(line + (j * columnStride), w, segment);
                        w += segment;
                    }

                    line += rowStride;
                }

                a->Sums[unit] = sum;
            }
        }
    }

    private static void DepthwisePlace(Arguments* a, sbyte* corner)
    {
        ref readonly WindowGeometry g = ref a->Geometry;
        nint rowStride = (nint)g.ReachedWidth * g.Channels * g.DilationHeight;
        nint columnStride = (nint)g.DilationWidth * g.Channels;
        int quarter = Vector<int>.Count;
        int channel = 0;
        for (; channel <= g.Channels - Vector<sbyte>.Count; channel += Vector<sbyte>.Count)
        {
            Vector<int> s0 = Vector.Load(a->Bias + channel);
            Vector<int> s1 = Vector.Load(a->Bias + channel + quarter);
            Vector<int> s2 = Vector.Load(a->Bias + channel + (2 * quarter));
            Vector<int> s3 = Vector.Load(a->Bias + channel + (3 * quarter));
            sbyte* w = a->Weights + channel;
            for (int i = 0; i < g.KernelHeight; i++)
            {
                sbyte* x = corner + channel + (i * rowStride);
                for (int j = 0; j < g.KernelWidth; j++)
                {
                    Vector.Widen(Vector.Load(x), out Vector<short> xLow, out Vector<short> xHigh);
                    Vector.Widen(Vector.Load(w), out Vector<short> wLow, out Vector<short> wHigh);
                    Vector.Widen(xLow * wLow, out Vector<int> p0, out Vector<int> p1);
                    Vector.Widen(xHigh * wHigh, out Vector<int> p2, out Vector<int> p3);
                    s0 += p0;
                    s1 += p1;
                    s2 += p2;
                    s3 += p3;
                    x += columnStride;
                    w += g.Channels;
                }
            }

            s0.Store(a->Sums + channel);
            s1.Store(a->Sums + channel + quarter);
            s2.Store(a->Sums + channel + (2 * quarter));
            s3.Store(a->Sums + channel + (3 * quarter));
        }

        for (; channel < g.Channels; channel++)
        {
            int sum = a->Bias[channel];
            sbyte* w = a->Weights + channel;
            for (int i = 0; i < g.KernelHeight; i++)
            {
                sbyte* x = corner + channel + (i * rowStride);
                for (int j = 0; j < g.KernelWidth; j++)
                {
                    sum += *x * *w;
                    x += columnStride;
                    w += g.Channels;
                }
            }

            a->Sums[channel] = sum;
        }
    }

    private static int Dot(sbyte* x, sbyte* w, int length)
    {
        Vector<int> sums = Vector<int>.Zero;
        int i = 0;
        for (; i <= length - Vector<sbyte>.Count; i += Vector<sbyte>.Count)
        {
            Vector.Widen(Vector.Load(x + i), out Vector<short> xLow, out Vector<short> xHigh);
            Vector.Widen(Vector.Load(w + i), out Vector<short> wLow, out Vector<short> wHigh);

            // A product of two int8 fits int16 (at most 16,384 in magnitude), a sum of two does not.
            Vector.Widen(xLow * wLow, out Vector<int> a, out Vector<int> b);
            Vector.Widen(xHigh * wHigh, out Vector<int> c, out Vector<int> d);
            sums += a + b + c + d;
        }

        int sum = Vector.Sum(sums);
        for (; i < length; i++)
        {
            sum += x[i] * w[i];
        }

        return sum;
    }

    private static void RunReference(void* pointer)
    {
        Arguments* a = (Arguments*)pointer;
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

    private static int Sum(in Arguments a, sbyte* image, int row, int column, int unit)
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

    private struct Packing
    {
        internal sbyte* Weights;
        internal int* Bias;
        internal int Units;
        internal int Window;
        internal int InputZeroPoint;
    }

    private struct Arguments
    {
        internal WindowGeometry Geometry;
        internal PaddedImage Image;
        internal sbyte* Input;
        internal sbyte* Weights;
        internal int* Bias;
        internal int* Sums;
        internal byte* Output;
        internal int OutputBytes;
        internal int InputZeroPoint;
        internal int WindowRows;
        internal DenseArguments* Dense;
        internal delegate*<void*, void> Panels;
        internal Requantization Requantization;
        internal delegate*<int*, Requantization*, byte*, nint, void> Requantize;
    }
}
