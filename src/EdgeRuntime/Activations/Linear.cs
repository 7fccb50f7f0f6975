using System.Runtime.CompilerServices;
using EdgeRuntime.Kernels.Simd.Float;
using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>Linear, the identity: y = x.</summary>
internal sealed class Linear : ActivationFunction
{
    internal Linear()
        : base(ActivationKind.Linear, isMonotonic: true)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (double.NegativeInfinity, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => x;

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => 1;

    /// <summary>The formula in float32; exact.</summary>
    internal readonly struct Float32 : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => x;
    }
}
