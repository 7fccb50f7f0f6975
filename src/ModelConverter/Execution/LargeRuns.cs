using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.ModelConverter.Execution;

/// <summary>Runs many rows of a model whose weights are read from memory again for each of them, by blocks; in float32 the last bits may differ from single runs.</summary>
internal static class LargeRuns
{
    /// <summary>Rows that are worth handing over at once.</summary>
    internal const int Rows = BatchRunner.LargeRows;

    // A rest of fewer rows is run one by one; a block costs a large model about as much as this many.
    private const int LeastRest = 4;
    private const int Block = 64;
    private const int LeastConstantBytes = 16 << 20;

    /// <summary>Whether a model is large enough and can be run so.</summary>
    internal static bool IsFor(EdgeModel model) =>
        !model.File.Tensors.Any(tensor => tensor.Storage == TensorStorage.State) && BatchRunner.CanBatch(model) && model.File.Tensors.Where(tensor => tensor.Storage == TensorStorage.Constant).Sum(tensor => (long)tensor.Bytes) > LeastConstantBytes;

    /// <summary>The outputs of each row.</summary>
    internal static float[][] Run(Session session, IReadOnlyList<float[]> rows)
    {
        var outputs = new float[rows.Count][];
        int width = session.InputLength;
        for (int first = 0; first < outputs.Length; first += Rows)
        {
            int count = Math.Min(Rows, outputs.Length - first);
            // Rows of zeros fill the last block up, since a session runs half a block's rows and fewer one by one.
            int padded = count % Block < LeastRest ? count : (count + Block - 1) / Block * Block;
            var inputs = new float[padded * width];
            for (int i = 0; i < count; i++)
            {
                rows[first + i].CopyTo(inputs, i * width);
            }

            var results = new float[padded * session.OutputLength];
            session.RunBatch(inputs, results, padded);
            for (int i = 0; i < count; i++)
            {
                outputs[first + i] = results.AsSpan(i * session.OutputLength, session.OutputLength).ToArray();
            }
        }

        return outputs;
    }
}
