using EdgeInference.ModelConverter.Check;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Execution;

/// <summary>How long each operator takes on this machine, in nanoseconds: medians, one thread.</summary>
/// <param name="Fast">By the best kernels of this processor; 0 for an operator without work.</param>
/// <param name="Reference">By the scalar kernels.</param>
/// <param name="WholeFast">One inference as a caller sees it, in nanoseconds.</param>
internal sealed record OperatorTimes(double[] Fast, double[] Reference, double WholeFast)
{
    /// <summary>Measurements that the medians of <see cref="Fast"/> are of.</summary>
    public int FastRuns { get; init; }

    /// <summary>Measurements that the medians of <see cref="Reference"/> are of.</summary>
    public int ReferenceRuns { get; init; }

    /// <summary>Measurements that <see cref="WholeFast"/> is the median of.</summary>
    public int WholeRuns { get; init; }

    /// <summary>The shortest of them, in nanoseconds.</summary>
    public double WholeLeast { get; init; }

    /// <summary>The longest of them, in nanoseconds.</summary>
    public double WholeMost { get; init; }

    /// <summary>Whether operators were timed within whole inferences, as in slow models, or each alone.</summary>
    public bool IsTogether { get; init; }

    /// <summary>Measures on rows of the data.</summary>
    internal static OperatorTimes Measure(EdgeModel model, IReadOnlyList<float[]> rows)
    {
        OperatorTiming fast = OperatorTimer.Measure(model, rows[0], KernelSet.Fast, WarmUp.Run);
        OperatorTiming reference = OperatorTimer.Measure(model, rows[0], KernelSet.Reference, WarmUp.Run);
        MeasuredTime whole = fast.Whole ?? Latency.Measure(model, rows);
        return new OperatorTimes(fast.Nanoseconds, reference.Nanoseconds, whole.Nanoseconds)
        {
            FastRuns = fast.Runs,
            ReferenceRuns = reference.Runs,
            WholeRuns = whole.Runs,
            WholeLeast = whole.Least,
            WholeMost = whole.Most,
            IsTogether = fast.Whole is not null,
        };
    }

    /// <summary>The operators alone, by fast kernels and by scalar ones.</summary>
    internal static (double[] Fast, double[] Reference) OfOperators(EdgeModel model, IReadOnlyList<float[]> rows) =>
        (OperatorTimer.Measure(model, rows[0], KernelSet.Fast, WarmUp.Run).Nanoseconds, OperatorTimer.Measure(model, rows[0], KernelSet.Reference, WarmUp.Run).Nanoseconds);
}
