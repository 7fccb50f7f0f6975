using ModelExporter.Graphs;
using ModelFormat;

namespace ModelExporter.Import.Onnx;

/// <summary>
/// A batch that was fixed when an ONNX file was written. It becomes 1 where running the model shows that each row of the
/// outputs depends on the same row of the inputs alone, and not on its place.
/// </summary>
internal static class FrozenBatch
{
    // Sums of another length may round otherwise.
    private const float Tolerance = 1e-4f;
    private const int MostValues = 1 << 22;

    /// <summary>The model with a batch of 1, where its first dimensions are one batch; else the graph itself.</summary>
    /// <param name="graph">The graph as the file has it.</param>
    /// <param name="import">Imports the file with other input shapes.</param>
    internal static Graph Release(Graph graph, Func<IReadOnlyDictionary<string, int[]>, Graph> import)
    {
        int batch = graph.Inputs[0].Shape.FirstOrDefault();
        bool isBatch = batch > 1
            && graph.Inputs.Concat(graph.Outputs).All(value => value.Shape.Length >= 2 && value.Shape[0] == batch && value.Type == TensorType.Float32)
            && graph.Inputs.Sum(value => (long)value.Elements) <= MostValues;
        if (!isBatch)
        {
            return graph;
        }

        Graph single;
        try
        {
            single = import(graph.Inputs.ToDictionary(input => input.Name, input => (int[])[1, .. input.Shape[1..]]));
        }
        catch (InputException)
        {
            return Kept(graph, batch);
        }

        if (single.Outputs.Count != graph.Outputs.Count || !IsRowByRow(graph, single, batch))
        {
            return Kept(graph, batch);
        }

        single.Metadata = single.Metadata with
        {
            Notes = [.. single.Metadata.Notes, $"The file fixes its batch at {batch}; the model was exported with a batch of 1, which gives the same for each row."],
        };
        return single;
    }

    private static Graph Kept(Graph graph, int size)
    {
        graph.Metadata = graph.Metadata with
        {
            Notes = [.. graph.Metadata.Notes, $"The file fixes the first dimension at {size}, and its rows depend on each other: one inference takes all {size}."],
        };
        return graph;
    }

    private static bool IsRowByRow(Graph graph, Graph single, int batch)
    {
        var random = new Random(batch);
        float[][] rows = [.. Enumerable.Range(0, batch).Select(_ => Enumerable.Range(0, single.Inputs.Sum(input => input.Elements)).Select(_ => (random.NextSingle() * 4) - 2).ToArray())];
        float[] together = GraphRunner.RunAll(graph, [Interleave(rows, single.Inputs)])[0];
        float[] alone = Interleave([.. GraphRunner.RunAll(single, rows)], single.Outputs);
        float largest = alone.Max(value => Math.Abs(value));
        return together.Length == alone.Length && together.Zip(alone, (a, b) => Math.Abs(a - b) <= Tolerance * largest).All(near => near);
    }

    // Rows hold a part of each tensor; tensors of a batch hold the parts of all rows one after the other.
    private static float[] Interleave(float[][] rows, IEnumerable<Value> tensors)
    {
        var values = new List<float>();
        int start = 0;
        foreach (Value tensor in tensors)
        {
            foreach (float[] row in rows)
            {
                values.AddRange(row.AsSpan(start, tensor.Elements));
            }

            start += tensor.Elements;
        }

        return [.. values];
    }
}
