using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Quantize;

/// <summary>Runs a float graph over calibration rows and keeps statistics of every tensor in it.</summary>
internal sealed class Calibration
{
    private readonly Dictionary<Value, ValueStatistics> statistics = [];

    private Calibration(Graph graph, IReadOnlyList<float[]> rows)
    {
        Rows = rows;
        Missing = new MissingInputs(graph);
    }

    /// <summary>The tensors whose ranges are those of the values that are not missing.</summary>
    public MissingInputs Missing { get; }

    /// <summary>The rows.</summary>
    public IReadOnlyList<float[]> Rows { get; }

    /// <summary>The statistics of a tensor that is not a constant.</summary>
    public ValueStatistics this[Value value] => statistics[value];

    /// <summary>Collects statistics.</summary>
    /// <param name="graph">A float32 graph.</param>
    /// <param name="rows">Inputs, one or more, each as long as all graph inputs together.</param>
    /// <exception cref="InputException">There are no rows, a row has the wrong length, or the model gives a number that is not finite.</exception>
    public static Calibration Collect(Graph graph, IReadOnlyList<float[]> rows)
    {
        int length = graph.Inputs.Sum(input => input.Elements);
        if (rows.Count == 0)
        {
            throw new InputException("Quantization needs calibration rows; give a CSV or .npy of typical inputs with --calibrate.");
        }

        int wrong = rows.ToList().FindIndex(row => row.Length != length);
        if (wrong >= 0)
        {
            throw new InputException($"Calibration row {wrong + 1} has {rows[wrong].Length} values but the model takes {length}; give rows with the model's features.");
        }

        Value[] watched = [.. graph.Inputs, .. graph.Nodes.SelectMany(node => node.Outputs)];
        var calibration = new Calibration(graph, rows);
        using var runner = new GraphRunner(graph, watched);
        foreach (Value value in watched)
        {
            calibration.statistics[value] = new ValueStatistics(value.LastDimension);
        }

        // These say what a missing value is.
        bool[] mayMiss = Array.ConvertAll(watched, value => !graph.Outputs.Contains(value) && graph.Consumers(value) is { Count: > 0 } readers && readers.All(node => node.Opcode is Opcode.FeatureTransform or Opcode.TreeEnsemble));
        for (int row = 0; row < rows.Count; row++)
        {
            runner.Run(rows[row]);
            for (int i = 0; i < watched.Length; i++)
            {
                ReadOnlySpan<float> values = runner.Values(i);
                foreach (float value in values)
                {
                    if (!float.IsFinite(value) && !(float.IsNaN(value) && (mayMiss[i] || calibration.Missing.MayHold(watched[i]))))
                    {
                        throw new InputException($"Calibration row {row + 1} makes tensor '{watched[i].Name}' {value}; quantization needs finite numbers, so remove that row or fix the model.");
                    }
                }

                calibration.statistics[watched[i]].AddExtremes(values);
            }
        }

        foreach (float[] row in rows)
        {
            runner.Run(row);
            for (int i = 0; i < watched.Length; i++)
            {
                calibration.statistics[watched[i]].AddHistogram(runner.Values(i));
            }
        }

        return calibration;
    }
}
