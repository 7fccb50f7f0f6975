using System.Numerics;
using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Simd.Int8;
using EdgeInference.Runtime.Simd.Int8.Sums;

namespace EdgeInference.Runtime.Kernels.Quantized.Windows;

/// <summary>MaxPool and AveragePool of int8 or int16, channels last, bit-exact with TensorFlow Lite's reference: a mean is rounded, ties away from zero. A window whose sum int32 does not hold is added in parts.</summary>
internal static unsafe class PoolKernel
{
    internal static BoundKernel BindMax<T>(in BindContext context)
        where T : unmanaged, IBinaryInteger<T>
        => new(&Run<T, Largest>, context.Keep(Prepare(in context, int.MaxValue)));

    internal static BoundKernel BindAverage<T>(in BindContext context)
        where T : unmanaged, IBinaryInteger<T>
        => new(&Run<T, Mean>, context.Keep(Prepare(in context, FixedPoint.MostOfMean(typeof(T) == typeof(sbyte) ? sbyte.MinValue : short.MinValue))));

    private static Arguments Prepare(in BindContext context, int most)
    {
        TensorInfo x = context.Input(0);
        TensorInfo output = context.Output();
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
            Fast = context.Fast,
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
            Most = most,
            WideTotals = (long)vertical.Kernel * horizontal.Kernel <= most ? null : (long*)context.Scratch((long)x.Dimension(3) * sizeof(long)),
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Window<T, TPool>(in Arguments a, T* image, in WindowSpan rows, in WindowSpan columns, T* output)
        where T : unmanaged, IBinaryInteger<T>
        where TPool : struct, IPool
    {
        T* corner = image + (rows.Position * a.Line) + (columns.Position * (nint)a.Channels);
        int counted = rows.Count * columns.Count;
        if (counted > a.Most)
        {
            WideMean<T, TPool>(in a, corner, rows.Length, columns.Length, counted, output);
            return;
        }

        Add<T, TPool>(in a, corner, rows.Length, columns.Length);
        int padding = TPool.Weight * (counted - (rows.Length * columns.Length)) * a.ZeroPoint;
        for (int c = 0; c < a.Channels; c++)
        {
            // An element of padding is the zero point, which stands for 0, and so is the mean of nothing.
            int value = TPool.Finish(a.Totals[c] + padding, counted, a.ZeroPoint);
            output[c] = T.CreateTruncating(value < a.Min ? a.Min : value > a.Max ? a.Max : value);
        }
    }

    // The totals of a part of a window.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<T, TPool>(in Arguments a, T* corner, int rows, int columns)
        where T : unmanaged, IBinaryInteger<T>
        where TPool : struct, IPool
    {
        var window = new WindowTotals { Corner = (byte*)corner, Rows = rows, Columns = columns, RowStep = a.RowStep, ColumnStep = a.ColumnStep, Channels = a.Channels, Totals = a.Totals };
        if (a.Fast)
        {
            Int8Ladder.Sums<TotalStep<T, TPool>, WindowTotals>(ref window);
        }
        else
        {
            Int8Ladder.SumsScalar<TotalStep<T, TPool>, WindowTotals>(ref window);
        }
    }

    private static void WideMean<T, TPool>(in Arguments a, T* corner, int rows, int columns, int counted, T* output)
        where T : unmanaged, IBinaryInteger<T>
        where TPool : struct, IPool
    {
        long padding = (counted - ((long)rows * columns)) * a.ZeroPoint;
        new Span<long>(a.WideTotals, a.Channels).Fill(padding);
        int across = Math.Max(1, Math.Min(columns, a.Most));
        int down = a.Most / across;
        for (int row = 0; row < rows; row += down)
        {
            for (int column = 0; column < columns; column += across)
            {
                Add<T, TPool>(in a, corner + (row * a.RowStep) + (column * a.ColumnStep), Math.Min(down, rows - row), Math.Min(across, columns - column));
                for (int c = 0; c < a.Channels; c++)
                {
                    a.WideTotals[c] += a.Totals[c];
                }
            }
        }

        for (int c = 0; c < a.Channels; c++)
        {
            long total = a.WideTotals[c];
            output[c] = T.CreateTruncating(Math.Clamp((total > 0 ? total + (counted / 2) : total - (counted / 2)) / counted, a.Min, a.Max));
        }
    }

    private readonly struct TotalStep<T, TPool> : ISumStep<WindowTotals>
        where T : unmanaged, IBinaryInteger<T>
        where TPool : struct, IPool
    {
        // Inlined, since windows are many and small.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Run<TSums>(ref WindowTotals window)
            where TSums : struct, IInt32Sums<TSums>
        {
            int channel = window.Done;
            int rows = window.Rows;
            int columns = window.Columns;
            nint rowStep = window.RowStep;
            nint columnStep = window.ColumnStep;
            for (; channel <= window.Channels - TSums.Count; channel += TSums.Count)
            {
                TSums totals = TPool.Initial;
                T* row = (T*)window.Corner + channel;
                for (int i = 0; i < rows; i++, row += rowStep)
                {
                    T* x = row;
                    for (int j = 0; j < columns; j++, x += columnStep)
                    {
                        totals = TPool.Add(totals, typeof(T) == typeof(sbyte) ? TSums.Load((sbyte*)x) : TSums.Load((short*)x));
                    }
                }

                TSums.Store(totals, window.Totals + channel);
            }

            window.Done = channel;
            return channel == window.Channels;
        }
    }

    private interface IPool
    {
        static abstract int Initial { get; }

        /// <summary>1 where padding that counts adds to the total.</summary>
        static abstract int Weight { get; }

        static abstract TSums Add<TSums>(TSums totals, TSums elements)
            where TSums : struct, IInt32Sums<TSums>;

        static abstract int Finish(int total, int count, int zeroPoint);
    }

    private readonly struct Largest : IPool
    {
        public static int Initial => int.MinValue;

        public static int Weight => 0;

        public static TSums Add<TSums>(TSums totals, TSums elements)
            where TSums : struct, IInt32Sums<TSums>
            => TSums.Max(totals, elements);

        public static int Finish(int total, int count, int zeroPoint) => total;
    }

    private readonly struct Mean : IPool
    {
        public static int Initial => 0;

        public static int Weight => 1;

        public static TSums Add<TSums>(TSums totals, TSums elements)
            where TSums : struct, IInt32Sums<TSums>
            => totals + elements;

        public static int Finish(int total, int count, int zeroPoint) => count == 0 ? zeroPoint : (total > 0 ? total + (count / 2) : total - (count / 2)) / count;
    }

    // One window, whose totals of the first channels are done.
    private struct WindowTotals
    {
        internal byte* Corner;
        internal int Rows;
        internal int Columns;
        internal nint RowStep;
        internal nint ColumnStep;
        internal int Channels;
        internal int Done;
        internal int* Totals;
    }

    private struct Arguments
    {
        internal byte* Input;
        internal byte* Output;
        internal int* Totals;

        /// <summary>For windows of more than so many elements, whose sums int32 may not hold.</summary>
        internal long* WideTotals;
        internal int Most;
        internal WindowSpan* Rows;
        internal WindowSpan* Columns;
        internal int RowCount;
        internal int ColumnCount;
        internal int Batch;
        internal int Channels;

        /// <summary>Whether several channels may be taken at a time; not for the scalar twin.</summary>
        internal bool Fast;
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
