using EdgeInference.ModelConverter.Check;
using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Report;

/// <summary>A tensor between the operators of a model, whose values a report shows.</summary>
/// <param name="Value">The tensor.</param>
/// <param name="Node">Position of the node that writes it.</param>
/// <param name="Output">Which output of that node it is.</param>
internal readonly record struct WatchedTensor(Value Value, int Node, int Output)
{
    // What is looked at by eye needs no more.
    private const int MostValues = 100_000;

    // Steps of docs/model-format.md that rows may take: a second or two.
    private const long MostSteps = 1L << 32;

    /// <summary>The outputs of a node, if it computes anything.</summary>
    internal static IEnumerable<WatchedTensor> Of(Node node, int position) => OperatorDefinitions.Of(node.Opcode) is { IsConversion: false, IsView: false }
        ? node.Outputs.Select((value, i) => new WatchedTensor(value, position, i))
        : [];

    /// <summary>The first values of tensors of a graph, from as many rows as give them.</summary>
    internal static List<float>[] Values(Graph graph, IReadOnlyList<WatchedTensor> watched, IReadOnlyList<float[]> rows)
    {
        if (watched.Count == 0)
        {
            return [];
        }

        using var runner = new GraphRunner(graph, [.. watched.Select(tensor => tensor.Value)]);
        return Collect(watched.Count, rows, (row, add) =>
        {
            runner.Run(row);
            for (int i = 0; i < watched.Count; i++)
            {
                add(i, runner.Values(i));
            }
        });
    }

    /// <summary>The same of a file, read as its kernels write them: of a large file's weights there is no other copy.</summary>
    internal static List<float>[] Values(EdgeModel model, IReadOnlyList<WatchedTensor> watched, IReadOnlyList<float[]> rows)
    {
        OperatorRecord[] operators = model.File.Operators;
        long steps = operators.Sum(record => OperatorSteps.Of(record, model.File.Bytes));
        rows = [.. rows.Take((int)Math.Clamp(MostSteps / Math.Max(1, steps), 1, rows.Count))];
        using var run = new OperatorRun(model, KernelSet.Fast);
        if (watched.Any(tensor => !run.HasKernel(tensor.Node)))
        {
            // Another operator's kernel does it too, and writes no such tensor.
            Graph graph = GraphReader.Read(model.File);
            return Values(graph, [.. watched.Select(tensor => tensor with { Value = graph.Nodes[tensor.Node].Outputs[tensor.Output] })], rows);
        }

        ILookup<int, int> after = Enumerable.Range(0, watched.Count).ToLookup(i => watched[i].Node);
        return Collect(watched.Count, rows, (row, add) =>
        {
            run.Fill(row);
            for (int i = 0; i < operators.Length; i++)
            {
                run.Run(i);
                foreach (int position in after[i])
                {
                    add(position, run.Read(operators[i].Outputs[watched[position].Output]));
                }
            }
        });
    }

    private static List<float>[] Collect(int count, IReadOnlyList<float[]> rows, Action<float[], Adding> run)
    {
        List<float>[] values = [.. Enumerable.Range(0, count).Select(_ => new List<float>())];
        foreach (float[] row in rows.TakeWhile(_ => values.Any(list => list.Count < MostValues)))
        {
            run(row, (i, more) =>
            {
                if (values[i].Count < MostValues)
                {
                    values[i].AddRange(more);
                }
            });
        }

        return values;
    }

    private delegate void Adding(int watched, ReadOnlySpan<float> values);
}
