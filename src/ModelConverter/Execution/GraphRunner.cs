using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.Runtime;

namespace EdgeInference.ModelConverter.Execution;

/// <summary>Runs a graph on the engine and shows the values between its nodes.</summary>
internal sealed class GraphRunner : IDisposable
{
    private readonly EdgeModel model;
    private readonly Session session;
    private readonly float[] output;
    private readonly int[] starts;
    private readonly int[] lengths;

    /// <summary>Prepares a graph.</summary>
    /// <param name="graph">The graph; it is not changed.</param>
    /// <param name="watched">The values to show after each run, constants excluded.</param>
    /// <param name="kernels">The kernels to run with.</param>
    public GraphRunner(Graph graph, IReadOnlyList<Value> watched, KernelSet kernels = KernelSet.Fast)
    {
        Graph copy = GraphCopy.Copy(graph, out Dictionary<Value, Value> map);
        copy.Metadata = new GraphMetadata();
        copy.Outputs.Clear();
        copy.Outputs.AddRange(watched.Select(value => map[value]));
        model = EdgeModel.Load(ModelWriter.Write(copy));
        session = model.CreateSession(kernels);
        output = new float[session.OutputLength];
        lengths = [.. watched.Select(value => value.Elements)];
        starts = new int[lengths.Length];
        for (int i = 1; i < starts.Length; i++)
        {
            starts[i] = starts[i - 1] + lengths[i - 1];
        }
    }

    /// <summary>The outputs of a graph for each row, one after the other.</summary>
    public static float[][] RunAll(Graph graph, IReadOnlyList<float[]> rows)
    {
        using var runner = new GraphRunner(graph, graph.Outputs);
        return [.. rows.Select(row =>
        {
            runner.Run(row);
            return (float[])[.. runner.output];
        })];
    }

    /// <summary>Runs one input.</summary>
    public void Run(ReadOnlySpan<float> input) => session.Run(input, output);

    /// <summary>The elements of a watched value after the last run, real numbers where it is quantized.</summary>
    public ReadOnlySpan<float> Values(int watched) => output.AsSpan(starts[watched], lengths[watched]);

    /// <summary>Frees the session.</summary>
    public void Dispose()
    {
        session.Dispose();
        model.Dispose();
    }
}
