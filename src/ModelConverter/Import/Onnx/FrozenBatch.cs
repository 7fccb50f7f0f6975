using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Onnx;

/// <summary>
/// A batch that was fixed when an ONNX file was written. It becomes 1 where running the model shows that each row of the
/// outputs depends on the same row of the inputs alone, and not on its place.
/// </summary>
internal static class FrozenBatch
{
    // Sums of another length may round otherwise.
    private const float Tolerance = 1e-4f;
    private const int MostValues = 1 << 22;

    /// <summary>The model with another batch, where its first dimensions are one batch; else the graph itself.</summary>
    /// <param name="graph">The graph as the file has it.</param>
    /// <param name="wanted">Rows an inference; null for 1, if the model allows it.</param>
    /// <param name="import">Imports the file with other input shapes.</param>
    /// <exception cref="InputException">A batch is asked for that the model cannot have.</exception>
    internal static Graph Release(Graph graph, int? wanted, Func<IReadOnlyDictionary<string, int[]>, int?, Graph> import)
    {
        int batch = graph.Inputs[0].Shape.FirstOrDefault();
        int target = wanted ?? 1;
        if (batch == target || (wanted is null && batch < 1))
        {
            return With(graph, batch);
        }

        bool isBatch = graph.Inputs.Concat(graph.Outputs).All(value => value.Shape.Length >= 2 && value.Shape[0] == batch && value.Type == TensorType.Float32)
            && graph.Inputs.Sum(value => (long)value.Elements / batch) * Math.Max(batch, target) <= MostValues;
        if (!isBatch)
        {
            return wanted is null ? graph : throw new InputException($"--batch {target} is not possible: the first dimensions of the model's inputs and outputs are fixed and are not one batch; omit it.");
        }

        // Rows apart are what both the file's batch and another one are compared with. What a Reshape to as many rows means, the
        // comparison tells: first it stays, then it follows.
        bool ran = false;
        foreach (int? following in (ReadOnlySpan<int?>)[null, batch])
        {
            Graph? single = batch == 1 ? graph : Try(graph, 1, following, import);
            Graph? changed = target == 1 ? single : single is null ? null : Try(graph, target, following, import);
            if (single is null || changed is null)
            {
                continue;
            }

            ran = true;
            if ((batch == 1 || IsRowByRow(graph, single, batch)) && (target == 1 || IsRowByRow(changed, single, target)))
            {
                return With(changed, target, $"The file fixes its batch at {batch}; the model was exported with a batch of {target}, which gives the same for each row.");
            }
        }

        string reason = ran ? "its rows depend on each other or on their place" : $"a node or a constant within the graph does too, as an Add of {batch} rows";
        return wanted is null
            ? With(graph, batch, $"The file fixes the first dimension at {batch}, and {reason}: one inference takes all {batch}; write the file with a batch of 1, or an open one, to decide for each row.")
            : throw new InputException($"--batch {target} is not possible: the file fixes the first dimension at {batch}, and {reason}; write the file with a batch of {target}, or an open one.");
    }

    private static Graph? Try(Graph graph, int batch, int? fixedBatch, Func<IReadOnlyDictionary<string, int[]>, int?, Graph> import)
    {
        try
        {
            Graph result = import(graph.Inputs.ToDictionary(input => input.Name, input => (int[])[batch, .. input.Shape[1..]]), fixedBatch);
            return result.Outputs.Count == graph.Outputs.Count ? result : null;
        }
        catch (InputException)
        {
            return null;
        }
    }

    private static Graph With(Graph graph, int batch, string? note = null)
    {
        graph.Metadata = graph.Metadata with { Batch = Math.Max(1, batch), Notes = note is null ? graph.Metadata.Notes : [.. graph.Metadata.Notes, note] };
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
