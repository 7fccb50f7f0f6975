using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>Reductions over axes.</summary>
internal static class ReductionOperators
{
    internal static readonly OnnxOperatorRow[] Rows =
    [
        new("ReduceSum", call => Reduce(call, ReduceKind.Sum)),
        new("ReduceMean", call => Reduce(call, ReduceKind.Mean)),
        new("ReduceMax", call => Reduce(call, ReduceKind.Max)),
        new("ReduceMin", call => Reduce(call, ReduceKind.Min)),
        new("ReduceProd", call => Reduce(call, ReduceKind.Prod)),
        new("ReduceL1", call => Reduce(call, ReduceKind.L1)),
        new("ReduceL2", call => Reduce(call, ReduceKind.L2)),
        new("ReduceSumSquare", call => Reduce(call, ReduceKind.SumSquare)),
        new("ReduceLogSum", call => Reduce(call, ReduceKind.LogSum)),
        new("ReduceLogSumExp", call => Reduce(call, ReduceKind.LogSumExp)),
        new("ArgMax", call => ArgReduce(call, smallest: false)),
        new("ArgMin", call => ArgReduce(call, smallest: true)),
    ];

    private static void Reduce(OnnxNodeContext call, ReduceKind kind)
    {
        Value x = call.Input(0);
        call.Output(call.Builder.Reduce(kind, x, Axes(call, x), call.Flag("keepdims", true)));
    }

    /// <summary>The axes that a reduction is over, from 0 on.</summary>
    internal static int[] Axes(OnnxNodeContext call, Value x)
    {
        long[] axes = call.IntegersOrNull(1, "axes") ?? [];
        bool nothing = call.Flag("noop_with_empty_axes");
        int rank = x.Shape.Length;
        return axes.Length > 0 ? Array.ConvertAll(axes, axis => call.Axis(axis, rank)) : nothing ? [] : [.. Enumerable.Range(0, rank)];
    }

    private static void ArgReduce(OnnxNodeContext call, bool smallest)
    {
        Value x = call.Input(0);
        int axis = call.Axis(call.Int("axis", 0), x.Shape.Length);
        call.Output(call.Builder.ArgReduce(x, axis, new ArgReduceSettings { Smallest = smallest, Last = call.Flag("select_last_index"), KeepDimensions = call.Flag("keepdims", true) }), OnnxElementType.Int64);
    }
}
