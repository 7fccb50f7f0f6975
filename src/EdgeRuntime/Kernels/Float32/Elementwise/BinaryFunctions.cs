using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels.Float32.Elementwise;

/// <summary>The functions of the operator Binary, each through <see cref="BinaryKernel"/>.</summary>
internal static class BinaryFunctions
{
    /// <exception cref="ArgumentOutOfRangeException">The kind has no kernel.</exception>
    internal static BoundKernel Bind(in BindContext context) => (BinaryKind)context.Operator.Int(BinaryRule.Kind) switch
    {
        BinaryKind.Min => BinaryKernel.Bind<Min>(context),
        BinaryKind.Max => BinaryKernel.Bind<Max>(context),
        BinaryKind.Pow => BinaryKernel.Bind<Pow>(context),
        BinaryKind.Mod => BinaryKernel.Bind<Mod>(context),
        BinaryKind.Remainder => BinaryKernel.Bind<Remainder>(context),
        BinaryKind.Equal => BinaryKernel.Bind<Equal>(context),
        BinaryKind.Less => BinaryKernel.Bind<Less>(context),
        BinaryKind.LessOrEqual => BinaryKernel.Bind<LessOrEqual>(context),
        BinaryKind.And => BinaryKernel.Bind<And>(context),
        BinaryKind.Or => BinaryKernel.Bind<Or>(context),
        BinaryKind.Xor => BinaryKernel.Bind<Xor>(context),
        var kind => throw new ArgumentOutOfRangeException(nameof(context), kind, "There is no float32 kernel of this function."),
    };

    private readonly struct Min : IBinaryFunction
    {
        public static float Invoke(float a, float b) => MathF.Min(a, b);
    }

    private readonly struct Max : IBinaryFunction
    {
        public static float Invoke(float a, float b) => MathF.Max(a, b);
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

    private readonly struct Less : IBinaryFunction
    {
        public static float Invoke(float a, float b) => a < b ? 1f : 0f;
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
