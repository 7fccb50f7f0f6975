using System.Numerics;
using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Simd.Int8;
using EdgeInference.Runtime.Simd.Int8.Requantize;

namespace EdgeInference.Runtime.Kernels.Quantized.Elementwise;

/// <summary>
/// Rows of quantized Add, Sub and Mul, a vector at a time: bit for bit what <see cref="BinaryKernel"/> computes. The rounding shift by s, whose
/// ties go away from zero, is (x + 2^(s−1) − [x &lt; 0]) &gt;&gt; s; <see cref="TryBind"/> proves from the factors that nothing leaves int32 on the way.
/// </summary>
internal unsafe struct BinaryRows
{
    // What a tail or a number that repeats along a row is copied to: the widest vector of int16.
    private const int MostInVector = 16;

    private delegate*<BinaryRows*, byte*, nint, byte*, nint, byte*, nint, void> row;
    private VectorFactor factorA;
    private VectorFactor factorB;
    private VectorFactor factor;
    private int zeroPointA;
    private int zeroPointB;
    private int zeroPoint;
    private int min;
    private int max;
    private byte* a;
    private byte* b;
    private byte* output;
    private nint elements;
    private BroadcastWalk walk;

    /// <summary>False where there are no vectors or a number could leave int32.</summary>
    internal static bool TryBind<T, TFunction>(in BindContext context, out BinaryRows rows)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        where TFunction : struct, IQuantizedBinaryFunction
    {
        OperatorRecord record = context.Operator;
        TensorInfo output = context.Output();
        int left = BinaryRule.LeftShiftOf(output.Type);
        rows = new BinaryRows
        {
            zeroPointA = context.Input(0).ZeroPoint,
            zeroPointB = context.Input(1).ZeroPoint,
            zeroPoint = output.ZeroPoint,
            min = record.Int(BinaryRule.Min),
            max = record.Int(BinaryRule.Max),
            factorA = new VectorFactor(left, record.Int(BinaryRule.MultiplierA), record.Int(BinaryRule.ShiftA)),
            factorB = new VectorFactor(left, record.Int(BinaryRule.MultiplierB), record.Int(BinaryRule.ShiftB)),
            factor = new VectorFactor(record.Int(BinaryRule.Multiplier), record.Int(BinaryRule.Shift)),
        };
        int lowest = int.CreateTruncating(T.MinValue);
        int highest = int.CreateTruncating(T.MaxValue);
        var rangeA = new NumberRange(lowest - rows.zeroPointA, highest - rows.zeroPointA);
        var rangeB = new NumberRange(lowest - rows.zeroPointB, highest - rows.zeroPointB);
        if (TFunction.Scales && !(rows.factorA.TryScale(ref rangeA) && rows.factorB.TryScale(ref rangeB)))
        {
            return false;
        }

        // The widest that sums, differences and products of the two reach.
        NumberRange joined = TFunction.Scales ? rangeA.WithEitherSignOf(rangeB) : rangeA.Times(rangeB);
        return rows.factor.TryScale(ref joined) && joined.HasRoomFor(output.ZeroPoint) && Int8Ladder.Requantizers<ChooseStep<T, TFunction>, BinaryRows>(ref rows);
    }

    internal readonly BoundKernel Kernel<T>(in BindContext context, bool same)
        where T : unmanaged
    {
        BinaryRows rows = this;
        rows.a = context.InputData(0);
        rows.b = context.InputData(1);
        rows.output = context.OutputData();
        rows.elements = context.Output().Elements;
        if (same)
        {
            return new BoundKernel(&RunSame, context.Keep(rows));
        }

        rows.walk = BroadcastWalk.Of(context.Input(0), context.Input(1), context.Output());
        return new BoundKernel(&RunBroadcast<T>, context.Keep(rows));
    }

    private static void RunSame(void* pointer)
    {
        var rows = (BinaryRows*)pointer;
        rows->row(rows, rows->a, 1, rows->b, 1, rows->output, rows->elements);
    }

    private static void RunBroadcast<T>(void* pointer)
        where T : unmanaged
    {
        var rows = (BinaryRows*)pointer;
        BroadcastWalk walk = rows->walk;
        T* output = (T*)rows->output;
        do
        {
            rows->row(rows, (byte*)((T*)rows->a + walk.OffsetA), walk.RowStrideA, (byte*)((T*)rows->b + walk.OffsetB), walk.RowStrideB, (byte*)output, walk.RowLength);
            output += walk.RowLength;
        }
        while (walk.Next());
    }

    // Strides are 0 or 1: where one is 0 a vector of the number is read again and again.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row<T, TFunction, TVector>(BinaryRows* rows, byte* first, nint strideA, byte* second, nint strideB, byte* destination, nint n)
        where T : unmanaged
        where TFunction : struct, IQuantizedBinaryFunction
        where TVector : struct, IRequantizeVector<TVector>
    {
        T* copies = stackalloc T[3 * MostInVector];
        T* a = (T*)first;
        T* b = (T*)second;
        T* output = (T*)destination;
        if (strideA == 0)
        {
            a = Repeat(copies, *a);
        }

        if (strideB == 0)
        {
            b = Repeat(copies + MostInVector, *b);
        }

        nint whole = n / TVector.Count * TVector.Count;
        Vectors<T, TFunction, TVector>(rows, a, strideA, b, strideB, output, whole);
        if (whole == n)
        {
            return;
        }

        // The rest goes through copies of a whole vector: another tensor may begin right behind the row.
        nint rest = n - whole;
        a = strideA == 0 ? a : Copy(a + whole, copies, rest);
        b = strideB == 0 ? b : Copy(b + whole, copies + MostInVector, rest);
        T* last = copies + (2 * MostInVector);
        Vectors<T, TFunction, TVector>(rows, a, 0, b, 0, last, TVector.Count);
        Copy(last, output + whole, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Vectors<T, TFunction, TVector>(BinaryRows* rows, T* a, nint strideA, T* b, nint strideB, T* output, nint n)
        where T : unmanaged
        where TFunction : struct, IQuantizedBinaryFunction
        where TVector : struct, IRequantizeVector<TVector>
    {
        TVector zeroPointA = rows->zeroPointA;
        TVector zeroPointB = rows->zeroPointB;
        TVector zeroPoint = rows->zeroPoint;
        TVector min = typeof(T) == typeof(sbyte) ? TVector.Bytes((sbyte)rows->min) : rows->min;
        TVector max = typeof(T) == typeof(sbyte) ? TVector.Bytes((sbyte)rows->max) : rows->max;
        for (nint i = 0; i < n; i += TVector.Count)
        {
            TVector x = Load<T, TVector>(a) - zeroPointA;
            TVector y = Load<T, TVector>(b) - zeroPointB;
            if (TFunction.Scales)
            {
                x = rows->factorA.Scale(x);
                y = rows->factorB.Scale(y);
            }

            x = rows->factor.Scale(TFunction.Join(x, y)) + zeroPoint;
            if (typeof(T) == typeof(sbyte))
            {
                TVector.StoreRow(x, min, max, (sbyte*)(output + i));
            }
            else
            {
                TVector.StoreInt16(TVector.Min(TVector.Max(x, min), max), (short*)(output + i));
            }

            a += strideA * TVector.Count;
            b += strideB * TVector.Count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load<T, TVector>(T* source)
        where T : unmanaged
        where TVector : struct, IRequantizeVector<TVector>
        => typeof(T) == typeof(sbyte) ? TVector.LoadInt8((sbyte*)source) : TVector.LoadInt16((short*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* Repeat<T>(T* destination, T number)
        where T : unmanaged
    {
        new Span<T>(destination, MostInVector).Fill(number);
        return destination;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* Copy<T>(T* source, T* destination, nint n)
        where T : unmanaged
    {
        for (nint i = 0; i < n; i++)
        {
            destination[i] = source[i];
        }

        return destination;
    }

    private readonly struct ChooseStep<T, TFunction> : IRequantizeStep<BinaryRows>
        where T : unmanaged
        where TFunction : struct, IQuantizedBinaryFunction
    {
        public static bool Run<TVector>(ref BinaryRows rows)
            where TVector : struct, IRequantizeVector<TVector>
        {
            rows.row = &Row<T, TFunction, TVector>;
            return true;
        }
    }
}
