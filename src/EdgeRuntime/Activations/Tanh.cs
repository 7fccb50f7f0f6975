using System.Runtime.CompilerServices;
using EdgeRuntime.Kernels.Simd.Float;
using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>Tanh, the hyperbolic tangent: y = tanh x = 2·sigmoid(2x) − 1.</summary>
internal sealed class Tanh : ActivationFunction
{
    internal Tanh()
        : base(ActivationKind.Tanh, isMonotonic: true, float32Ulps: 2)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = tanh x = 2·sigmoid(2x) − 1";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-1, 1);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => Of(x);

    /// <summary>The value, without an instance.</summary>
    internal static double Of(double x)
    {
        // (e^(−2|x|) − 1) never overflows, and keeps its digits near 0.
        double t = ExpMinusOne.Of(-2 * Math.Abs(x));
        return Math.CopySign(t / (2 + t), x);
    }

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta)
    {
        double e = PortableMath.Exp(-2 * Math.Abs(x));
        return 4 * e / ((1 + e) * (1 + e));
    }

    /// <summary>The formula in float32; at most 2 ULP off.</summary>
    internal readonly struct Float32 : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            // tanh|x| = −t/(2 + t) with t = e^(−2|x|) − 1, which keeps its digits near 0.
            TVector t = VectorMath.ExpMinusOne(TVector.Abs(x) * -2f, out TVector low);
            TVector sum = t + 2f;
            TVector lost = t - (sum - 2f);
            TVector y = -t / sum;

            // What both roundings lost, over sum; 2/sum is 1 + y closely enough for that.
            TVector correction = TVector.MultiplyAdd(y, lost + low, low) * -0.5f;
            return TVector.CopySign(TVector.MultiplyAdd(correction, y + 1f, y), x);
        }
    }
}
