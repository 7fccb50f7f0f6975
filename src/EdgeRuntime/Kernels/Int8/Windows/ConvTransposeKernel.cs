using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Kernels.Int8.Windows;

/// <summary>ConvTranspose with int8 activations and weights: every input pixel adds its window to int32 sums, which are requantized as Conv's are.</summary>
internal static unsafe class ConvTransposeKernel
{
    internal static BoundKernel Bind(in BindContext context)
    {
        var geometry = new WindowGeometry(context.Operator);
        var arguments = new Arguments
        {
            Geometry = geometry,
            Input = (sbyte*)context.InputData(0),
            Weights = (sbyte*)context.InputData(1),
            Bias = (int*)context.InputData(2),
            Output = context.OutputData(),
            OutputBytes = geometry.Units * TensorTypes.SizeOf(context.Output().Type),
            InputZeroPoint = context.Input(0).ZeroPoint,
            Sums = (int*)context.Scratch((((long)geometry.OutputHeight * geometry.OutputWidth * geometry.Units) + Requantizer.Padding) * sizeof(int)),
            PlaceSums = (int*)context.Scratch((long)Requantizer.Padded(geometry.Units) * sizeof(int)),
            Requantization = Requantizer.Bind(in context, geometry.Units),
            Requantize = Requantizer.Function(in context, context.Fast, geometry.Units),
        };
        return new BoundKernel(&Run, context.Keep(arguments));
    }

    private static void Run(void* pointer)
    {
        Arguments* a = (Arguments*)pointer;
        ref readonly WindowGeometry g = ref a->Geometry;
        int places = g.OutputHeight * g.OutputWidth;
        byte* output = a->Output;
        for (int batch = 0; batch < g.Batch; batch++)
        {
            for (int i = 0; i < places * g.Units; i++)
            {
                a->Sums[i] = a->Bias == null ? 0 : a->Bias[i % g.Units];
            }

            sbyte* pixel = a->Input + ((nint)batch * g.Height * g.Width * g.Channels);
            for (int row = 0; row < g.Height; row++)
            {
                for (int column = 0; column < g.Width; column++, pixel += g.Channels)
                {
                    Spread(in *a, pixel, row, column);
                }
            }

            for (int place = 0; place < places; place++)
            {
                // The requantizer overwrites a whole vector, which may reach into the next place.
                Unsafe.CopyBlockUnaligned(a->PlaceSums, a->Sums + ((nint)place * g.Units), (uint)(g.Units * sizeof(int)));
                a->Requantize(a->PlaceSums, &a->Requantization, output, g.Units);
                output += a->OutputBytes;
            }
        }
    }

    private static void Spread(in Arguments a, sbyte* pixel, int row, int column)
    {
        ref readonly WindowGeometry g = ref a.Geometry;
        int depth = g.ChannelsPerGroup;
        for (int i = 0; i < g.KernelHeight; i++)
        {
            int y = (row * g.StrideHeight) + (i * g.DilationHeight) - g.PadTop;
            for (int j = 0; j < g.KernelWidth && y >= 0 && y < g.OutputHeight; j++)
            {
                int x = (column * g.StrideWidth) + (j * g.DilationWidth) - g.PadLeft;
                if (x < 0 || x >= g.OutputWidth)
                {
                    continue;
                }

                int* sums = a.Sums + ((((nint)y * g.OutputWidth) + x) * g.Units);
                for (int unit = 0; unit < g.Units; unit++)
                {
                    sbyte* source = pixel + (unit / g.UnitsPerGroup * depth);
                    sbyte* w = a.Weights + ((((((nint)unit * g.KernelHeight) + i) * g.KernelWidth) + j) * depth);
                    int sum = 0;
                    for (int k = 0; k < depth; k++)
                    {
                        sum += (source[k] - a.InputZeroPoint) * w[k];
                    }

                    sums[unit] += sum;
                }
            }
        }
    }

    private struct Arguments
    {
        internal WindowGeometry Geometry;
        internal sbyte* Input;
        internal sbyte* Weights;
        internal int* Bias;
        internal int* Sums;
        internal int* PlaceSums;
        internal byte* Output;
        internal int OutputBytes;
        internal int InputZeroPoint;
        internal Requantization Requantization;
        internal delegate*<int*, Requantization*, byte*, nint, void> Requantize;
    }
}
