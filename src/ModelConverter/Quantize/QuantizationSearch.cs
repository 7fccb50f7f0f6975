using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Quantize;

/// <summary>
/// Finds how to quantize a graph: every range method, with and without equalized channels and bias correction, is tried in
/// int8, and the one whose outputs stay closest to the float model's on the calibration rows is taken.
/// </summary>
internal static class QuantizationSearch
{
    /// <summary>The best found.</summary>
    /// <param name="graph">A float graph.</param>
    /// <param name="rows">Calibration rows.</param>
    /// <param name="progress">Told the share of the ways that were tried, 0 to 1.</param>
    /// <exception cref="InputException">The calibration rows do not fit the model.</exception>
    public static QuantizationChoice Best(Graph graph, IReadOnlyList<float[]> rows, IProgress<double>? progress = null)
    {
        QuantizationChoice? best = null;
        float[][]? reference = null;
        int tried = 0;
        double ways = 2 * 2 * Enum.GetValues<RangeMethod>().Length;
        foreach (bool equalize in new[] { false, true })
        {
            var prepared = PreparedGraph.From(graph, rows, equalize);
            reference ??= GraphRunner.RunAll(graph, rows);
            foreach (RangeMethod method in Enum.GetValues<RangeMethod>())
            {
                foreach (bool correct in new[] { true, false })
                {
                    var options = new QuantizationOptions { Method = method, BiasCorrection = correct };
                    Graph quantized = Quantizer.Quantize(prepared, _ => Precision.Int8, options);
                    double error = MeanSquaredError(reference, GraphRunner.RunAll(quantized, rows));
                    if (best is null || error < best.MeanSquaredError)
                    {
                        best = new QuantizationChoice(prepared, options, equalize, error);
                    }

                    progress?.Report(++tried / ways);
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
/// <param name="MeanSquaredError">Mean squared difference of the int8 model's outputs to the float model's on the calibration rows.</param>
internal sealed record QuantizationChoice(PreparedGraph Prepared, QuantizationOptions Options, bool Equalized, double MeanSquaredError);
