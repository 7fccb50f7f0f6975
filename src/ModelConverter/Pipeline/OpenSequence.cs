using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Streaming;

namespace EdgeInference.ModelConverter.Pipeline;

/// <summary>A sequence model whose file does not fix the length of its sequences: streamed, it takes any.</summary>
internal static class OpenSequence
{
    // Primes, so that no other axis is a multiple of either by chance.
    private const int Length = 31;
    private const int OtherLength = 37;

    /// <summary>Imports a model for streaming, at some length of its sequences where the file leaves that open.</summary>
    /// <param name="path">The model's file.</param>
    /// <param name="options">What was said of it.</param>
    /// <param name="frames">Frames a call, 1 or more.</param>
    /// <param name="needsRows">Whether rows of whole sequences will be read, whose length then matters.</param>
    /// <exception cref="InputException">The model cannot be imported or streamed, or what it streams depends on the length.</exception>
    internal static Graph Import(string path, ImportOptions options, int frames, bool needsRows)
    {
        try
        {
            return ModelImporter.Import(path, options);
        }
        catch (OpenDimensionException open) when (!needsRows && frames > 0)
        {
            ImportOptions Of(int length) => options with { Dimensions = new Dictionary<string, int>(options.Dimensions) { [open.Dimension] = length * frames } };
            Graph graph = ModelImporter.Import(path, Of(Length));
            byte[] one = Streamed(graph, frames);
            byte[] other = Streamed(ModelImporter.Import(path, Of(OtherLength)), frames);
            return one.AsSpan().SequenceEqual(other)
                ? graph
                : throw new InputException($"'{path}' computes with the length of '{open.Dimension}', so its outputs depend on more than the frames; give the length with --dim {open.Dimension}=SIZE.", open);
        }
    }

    private static byte[] Streamed(Graph graph, int frames) => ModelWriter.Write(StreamingGraph.Rewrite(GraphOptimizer.Optimize(graph), frames));
}
