using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Quantize;

/// <summary>
/// Finds how to quantize a graph: every range method, with and without equalized channels and bias correction, is tried in
/// int8, and the one whose outputs stay closest to the float model's on the calibration rows is taken. Where outputs in fixed
/// point give many rows one value, they are fine outputs, and the order of the rows counts as well.
/// </summary>
internal static class QuantizationSearch
{
    // 256 levels used evenly tie 0.4 % of the pairs, which costs no ranking.
    private const double MostTies = 0.02;

    private static readonly bool[] corrections = [true, false];

    // What each end of a skewed input feature may lose where the order of the rows counts.
    private static readonly double[] tails = [0, 0.001, 0.005, 0.02];

    /// <summary>The best found.</summary>
    /// <param name="graph">A float graph.</param>
    /// <param name="rows">Calibration rows.</param>
    /// <param name="progress">Told the share of the ways that were tried, 0 to 1.</param>
    /// <param name="mayBeFine">Whether outputs may be fine: their last function is in float32, so that engines may differ in its last bit.</param>
    /// <exception cref="InputException">The calibration rows do not fit the model.</exception>
    public static QuantizationChoice Best(Graph graph, IReadOnlyList<float[]> rows, IProgress<double>? progress = null, bool mayBeFine = false)
    {
        float[][]? reference = null;
        var prepared = new PreparedGraph[2];
        for (int equalize = 0; equalize < prepared.Length; equalize++)
        {
            prepared[equalize] = PreparedGraph.From(graph, rows, equalize == 1);
            reference ??= GraphRunner.RunAll(graph, rows);
        }

        int tried = 0;
        double ways = 2 * 2 * Enum.GetValues<RangeMethod>().Length;
        QuantizationChoice best = Best(prepared, reference!, rows, fine: false, () => progress?.Report(++tried / ways));
        if (mayBeFine && HasTies(best.Prepared, best.Options, reference!, rows))
        {
            best = Best(prepared, reference!, rows, fine: true, () => { });
        }

        return best;
    }

    /// <summary>The same with fine outputs where others would give many rows one output.</summary>
    internal static QuantizationOptions WithOutputs(PreparedGraph prepared, QuantizationOptions options)
    {
        IReadOnlyList<float[]> rows = prepared.Calibration.Rows;
        return options with { FineOutputs = HasTies(prepared, options, GraphRunner.RunAll(prepared.Graph, rows), rows) };
    }

    // More classes than two have no ROC curve of their own.
    private static bool HasTies(PreparedGraph prepared, QuantizationOptions options, float[][] reference, IReadOnlyList<float[]> rows) =>
        reference[0].Length <= 2 && OutputRanks.Ties(reference, GraphRunner.RunAll(Quantizer.Quantize(prepared, _ => Precision.Int8, options), rows)) > MostTies;

    private static QuantizationChoice Best(PreparedGraph[] graphs, float[][] reference, IReadOnlyList<float[]> rows, bool fine, Action step)
    {
        QuantizationChoice? best = null;
        for (int equalize = 0; equalize < graphs.Length; equalize++)
        {
            foreach (RangeMethod method in Enum.GetValues<RangeMethod>())
            {
                foreach ((bool correct, double tail) in from correct in corrections from tail in fine ? tails : tails[..1] select (correct, tail))
                {
                    var options = new QuantizationOptions { Method = method, BiasCorrection = correct, FineOutputs = fine, InputTail = tail };
                    float[][] outputs = GraphRunner.RunAll(Quantizer.Quantize(graphs[equalize], _ => Precision.Int8, options), rows);
                    double error = MeanSquaredError(reference, outputs) + (fine ? OutputRanks.Deviation(reference, outputs) : 0);
                    if (best is null || error < best.Error)
                    {
                        best = new QuantizationChoice(graphs[equalize], options, equalize == 1, error);
                    }

                    step();
                }
            }
        }

        return best!;
    }

    private static double MeanSquaredError(float[][] reference, float[][] outputs) =>
        reference.Zip(outputs, (a, b) => a.Zip(b, (x, y) => Math.Pow((double)x - y, 2)).Average()).Average();
}

/// <summary>How a graph is best quantized.</summary>
/// <param name="Prepared">The graph with its statistics.</param>
/// <param name="Options">The options.</param>
/// <param name="Equalized">Whether channels were evened out.</param>
/// <param name="Error">Mean squared difference of the int8 model's outputs to the float model's on the calibration rows; with fine outputs that of the rows' ranks is added.</param>
internal sealed record QuantizationChoice(PreparedGraph Prepared, QuantizationOptions Options, bool Equalized, double Error);
