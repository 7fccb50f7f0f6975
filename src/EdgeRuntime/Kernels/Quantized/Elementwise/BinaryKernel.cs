using System.Numerics;
using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Simd.Int8.Requantize;

namespace EdgeInference.Runtime.Kernels.Quantized.Elementwise;

/// <summary>What becomes of two quantized numbers, less their zero points, before the output's zero point is added.</summary>
internal interface IQuantizedBinaryFunction
{
    /// <summary>Whether both are brought to a common scale first.</summary>
    static abstract bool Scales { get; }

    static abstract int Invoke(in BinaryFactors factors, int a, int b);

    /// <summary>What is requantized in the end, of numbers on their common scale where there is one.</summary>
    static abstract TVector Join<TVector>(TVector a, TVector b)
        where TVector : struct, IRequantizeVector<TVector>;
}

/// <summary>The factors of one quantized operator with two inputs.</summary>
internal struct BinaryFactors
{
    internal int MultiplierA;
    internal int ShiftA;
    internal int MultiplierB;
    internal int ShiftB;
    internal int Multiplier;
    internal int Shift;
    internal int LeftShift;
}

/// <summary>a + b, each brought to a common scale first.</summary>
internal readonly struct Add : IQuantizedBinaryFunction
{
    public static bool Scales => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Join<TVector>(TVector a, TVector b)
        where TVector : struct, IRequantizeVector<TVector>
        => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Invoke(in BinaryFactors factors, int a, int b) => FixedPoint.Requantize(
        FixedPoint.Requantize(a << factors.LeftShift, factors.MultiplierA, factors.ShiftA)
        + FixedPoint.Requantize(b << factors.LeftShift, factors.MultiplierB, factors.ShiftB),
        factors.Multiplier,
        factors.Shift);
}

/// <summary>a − b, each brought to a common scale first.</summary>
internal readonly struct Sub : IQuantizedBinaryFunction
{
    public static bool Scales => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Join<TVector>(TVector a, TVector b)
        where TVector : struct, IRequantizeVector<TVector>
        => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Invoke(in BinaryFactors factors, int a, int b) => FixedPoint.Requantize(
        FixedPoint.Requantize(a << factors.LeftShift, factors.MultiplierA, factors.ShiftA)
        - FixedPoint.Requantize(b << factors.LeftShift, factors.MultiplierB, factors.ShiftB),
        factors.Multiplier,
        factors.Shift);
}

/// <summary>a · b.</summary>
internal readonly struct Mul : IQuantizedBinaryFunction
{
    public static bool Scales => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Join<TVector>(TVector a, TVector b)
        where TVector : struct, IRequantizeVector<TVector>
        => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Invoke(in BinaryFactors factors, int a, int b) => FixedPoint.Requantize(a * b, factors.Multiplier, factors.Shift);
}

/// <summary>Element-by-element functions of two int8 or int16 tensors with broadcasting, bit-exact with TensorFlow Lite's reference; the output may be the memory of an input that is not broadcast.</summary>
internal static unsafe class BinaryKernel
{
    internal static BoundKernel Bind<T, TFunction>(in BindContext context)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        where TFunction : struct, IQuantizedBinaryFunction
    {
        OperatorRecord record = context.Operator;
        TensorInfo output = context.Output();
        var arguments = new Arguments
        {
            A = context.InputData(0),
            B = context.InputData(1),
            Output = context.OutputData(),
            Elements = output.Elements,
            ZeroPointA = context.Input(0).ZeroPoint,
            ZeroPointB = context.Input(1).ZeroPoint,
            ZeroPoint = output.ZeroPoint,
            Low = record.Int(BinaryRule.Min) - output.ZeroPoint,
            High = record.Int(BinaryRule.Max) - output.ZeroPoint,
            Factors = new BinaryFactors
            {
                MultiplierA = record.Int(BinaryRule.MultiplierA),
                ShiftA = record.Int(BinaryRule.ShiftA),
                MultiplierB = record.Int(BinaryRule.MultiplierB),
                ShiftB = record.Int(BinaryRule.ShiftB),
                Multiplier = record.Int(BinaryRule.Multiplier),
                Shift = record.Int(BinaryRule.Shift),
                LeftShift = BinaryRule.LeftShiftOf(output.Type),
            },
        };
        bool same = context.Input(0).Elements == output.Elements && context.Input(1).Elements == output.Elements;
        if (context.Fast && BinaryRows.TryBind<T, TFunction>(in context, out BinaryRows rows))
        {
            return rows.Kernel<T>(in context, same);
        }

        if (same)
        {
            return new BoundKernel(&RunSame<T, TFunction>, context.Keep(arguments));
        }

        arguments.Broadcast = BroadcastWalk.Of(context.Input(0), context.Input(1), output);
        return new BoundKernel(&RunBroadcast<T, TFunction>, context.Keep(arguments));
    }

    private static void RunSame<T, TFunction>(void* pointer)
        where T : unmanaged, IBinaryInteger<T>
        where TFunction : struct, IQuantizedBinaryFunction
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        for (nint i = 0; i < a.Elements; i++)
        {
            ((T*)a.Output)[i] = One<T, TFunction>(in a, ((T*)a.A)[i], ((T*)a.B)[i]);
        }
    }

    private static void RunBroadcast<T, TFunction>(void* pointer)
        where T : unmanaged, IBinaryInteger<T>
        where TFunction : struct, IQuantizedBinaryFunction
    {
        ref Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        BroadcastWalk walk = a.Broadcast;
        nint start = 0;
        do
        {
            for (nint i = 0; i < walk.RowLength; i++)
            {
                ((T*)a.Output)[start + i] = One<T, TFunction>(
                    in a, ((T*)a.A)[walk.OffsetA + (i * walk.RowStrideA)], ((T*)a.B)[walk.OffsetB + (i * walk.RowStrideB)]);
            }

            start += walk.RowLength;
        }
        while (walk.Next());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T One<T, TFunction>(in Arguments arguments, T a, T b)
        where T : unmanaged, IBinaryInteger<T>
        where TFunction : struct, IQuantizedBinaryFunction
    {
        int value = TFunction.Invoke(in arguments.Factors, int.CreateTruncating(a) - arguments.ZeroPointA, int.CreateTruncating(b) - arguments.ZeroPointB);
        value = value < arguments.Low ? arguments.Low : value > arguments.High ? arguments.High : value;
        return T.CreateTruncating(value + arguments.ZeroPoint);
    }

    private struct Arguments
    {
        internal byte* A;
        internal byte* B;
        internal byte* Output;
        internal nint Elements;
        internal int ZeroPointA;
        internal int ZeroPointB;
        internal int ZeroPoint;

        /// <summary>The clamp before the zero point is added, so that the sum cannot leave int32.</summary>
        internal int Low;
        internal int High;
        internal BinaryFactors Factors;
        internal BroadcastWalk Broadcast;
    }
}
