using System.Runtime.CompilerServices;
using EdgeRuntime.Activations;
using ModelFormat;
using ModelFormat.Rules;

namespace EdgeRuntime.Kernels.Float32;

/// <summary>A function of one float32 number and two parameters.</summary>
internal interface IUnaryFunction
{
    static abstract float Invoke(float x, float alpha, float beta);
}

/// <summary>Functions of one number in float32, element by element; input and output may be the same memory.</summary>
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
        return new BoundKernel(Function((UnaryKind)context.Operator.Int(UnaryRule.Kind)), context.Keep(arguments));
    }

    private static delegate*<void*, void> Function(UnaryKind kind) => kind switch
    {
        UnaryKind.Abs => &Run<Abs>,
        UnaryKind.Neg => &Run<Neg>,
        UnaryKind.Exp => &Run<Exp>,
        UnaryKind.Log => &Run<Log>,
        UnaryKind.Sqrt => &Run<Sqrt>,
        UnaryKind.Reciprocal => &Run<Reciprocal>,
        UnaryKind.Square => &Run<Square>,
        UnaryKind.Floor => &Run<Floor>,
        UnaryKind.Ceil => &Run<Ceil>,
        UnaryKind.Round => &Run<Round>,
        UnaryKind.Truncate => &Run<Truncate>,
        UnaryKind.Sign => &Run<Sign>,
        UnaryKind.Clip => &Run<Clip>,
        UnaryKind.Erf => &Run<Erf>,
        UnaryKind.Not => &Run<Not>,
        UnaryKind.IsNaN => &Run<IsNaN>,
        UnaryKind.IsInf => &Run<IsInf>,
        UnaryKind.Sin => &Run<Sin>,
        UnaryKind.Cos => &Run<Cos>,
        UnaryKind.Tan => &Run<Tan>,
        UnaryKind.Asin => &Run<Asin>,
        UnaryKind.Acos => &Run<Acos>,
        UnaryKind.Atan => &Run<Atan>,
        UnaryKind.Sinh => &Run<Sinh>,
        UnaryKind.Cosh => &Run<Cosh>,
        UnaryKind.Asinh => &Run<Asinh>,
        UnaryKind.Acosh => &Run<Acosh>,
        _ => &Run<Atanh>,
    };

    private static void Run<TFunction>(void* pointer)
        where TFunction : struct, IUnaryFunction
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        for (nint i = 0; i < a.Elements; i++)
        {
            a.Output[i] = TFunction.Invoke(a.Input[i], a.Alpha, a.Beta);
        }
    }

    private readonly struct Abs : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) => MathF.Abs(x);
    }

    private readonly struct Neg : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) => -x;
    }

    private readonly struct Exp : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) => MathF.Exp(x);
    }

    private readonly struct Log : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) => MathF.Log(x);
    }

    private readonly struct Sqrt : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) => MathF.Sqrt(x);
    }

    private readonly struct Reciprocal : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) => 1f / x;
    }

    private readonly struct Square : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) => x * x;
    }

    private readonly struct Floor : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) => MathF.Floor(x);
    }

    private readonly struct Ceil : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) => MathF.Ceiling(x);
    }

    private readonly struct Round : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) => MathF.Round(x, MidpointRounding.ToEven);
    }

    private readonly struct Truncate : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) => MathF.Truncate(x);
    }

    private readonly struct Sign : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) => x > 0f ? 1f : x < 0f ? -1f : x;
    }

    private readonly struct Clip : IUnaryFunction
    {
        // The bound that is compared last wins, so that a minimum above the maximum gives the maximum, as ONNX says.
        public static float Invoke(float x, float alpha, float beta)
        {
            float y = x < alpha ? alpha : x;
            return y > beta ? beta : y;
        }
    }

    private readonly struct Erf : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) => (float)(x < 0f ? ErrorFunction.Erfc(-x) - 1 : 1 - ErrorFunction.Erfc(x));
    }

    private readonly struct Not : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) => x == 0f ? 1f : 0f;
    }

    private readonly struct IsNaN : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) => float.IsNaN(x) ? 1f : 0f;
    }

    private readonly struct IsInf : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) =>
            (alpha != 0f && float.IsNegativeInfinity(x)) || (beta != 0f && float.IsPositiveInfinity(x)) ? 1f : 0f;
    }

    private readonly struct Sin : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) => MathF.Sin(x);
    }

    private readonly struct Cos : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) => MathF.Cos(x);
    }

    private readonly struct Tan : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) => MathF.Tan(x);
    }

    private readonly struct Asin : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) => MathF.Asin(x);
    }

    private readonly struct Acos : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) => MathF.Acos(x);
    }

    private readonly struct Atan : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) => MathF.Atan(x);
    }

    private readonly struct Sinh : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) => MathF.Sinh(x);
    }

    private readonly struct Cosh : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) => MathF.Cosh(x);
    }

    private readonly struct Asinh : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) => MathF.Asinh(x);
    }

    private readonly struct Acosh : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) => MathF.Acosh(x);
    }

    private readonly struct Atanh : IUnaryFunction
    {
        public static float Invoke(float x, float alpha, float beta) => MathF.Atanh(x);
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
