using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Recurrent;

/// <summary>RNN in float32: h' = f(W·x + R·h + b).</summary>
internal static unsafe class RNNKernel
{
    internal static BoundKernel Bind(in BindContext context) => RecurrentCell.Bind<Step>(in context, RecurrentCell.Of(in context, 1, 1, 1));

    private readonly struct Step : IRecurrentStep
    {
        public static void Run<TVector>(ref RecurrentCell a, float* sums, float* state, float* cell)
            where TVector : struct, IFloatVector<TVector>
        {
            a.Product.Run(state, sums, a.Gates);
            a.Activate(in a.F, a.Gates, a.Hidden);
            new ReadOnlySpan<float>(a.Gates, a.Hidden).CopyTo(new Span<float>(state, a.Hidden));
        }
    }
}
