using System.Runtime.CompilerServices;
using EdgeRuntime.Kernels.Simd.Float;
using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>ReLU6, the rectified linear unit that ends at 6: y = min(6, max(0, x)).</summary>
internal sealed class ReLU6 : ActivationFunction
{
    internal ReLU6()
        : base(ActivationKind.ReLU6, isMonotonic: true)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = min(6, max(0, x))";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (0, 6);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => Math.Min(6, Math.Max(0, x));

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => x is > 0 and <= 6 ? 1 : 0;

    /// <summary>The formula in float32; exact.</summary>
    internal readonly struct Float32 : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => TVector.SelectLess(x, 0f, 0f, TVector.SelectLess(6f, x, 6f, x));
    }
}
