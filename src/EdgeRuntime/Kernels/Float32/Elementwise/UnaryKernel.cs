using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Elementwise;

/// <summary>Functions of one number in float32, element by element; input and output may be the same memory. All widths give the same bits.</summary>
internal static unsafe class UnaryKernel
{
    internal static BoundKernel Bind(in BindContext context)
    {
        var arguments = new Arguments
        {
            Input = (float*)context.InputData(0),
            Output = (float*)context.OutputData(),
            Elements = context.Elements(0),
            Alpha = context.Operator.Float(UnaryRule.Alpha),
            Beta = context.Operator.Float(UnaryRule.Beta),
        };
        var kept = (Arguments*)context.Keep(arguments);
        return new BoundKernel(Function((UnaryKind)context.Operator.Int(UnaryRule.Kind), context.Fast), kept, &kept->Input);
    }

    /// <summary>The kernel of a kind.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The kind has none.</exception>
    internal static delegate*<void*, void> Function(UnaryKind kind, bool fast) => kind switch
    {
        UnaryKind.Abs => Formula<Abs>(fast),
        UnaryKind.Neg => Formula<Neg>(fast),
        UnaryKind.Exp => Formula<Exp>(fast),
        UnaryKind.Log => &RunScalar<Library<Log>>,
        UnaryKind.Sqrt => Formula<Sqrt>(fast),
        UnaryKind.Reciprocal => Formula<Reciprocal>(fast),
        UnaryKind.Square => Formula<Square>(fast),
        UnaryKind.Floor => Formula<Floor>(fast),
        UnaryKind.Ceil => Formula<Ceil>(fast),
        UnaryKind.Round => Formula<Round>(fast),
        UnaryKind.Truncate => Formula<Truncate>(fast),
        UnaryKind.Sign => Formula<Sign>(fast),
        UnaryKind.Clip => Formula<Clip>(fast),
        UnaryKind.Erf => Formula<ErfFormula>(fast),
        UnaryKind.Not => Formula<Not>(fast),
        UnaryKind.IsNaN => Formula<IsNaN>(fast),
        UnaryKind.IsInf => Formula<IsInf>(fast),
        UnaryKind.Sin => &RunScalar<Library<Sin>>,
        UnaryKind.Cos => &RunScalar<Library<Cos>>,
        UnaryKind.Tan => &RunScalar<Library<Tan>>,
        UnaryKind.Asin => &RunScalar<Library<Asin>>,
        UnaryKind.Acos => &RunScalar<Library<Acos>>,
        UnaryKind.Atan => &RunScalar<Library<Atan>>,
        UnaryKind.Sinh => &RunScalar<Library<Sinh>>,
        UnaryKind.Cosh => &RunScalar<Library<Cosh>>,
        UnaryKind.Asinh => &RunScalar<Library<Asinh>>,
        UnaryKind.Acosh => &RunScalar<Library<Acosh>>,
        UnaryKind.Atanh => &RunScalar<Library<Atanh>>,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no float32 kernel of this function."),
    };

    private static delegate*<void*, void> Formula<TFunction>(bool fast)
        where TFunction : struct, IVectorFunction
        => fast ? &Run<TFunction> : &RunScalar<TFunction>;

    private static void Run<TFunction>(void* pointer)
        where TFunction : struct, IVectorFunction
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        VectorFunction.Apply<TFunction>(a.Input, a.Output, a.Elements, a.Alpha, a.Beta);
    }

    // Also for functions of the runtime's library, which know one number at a time.
    private static void RunScalar<TFunction>(void* pointer)
        where TFunction : struct, IVectorFunction
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        VectorFunction.ApplyScalar<TFunction>(a.Input, a.Output, a.Elements, a.Alpha, a.Beta);
    }

    private readonly struct Abs : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => TVector.Abs(x);
    }

    private readonly struct Neg : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => -x;
    }

    private readonly struct Sqrt : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => TVector.Sqrt(x);
    }

    private readonly struct Reciprocal : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => (TVector)1f / x;
    }

    private readonly struct Square : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => x * x;
    }

    private readonly struct Floor : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => TVector.Floor(x);
    }

    private readonly struct Ceil : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => TVector.Ceiling(x);
    }

    private readonly struct Round : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => TVector.Round(x);
    }

    private readonly struct Truncate : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => TVector.Truncate(x);
    }

    private readonly struct Sign : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => TVector.SelectLess(0f, x, 1f, TVector.SelectLess(x, 0f, -1f, x));
    }

    private readonly struct Clip : IVectorFunction
    {
        // The bound that is compared last wins, so that a minimum above the maximum gives the maximum, as ONNX says.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            TVector y = TVector.SelectLess(x, alpha, alpha, x);
            return TVector.SelectLess(beta, y, beta, y);
        }
    }

    private readonly struct Not : IVectorFunction
    {
        // No magnitude but 0 is below the smallest.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => TVector.SelectLess(TVector.Abs(x), float.Epsilon, 1f, 0f);
    }

    private readonly struct IsNaN : IVectorFunction
    {
        // All others are below +∞ or above 0.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => TVector.SelectLess(x, float.PositiveInfinity, 0f, TVector.SelectLess(0f, x, 0f, 1f));
    }

    private readonly struct IsInf : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            TVector negative = TVector.SelectLess(TVector.Abs(alpha), float.Epsilon, 0f, 1f);
            TVector positive = TVector.SelectLess(TVector.Abs(beta), float.Epsilon, 0f, 1f);
            return TVector.SelectLess(x, float.MinValue, negative, TVector.SelectLess(float.MaxValue, x, positive, 0f));
        }
    }

    private readonly struct Library<TFunction> : IVectorFunction
        where TFunction : struct, ILibraryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => TVector.Map<TFunction>(x);
    }

    private readonly struct Exp : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => VectorMath.Exp(x);
    }

    private readonly struct Log : ILibraryFunction
    {
        public static float Of(float x) => MathF.Log(x);
    }

    private readonly struct Sin : ILibraryFunction
    {
        public static float Of(float x) => MathF.Sin(x);
    }

    private readonly struct Cos : ILibraryFunction
    {
        public static float Of(float x) => MathF.Cos(x);
    }

    private readonly struct Tan : ILibraryFunction
    {
        public static float Of(float x) => MathF.Tan(x);
    }

    private readonly struct Asin : ILibraryFunction
    {
        public static float Of(float x) => MathF.Asin(x);
    }

    private readonly struct Acos : ILibraryFunction
    {
        public static float Of(float x) => MathF.Acos(x);
    }

    private readonly struct Atan : ILibraryFunction
    {
        public static float Of(float x) => MathF.Atan(x);
    }

    private readonly struct Sinh : ILibraryFunction
    {
        public static float Of(float x) => MathF.Sinh(x);
    }

    private readonly struct Cosh : ILibraryFunction
    {
        public static float Of(float x) => MathF.Cosh(x);
    }

    private readonly struct Asinh : ILibraryFunction
    {
        public static float Of(float x) => MathF.Asinh(x);
    }

    private readonly struct Acosh : ILibraryFunction
    {
        public static float Of(float x) => MathF.Acosh(x);
    }

    private readonly struct Atanh : ILibraryFunction
    {
        public static float Of(float x) => MathF.Atanh(x);
    }

    private struct Arguments
    {
        internal float* Input;
        internal float* Output;
        internal nint Elements;
        internal float Alpha;
        internal float Beta;
    }
}
