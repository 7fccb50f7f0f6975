using System.Runtime.CompilerServices;
using ModelFormat;
using ModelFormat.Rules;

namespace EdgeRuntime.Kernels.Float32;

/// <summary>MaxPool and AveragePool in float32, channels last.</summary>
internal static unsafe class PoolKernel
{
    internal static BoundKernel BindMax(in BindContext context) => new(&RunMax, context.Keep(Prepare(in context)));

    internal static BoundKernel BindAverage(in BindContext context) => new(&RunAverage, context.Keep(Prepare(in context)));

    private static Arguments Prepare(in BindContext context)
    {
        TensorRecord x = context.Input(0);
        TensorRecord output = context.Output();
        OperatorRecord parameters = context.Operator;
        return new Arguments
        {
            Input = (float*)context.InputData(0),
            Output = (float*)context.OutputData(),
            Batch = x.Dimension(0),
            Channels = x.Dimension(3),
            Vertical = PoolAxis.Of(parameters, 0, x.Dimension(1), output.Dimension(1)),
            Horizontal = PoolAxis.Of(parameters, 1, x.Dimension(2), output.Dimension(2)),
            CountIncludePad = parameters.Int(PoolRule.CountIncludePad) != 0,
        };
    }

    private static void RunMax(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        Windows<Largest>(in a);
    }

    private static void RunAverage(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        Windows<Mean>(in a);
    }

    private static void Windows<TPool>(in Arguments a)
        where TPool : struct, IPool
    {
        float* output = a.Output;
        for (int n = 0; n < a.Batch; n++)
        {
            float* image = a.Input + ((nint)n * a.Vertical.Size * a.Horizontal.Size * a.Channels);
            for (int row = 0; row < a.Vertical.Outputs; row++)
            {
                for (int column = 0; column < a.Horizontal.Outputs; column++, output += a.Channels)
                {
                    new Span<float>(output, a.Channels).Fill(TPool.Initial);
                    for (int i = 0; i < a.Vertical.Kernel; i++)
                    {
                        int y = a.Vertical.Position(row, i);
                        for (int j = 0; j < a.Horizontal.Kernel && (uint)y < (uint)a.Vertical.Size; j++)
                        {
                            int x = a.Horizontal.Position(column, j);
                            if ((uint)x < (uint)a.Horizontal.Size)
                            {
                                TPool.Add(image + ((((nint)y * a.Horizontal.Size) + x) * a.Channels), output, a.Channels);
                            }
                        }
                    }

                    TPool.Finish(output, a.Channels, a.Vertical.Count(row, a.CountIncludePad) * a.Horizontal.Count(column, a.CountIncludePad));
                }
            }
        }
    }

    private interface IPool
    {
        static abstract float Initial { get; }

        static abstract void Add(float* x, float* output, int channels);

        static abstract void Finish(float* output, int channels, int count);
    }

    private readonly struct Largest : IPool
    {
        public static float Initial => float.NegativeInfinity;

        public static void Add(float* x, float* output, int channels)
        {
            for (int c = 0; c < channels; c++)
            {
                output[c] = MathF.Max(output[c], x[c]);
            }
        }

        public static void Finish(float* output, int channels, int count)
        {
        }
    }

    private readonly struct Mean : IPool
    {
        public static float Initial => 0f;

        public static void Add(float* x, float* output, int channels)
        {
            for (int c = 0; c < channels; c++)
            {
                output[c] += x[c];
            }
        }

        public static void Finish(float* output, int channels, int count)
        {
            // A window wholly outside x has nothing to average.
            for (int c = 0; c < channels && count > 0; c++)
            {
                output[c] /= count;
            }
        }
    }

    private struct Arguments
    {
        internal float* Input;
        internal float* Output;
        internal int Batch;
        internal int Channels;
        internal PoolAxis Vertical;
        internal PoolAxis Horizontal;
        internal bool CountIncludePad;
    }
}
