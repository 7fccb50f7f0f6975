using System.Runtime.CompilerServices;
using EdgeRuntime.Kernels.Simd.Float;
using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>ReLU, the rectified linear unit: y = max(0, x).</summary>
internal sealed class ReLU : ActivationFunction
{
    internal ReLU()
        : base(ActivationKind.ReLU, isMonotonic: true)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = max(0, x)";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (0, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => x > 0 ? x : double.IsNaN(x) ? x : 0;

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => x > 0 ? 1 : 0;

    /// <summary>The formula in float32; exact.</summary>
    internal readonly struct Float32 : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => TVector.SelectLess(x, 0f, 0f, x);
    }
}
