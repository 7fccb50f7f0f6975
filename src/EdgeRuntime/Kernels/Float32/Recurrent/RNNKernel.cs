using System.Runtime.CompilerServices;

namespace EdgeInference.Runtime.Kernels.Float32.Recurrent;

/// <summary>RNN in float32: h' = f(W·x + R·h + b).</summary>
internal static unsafe class RNNKernel
{
    internal static BoundKernel Bind(in BindContext context) => new(&Run, context.Keep(RecurrentCell.Of(in context, 1)));

    private static void Run(void* pointer) => RecurrentCell.Run(ref Unsafe.AsRef<RecurrentCell>(pointer), &Step);

    private static void Step(ref RecurrentCell a, float* x)
    {
        a.AddInput(x, 0, 1, bothBiases: true, a.Gates);
        a.AddRecurrent(a.State, 0, 1, a.Gates);
        a.Activate(in a.F, a.Gates, a.Hidden);
        new ReadOnlySpan<float>(a.Gates, a.Hidden).CopyTo(new Span<float>(a.State, a.Hidden));
    }
}
