using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelConverter.Quantize.Operators;

namespace EdgeInference.ModelConverter.Quantize;

/// <summary>
/// Finds how to quantize a graph: every range method, with and without equalized channels and bias correction, is tried in
/// int8, and the one whose outputs stay closest to the float model's on the calibration rows is taken. Where outputs in fixed
/// point give many rows one value, they are made fine outputs, and the order of the rows counts as well.
/// </summary>
internal static class QuantizationSearch
{
    // 256 levels used evenly tie 0.4 % of the pairs, which costs no ranking; a third of the rows on one level tie a tenth.
    private const double MostTies = 0.1;

    private static readonly bool[] corrections = [true, false];

    // What each end of a skewed input feature may lose where the order of the rows counts.
    private static readonly double[] tails = [0, 0.001, 0.005, 0.02];

    /// <summary>The best found.</summary>
    /// <param name="graph">A float graph.</param>
    /// <param name="rows">Calibration rows.</param>
    /// <param name="progress">Told the share of the ways that were tried, 0 to 1.</param>
    /// <exception cref="InputException">The calibration rows do not fit the model.</exception>
    public static QuantizationChoice Best(Graph graph, IReadOnlyList<float[]> rows, IProgress<double>? progress = null)
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
        return Best(prepared, reference!, rows, fine: false, () => progress?.Report(++tried / ways));
    }

    /// <summary>The same with fine outputs where others would give many rows one output; else what was found.</summary>
    /// <param name="graph">The float graph.</param>
    /// <param name="found">How it is best quantized as it is.</param>
    /// <param name="precision">The precision it is to have.</param>
    internal static QuantizationChoice WithOutputs(Graph graph, QuantizationChoice found, Precision precision)
    {
        if (!NeedsFine(found.Prepared, found.Options, precision))
        {
            return found;
        }

        IReadOnlyList<float[]> rows = found.Prepared.Calibration.Rows;
        graph = SoftmaxOfTwo.Replace(graph);
        if (precision != Precision.Int8)
        {
            return found with { Prepared = PreparedGraph.From(graph, rows, found.Equalized), Options = found.Options with { FineOutputs = true } };
        }

        return Best([PreparedGraph.From(graph, rows), PreparedGraph.From(graph, rows, equalize: true)], GraphRunner.RunAll(graph, rows), rows, fine: true, () => { });
    }

    /// <summary>Whether a precision gives many rows one output, and fine outputs would not.</summary>
    internal static bool NeedsFine(PreparedGraph prepared, QuantizationOptions options, Precision precision)
    {
        // More classes than two have no ROC curve of their own.
        IReadOnlyList<float[]> rows = prepared.Calibration.Rows;
        return prepared.Graph.Outputs.Sum(output => output.Elements) <= 2 && MayBeFine(SoftmaxOfTwo.Replace(prepared.Graph), precision)
            && OutputRanks.Ties(GraphRunner.RunAll(prepared.Graph, rows), GraphRunner.RunAll(Quantizer.Quantize(prepared, _ => precision, options), rows)) > MostTies;
    }

    // A layer that ends an int16 model writes int16 already.
    private static bool MayBeFine(Graph graph, Precision precision) => graph.Outputs.Exists(output => graph.Producer(output) is { } last
        && (CompandedSigmoid.Ends(graph, last) || (precision == Precision.Int8 && OperatorDefinitions.Of(last.Opcode).IsLayer)));

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
