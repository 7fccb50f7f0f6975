using System.Numerics;
using System.Runtime.CompilerServices;
using ModelFormat;
using ModelFormat.Rules;

namespace EdgeRuntime.Kernels.Quantized;

/// <summary>MaxPool and AveragePool of int8 or int16, channels last, bit-exact with TensorFlow Lite's reference: a mean is rounded, ties away from zero.</summary>
internal static unsafe class PoolKernel
{
    internal static BoundKernel BindMax<T>(in BindContext context)
        where T : unmanaged, IBinaryInteger<T>
        => new(&Run<T, Largest>, context.Keep(Prepare(in context)));

    internal static BoundKernel BindAverage<T>(in BindContext context)
        where T : unmanaged, IBinaryInteger<T>
        => new(&Run<T, Mean>, context.Keep(Prepare(in context)));

    private static Arguments Prepare(in BindContext context)
    {
        TensorRecord x = context.Input(0);
        TensorRecord output = context.Output();
        OperatorRecord parameters = context.Operator;
        return new Arguments
        {
            Input = context.InputData(0),
            Output = context.OutputData(),
            Batch = x.Dimension(0),
            Channels = x.Dimension(3),
            Vertical = WindowAxis.OfPool(parameters, 0, x.Dimension(1), output.Dimension(1)),
            Horizontal = WindowAxis.OfPool(parameters, 1, x.Dimension(2), output.Dimension(2)),
            CountIncludePad = parameters.Int(PoolRule.CountIncludePad) != 0,
            ZeroPoint = x.ZeroPoint,
            Min = parameters.Int(PoolRule.Min),
            Max = parameters.Int(PoolRule.Min + 1),
            Totals = (int*)context.Scratch((long)x.Dimension(3) * sizeof(int)),
        };
    }

    private static void Run<T, TPool>(void* pointer)
        where T : unmanaged, IBinaryInteger<T>
        where TPool : struct, IPool
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        T* output = (T*)a.Output;
        for (int n = 0; n < a.Batch; n++)
        {
            T* image = (T*)a.Input + ((nint)n * a.Vertical.Size * a.Horizontal.Size * a.Channels);
            for (int row = 0; row < a.Vertical.Outputs; row++)
            {
                for (int column = 0; column < a.Horizontal.Outputs; column++, output += a.Channels)
                {
                    Window<T, TPool>(in a, image, row, column, output);
                }
            }
        }
    }

    private static void Window<T, TPool>(in Arguments a, T* image, int row, int column, T* output)
        where T : unmanaged, IBinaryInteger<T>
        where TPool : struct, IPool
    {
        new Span<int>(a.Totals, a.Channels).Fill(TPool.Initial);
        for (int i = 0; i < a.Vertical.Kernel; i++)
        {
            int y = a.Vertical.Position(row, i);
            for (int j = 0; j < a.Horizontal.Kernel && (uint)y < (uint)a.Vertical.Size; j++)
            {
                int x = a.Horizontal.Position(column, j);
                if ((uint)x >= (uint)a.Horizontal.Size)
                {
                    continue;
                }

                T* source = image + ((((nint)y * a.Horizontal.Size) + x) * a.Channels);
                Add<T, TPool>(source, a.Totals, a.Channels);
            }
        }

        int within = a.Vertical.Count(row, false) * a.Horizontal.Count(column, false);
        int counted = a.CountIncludePad ? a.Vertical.Count(row, true) * a.Horizontal.Count(column, true) : within;
        for (int c = 0; c < a.Channels; c++)
        {
            // An element of padding is the zero point, which stands for 0.
            int value = TPool.Finish(a.Totals[c] + (TPool.Weight * (counted - within) * a.ZeroPoint), counted);
            output[c] = T.CreateTruncating(value < a.Min ? a.Min : value > a.Max ? a.Max : value);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<T, TPool>(T* source, int* totals, int channels)
        where T : unmanaged, IBinaryInteger<T>
        where TPool : struct, IPool
    {
        int c = 0;
        for (; c <= channels - Vector<T>.Count; c += Vector<T>.Count)
        {
            Vector<T> elements = Vector.Load(source + c);
            if (typeof(T) == typeof(sbyte))
            {
                Vector.Widen(elements.As<T, sbyte>(), out Vector<short> low, out Vector<short> high);
                AddWide<TPool>(low, totals + c);
                AddWide<TPool>(high, totals + c + Vector<short>.Count);
            }
            else
            {
                AddWide<TPool>(elements.As<T, short>(), totals + c);
            }
        }

        for (; c < channels; c++)
        {
            totals[c] = TPool.Add(totals[c], int.CreateTruncating(source[c]));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddWide<TPool>(Vector<short> elements, int* totals)
        where TPool : struct, IPool
    {
        Vector.Widen(elements, out Vector<int> low, out Vector<int> high);
        TPool.Add(Vector.Load(totals), low).Store(totals);
        TPool.Add(Vector.Load(totals + Vector<int>.Count), high).Store(totals + Vector<int>.Count);
    }

    private interface IPool
    {
        static abstract int Initial { get; }

        /// <summary>1 where padding that counts adds to the total.</summary>
        static abstract int Weight { get; }

        static abstract int Add(int total, int element);

        static abstract Vector<int> Add(Vector<int> totals, Vector<int> elements);

        static abstract int Finish(int total, int count);
    }

    private readonly struct Largest : IPool
    {
        public static int Initial => int.MinValue;

        public static int Weight => 0;

        public static int Add(int total, int element) => Math.Max(total, element);

        public static Vector<int> Add(Vector<int> totals, Vector<int> elements) => Vector.Max(totals, elements);

        public static int Finish(int total, int count) => total;
    }

    private readonly struct Mean : IPool
    {
        public static int Initial => 0;

        public static int Weight => 1;

        public static int Add(int total, int element) => total + element;

        public static Vector<int> Add(Vector<int> totals, Vector<int> elements) => totals + elements;

        public static int Finish(int total, int count) => count == 0 ? 0 : (total > 0 ? total + (count / 2) : total - (count / 2)) / count;
    }

    private struct Arguments
    {
        internal byte* Input;
        internal byte* Output;
        internal int* Totals;
        internal WindowAxis Vertical;
        internal WindowAxis Horizontal;
        internal int Batch;
        internal int Channels;
        internal int ZeroPoint;
        internal int Min;
        internal int Max;
        internal bool CountIncludePad;
    }
}
