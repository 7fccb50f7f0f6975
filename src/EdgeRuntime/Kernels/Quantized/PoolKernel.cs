using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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
        var vertical = WindowAxis.OfPool(parameters, 0, x.Dimension(1), output.Dimension(1));
        var horizontal = WindowAxis.OfPool(parameters, 1, x.Dimension(2), output.Dimension(2));
        bool countIncludePad = parameters.Int(PoolRule.CountIncludePad) != 0;
        nint pixel = x.Dimension(3);
        nint line = pixel * horizontal.Size;
        return new Arguments
        {
            Input = context.InputData(0),
            Output = context.OutputData(),
            Batch = x.Dimension(0),
            Channels = x.Dimension(3),
            VectorChannels = context.Fast ? x.Dimension(3) : 0,
            Rows = vertical.Spans(in context, countIncludePad),
            RowCount = vertical.Outputs,
            Columns = horizontal.Spans(in context, countIncludePad),
            ColumnCount = horizontal.Outputs,
            Line = line,
            RowStep = line * vertical.Dilation,
            ColumnStep = pixel * horizontal.Dilation,
            ImageElements = line * vertical.Size,
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
            T* image = (T*)a.Input + (n * a.ImageElements);
            for (int row = 0; row < a.RowCount; row++)
            {
                for (int column = 0; column < a.ColumnCount; column++, output += a.Channels)
                {
                    Window<T, TPool>(in a, image, in a.Rows[row], in a.Columns[column], output);
                }
            }
        }
    }

    private static void Window<T, TPool>(in Arguments a, T* image, in WindowSpan rows, in WindowSpan columns, T* output)
        where T : unmanaged, IBinaryInteger<T>
        where TPool : struct, IPool
    {
        T* corner = image + (rows.Position * a.Line) + (columns.Position * (nint)a.Channels);
        int channel = 0;
        for (; channel <= a.VectorChannels - Vector<T>.Count; channel += Vector<T>.Count)
        {
            Totals<T, TPool>(in a, corner + channel, rows.Length, columns.Length, a.Totals + channel);
        }

        for (; channel <= a.VectorChannels - Vector128<short>.Count; channel += Vector128<short>.Count)
        {
            Eight<T, TPool>(in a, corner + channel, rows.Length, columns.Length, a.Totals + channel);
        }

        for (; channel < a.Channels; channel++)
        {
            a.Totals[channel] = Total<T, TPool>(in a, corner + channel, rows.Length, columns.Length);
        }

        int counted = rows.Count * columns.Count;
        int padding = TPool.Weight * (counted - (rows.Length * columns.Length)) * a.ZeroPoint;
        for (int c = 0; c < a.Channels; c++)
        {
            // An element of padding is the zero point, which stands for 0.
            int value = TPool.Finish(a.Totals[c] + padding, counted);
            output[c] = T.CreateTruncating(value < a.Min ? a.Min : value > a.Max ? a.Max : value);
        }
    }

    // A vector of channels at a time, whose totals stay in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Totals<T, TPool>(in Arguments a, T* corner, int rows, int columns, int* totals)
        where T : unmanaged, IBinaryInteger<T>
        where TPool : struct, IPool
    {
        var t0 = new Vector<int>(TPool.Initial);
        Vector<int> t1 = t0, t2 = t0, t3 = t0;
        for (int i = 0; i < rows; i++, corner += a.RowStep)
        {
            T* x = corner;
            for (int j = 0; j < columns; j++, x += a.ColumnStep)
            {
                Vector<short> elements;
                if (typeof(T) == typeof(sbyte))
                {
                    Vector.Widen(Vector.Load((sbyte*)x), out elements, out Vector<short> upper);
                    Vector.Widen(upper, out Vector<int> low, out Vector<int> high);
                    t2 = TPool.Add(t2, low);
                    t3 = TPool.Add(t3, high);
                }
                else
                {
                    elements = Vector.Load((short*)x);
                }

                Vector.Widen(elements, out Vector<int> first, out Vector<int> second);
                t0 = TPool.Add(t0, first);
                t1 = TPool.Add(t1, second);
            }
        }

        t0.Store(totals);
        t1.Store(totals + Vector<int>.Count);
        if (typeof(T) == typeof(sbyte))
        {
            t2.Store(totals + (2 * Vector<int>.Count));
            t3.Store(totals + (3 * Vector<int>.Count));
        }
    }

    // The same for eight channels, which small images often have.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight<T, TPool>(in Arguments a, T* corner, int rows, int columns, int* totals)
        where T : unmanaged, IBinaryInteger<T>
        where TPool : struct, IPool
    {
        var low = Vector128.Create(TPool.Initial);
        Vector128<int> high = low;
        for (int i = 0; i < rows; i++, corner += a.RowStep)
        {
            T* x = corner;
            for (int j = 0; j < columns; j++, x += a.ColumnStep)
            {
                Vector128<short> elements = typeof(T) == typeof(sbyte)
                    ? Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<long>(x)).AsSByte())
                    : Vector128.Load((short*)x);
                (Vector128<int> first, Vector128<int> second) = Vector128.Widen(elements);
                low = TPool.Add(low, first);
                high = TPool.Add(high, second);
            }
        }

        low.Store(totals);
        high.Store(totals + Vector128<int>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Total<T, TPool>(in Arguments a, T* corner, int rows, int columns)
        where T : unmanaged, IBinaryInteger<T>
        where TPool : struct, IPool
    {
        int total = TPool.Initial;
        for (int i = 0; i < rows; i++, corner += a.RowStep)
        {
            T* x = corner;
            for (int j = 0; j < columns; j++, x += a.ColumnStep)
            {
                total = TPool.Add(total, int.CreateTruncating(*x));
            }
        }

        return total;
    }

    private interface IPool
    {
        static abstract int Initial { get; }

        /// <summary>1 where padding that counts adds to the total.</summary>
        static abstract int Weight { get; }

        static abstract int Add(int total, int element);

        static abstract Vector<int> Add(Vector<int> totals, Vector<int> elements);

        static abstract Vector128<int> Add(Vector128<int> totals, Vector128<int> elements);

        static abstract int Finish(int total, int count);
    }

    private readonly struct Largest : IPool
    {
        public static int Initial => int.MinValue;

        public static int Weight => 0;

        public static int Add(int total, int element) => Math.Max(total, element);

        public static Vector<int> Add(Vector<int> totals, Vector<int> elements) => Vector.Max(totals, elements);

        public static Vector128<int> Add(Vector128<int> totals, Vector128<int> elements) => Vector128.Max(totals, elements);

        public static int Finish(int total, int count) => total;
    }

    private readonly struct Mean : IPool
    {
        public static int Initial => 0;

        public static int Weight => 1;

        public static int Add(int total, int element) => total + element;

        public static Vector<int> Add(Vector<int> totals, Vector<int> elements) => totals + elements;

        public static Vector128<int> Add(Vector128<int> totals, Vector128<int> elements) => totals + elements;

        public static int Finish(int total, int count) => count == 0 ? 0 : (total > 0 ? total + (count / 2) : total - (count / 2)) / count;
    }

    private struct Arguments
    {
        internal byte* Input;
        internal byte* Output;
        internal int* Totals;
        internal WindowSpan* Rows;
        internal WindowSpan* Columns;
        internal int RowCount;
        internal int ColumnCount;
        internal int Batch;
        internal int Channels;

        /// <summary>Channels that may be taken several at a time: none for the scalar twin.</summary>
        internal int VectorChannels;
        internal int ZeroPoint;
        internal int Min;
        internal int Max;

        /// <summary>Elements from one row of the image to the next, and from one element of a window to the next in either direction.</summary>
        internal nint Line;
        internal nint RowStep;
        internal nint ColumnStep;
        internal nint ImageElements;
    }
}
