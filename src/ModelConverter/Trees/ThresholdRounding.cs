using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Trees;

/// <summary>Stores the thresholds of trees as int16 where that moves no typical row to the other side of a split, and says what it did.</summary>
internal static class ThresholdRounding
{
    /// <summary>A copy of a graph whose trees have int16 thresholds, those that can.</summary>
    /// <param name="graph">The graph as it would be written.</param>
    /// <param name="rows">Typical inputs.</param>
    /// <param name="rowsAre">What they are called.</param>
    /// <exception cref="InputException">The graph has no trees, or there are no rows.</exception>
    internal static Graph Apply(Graph graph, IReadOnlyList<float[]> rows, string rowsAre)
    {
        Graph copy = GraphCopy.Copy(graph);
        Node[] trees = [.. copy.Nodes.Where(node => node.Opcode == Opcode.TreeEnsemble)];
        if (trees.Length == 0)
        {
            throw new InputException("--tree-thresholds int16 is for models with trees; this one has none. Leave the option out.");
        }

        if (rows.Count == 0)
        {
            throw new InputException("--tree-thresholds int16 needs typical inputs; give a CSV or .npy with --calibrate.");
        }

        float[][][] columns = Columns(copy, trees, rows);
        for (int i = 0; i < trees.Length; i++)
        {
            Notices.Say(Round(copy, trees[i], columns[i], $"{rows.Count} {rowsAre} rows"));
        }

        return copy;
    }

    private static string Round(Graph graph, Node node, float[][] columns, string rows)
    {
        string name = $"Trees '{node.Name}': thresholds";
        var codes = new ThresholdCodes(Forest.Of(node), columns);
        if (codes.Missing > 0)
        {
            return $"{name} stay float32, because rounded to int16 {codes.Missing} of {codes.Codes.Length} splits would send other values of {rows} to their other side.";
        }

        int bytes = ModelWriter.Write(graph, FileParts.TensorNames).Length;
        Value?[] inputs = [.. node.Inputs];
        Value thresholds = node.Input(TreeEnsembleRule.Thresholds);
        node.Inputs[TreeEnsembleRule.Thresholds] = Value.Constant(thresholds.Name, codes.Codes, codes.Codes.Length);
        while (node.Inputs.Count < TreeEnsembleRule.Exponents)
        {
            node.Inputs.Add(null);
        }

        node.Inputs.Add(Value.Constant(thresholds.Name + ".exponents", codes.Exponents, codes.Exponents.Length));
        if (ModelWriter.Write(graph, FileParts.TensorNames).Length >= bytes)
        {
            node.Inputs.Clear();
            node.Inputs.AddRange(inputs);
            return $"{name} stay float32, because with an exponent for each of {columns.Length} features int16 would take no fewer bytes.";
        }

        return $"{name} were rounded to int16. No split changed side on {rows}; other rows may.";
    }

    // For each node what its features are in all rows, in ascending order and without NaN.
    private static float[][][] Columns(Graph graph, Node[] trees, IReadOnlyList<float[]> rows)
    {
        var values = Array.ConvertAll(trees, node => Enumerable.Range(0, node.Input(0).LastDimension).Select(_ => new List<float>()).ToArray());
        using var runner = new GraphRunner(graph, [.. trees.Select(node => node.Input(0))]);
        foreach (float[] row in rows)
        {
            runner.Run(row);
            for (int i = 0; i < trees.Length; i++)
            {
                ReadOnlySpan<float> x = runner.Values(i);
                for (int element = 0; element < x.Length; element++)
                {
                    if (!float.IsNaN(x[element]))
                    {
                        values[i][element % values[i].Length].Add(x[element]);
                    }
                }
            }
        }

        return Array.ConvertAll(values, lists => Array.ConvertAll(lists, list =>
        {
            list.Sort();
            return list.ToArray();
        }));
    }
}
