using System.Runtime.CompilerServices;
using EdgeRuntime.Kernels.Simd.Float;
using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>Step, the unit step: y = 1 for x ≥ 0, else 0.</summary>
internal sealed class Step : ActivationFunction
{
    internal Step()
        : base(ActivationKind.Step, isMonotonic: true)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = 1 for x ≥ 0, else 0";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (0, 1);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => double.IsNaN(x) ? x : x >= 0 ? 1 : 0;

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => 0;

    /// <summary>The formula in float32; exact.</summary>
    internal readonly struct Float32 : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => TVector.SelectLess(x, 0f, 0f, TVector.SelectLess(-1f, x, 1f, x));
    }
}
