using EdgeInference.ModelConverter.Check;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Execution;

/// <summary>How long each operator takes on this machine, in nanoseconds: medians over rounds, one thread.</summary>
/// <param name="Fast">By the best kernels of this processor; 0 for an operator without work.</param>
/// <param name="Reference">By the scalar kernels.</param>
/// <param name="WholeFast">One inference as a caller sees it, in nanoseconds.</param>
internal sealed record OperatorTimes(double[] Fast, double[] Reference, double WholeFast)
{
    /// <summary>Measures on rows of the data.</summary>
    internal static OperatorTimes Measure(EdgeModel model, IReadOnlyList<float[]> rows)
    {
        (double[] fast, double[] reference) = OfOperators(model, rows);
        return new OperatorTimes(fast, reference, 1000 * Latency.Microseconds(model, rows));
    }

    /// <summary>The operators alone, by fast kernels and by scalar ones.</summary>
    internal static (double[] Fast, double[] Reference) OfOperators(EdgeModel model, IReadOnlyList<float[]> rows) =>
        (OperatorTimer.Nanoseconds(model, rows[0], KernelSet.Fast, WarmUp.Run), OperatorTimer.Nanoseconds(model, rows[0], KernelSet.Reference, WarmUp.Run));
}
