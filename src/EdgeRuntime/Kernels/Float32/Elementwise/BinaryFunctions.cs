using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Elementwise;

/// <summary>The functions of the operator Binary, each through <see cref="BinaryKernel"/>.</summary>
internal static class BinaryFunctions
{
    /// <exception cref="ArgumentOutOfRangeException">The kind has no kernel.</exception>
    internal static BoundKernel Bind(in BindContext context) => (BinaryKind)context.Operator.Int(BinaryRule.Kind) switch
    {
        BinaryKind.Min => BinaryKernel.Bind<Min>(context),
        BinaryKind.Max => BinaryKernel.Bind<Max>(context),
        BinaryKind.Pow => BinaryKernel.BindCalls<Pow>(context),
        BinaryKind.Mod => BinaryKernel.BindCalls<Mod>(context),
        BinaryKind.Remainder => BinaryKernel.BindCalls<Remainder>(context),
        BinaryKind.Equal => BinaryKernel.BindCalls<Equal>(context),
        BinaryKind.Less => BinaryKernel.Bind<Less>(context),
        BinaryKind.LessOrEqual => BinaryKernel.BindCalls<LessOrEqual>(context),
        BinaryKind.And => BinaryKernel.BindCalls<And>(context),
        BinaryKind.Or => BinaryKernel.BindCalls<Or>(context),
        BinaryKind.Xor => BinaryKernel.BindCalls<Xor>(context),
        var kind => throw new ArgumentOutOfRangeException(nameof(context), kind, "There is no float32 kernel of this function."),
    };

    private readonly struct Min : IVectorBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector a, TVector b)
            where TVector : struct, IFloatVector<TVector>
            => -TVector.Max(-a, -b);
    }

    private readonly struct Max : IVectorBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector a, TVector b)
            where TVector : struct, IFloatVector<TVector>
            => TVector.Max(a, b);
    }

    private readonly struct Pow : IBinaryFunction
    {
        public static float Invoke(float a, float b) => b == 2f ? a * a : MathF.Pow(a, b);
    }

    private readonly struct Mod : IBinaryFunction
    {
        public static float Invoke(float a, float b)
        {
            float remainder = a % b;
            return remainder != 0f && (remainder < 0f) != (b < 0f) ? remainder + b : remainder;
        }
    }

    private readonly struct Remainder : IBinaryFunction
    {
        public static float Invoke(float a, float b) => a % b;
    }

    private readonly struct Equal : IBinaryFunction
    {
        public static float Invoke(float a, float b) => a == b ? 1f : 0f;
    }

    private readonly struct Less : IVectorBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector a, TVector b)
            where TVector : struct, IFloatVector<TVector>
            => TVector.SelectLess(a, b, 1f, 0f);
    }

    private readonly struct LessOrEqual : IBinaryFunction
    {
        public static float Invoke(float a, float b) => a <= b ? 1f : 0f;
    }

    private readonly struct And : IBinaryFunction
    {
        public static float Invoke(float a, float b) => a != 0f && b != 0f ? 1f : 0f;
    }

    private readonly struct Or : IBinaryFunction
    {
        public static float Invoke(float a, float b) => a != 0f || b != 0f ? 1f : 0f;
    }

    private readonly struct Xor : IBinaryFunction
    {
        public static float Invoke(float a, float b) => (a != 0f) != (b != 0f) ? 1f : 0f;
    }
}
