using EdgeInference.Benchmarks.Models;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Benchmarks.Sources;

/// <summary>The squared distances of a row from constant points, with which kernel machines and nearest neighbours begin.</summary>
internal static class DistanceLoops
{
    internal static void Differences(LoopSource source, Node node, int i)
    {
        // Their sign does not matter: they are squared.
        (Value points, Value row) = node.Input(0).IsConstant ? (node.Input(0), node.Input(1)) : (node.Input(1), node.Input(0));
        int features = row.Elements;
        if (features != node.Output.LastDimension || points.Elements != node.Output.Elements)
        {
            throw new PeerException("no loops are written for a difference of these shapes");
        }

        source.Constant($"k{i}", points.Floats);
        string x = source.Name(row);
        string y = source.Result(node.Output, $"y{i}");
        source.Line($"for (int p = 0; p < {points.Elements / features}; p++) for (int u = 0; u < {features}; u++) {y}[p * {features} + u] = k{i}[p * {features} + u] - {x}[u];");
    }

    internal static void Squares(LoopSource source, Node node, int i)
    {
        Value x = node.Input(0);
        var kind = (ReduceKind)node.Parameters[ReduceRule.Kind];
        if (node.Parameters[ReduceRule.Axes] != 1 << (x.Shape.Length - 1) || kind is not (ReduceKind.Sum or ReduceKind.SumSquare))
        {
            throw new PeerException($"no loops are written for {kind} over these axes");
        }

        int features = x.LastDimension;
        string from = source.Name(x);
        string y = source.Result(node.Output, $"y{i}");
        string term = kind == ReduceKind.Sum ? "v" : "v * v";
        source.Line($"for (int p = 0; p < {node.Output.Elements}; p++) {{ float s = 0; for (int u = 0; u < {features}; u++) {{ float v = {from}[p * {features} + u]; s += {term}; }} {y}[p] = s; }}");
    }

    /// <summary>The probabilities of two classes from that of the first.</summary>
    internal static void TwoClasses(LoopSource source, Node node, int i)
    {
        string x = source.Name(node.Input(0));
        string y = source.Result(node.Output, $"y{i}");
        source.Line($"{y}[0] = {x}[0]; {y}[1] = 1 - {x}[0];");
    }
}
