using EdgeInference.ModelConverter.Check;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Optimize.Passes;

/// <summary>
/// What each pass of the optimizer does to small graphs and what it must leave alone. Outputs are those of the graph as it was,
/// computed in double precision, or by the reference kernels to the bit where it is quantized.
/// </summary>
public class PassTests
{
    private const int MaxRounds = 50;
    private const int Rows = 3;

    /// <summary>Every case, by its place and what it is.</summary>
    public static TheoryData<int, string> Cases => [.. PassCases.All.Select((entry, i) => (i, entry.ToString()))];

    [Fact]
    public void Every_pass_has_cases_that_change_a_graph_and_cases_that_do_not()
    {
        foreach (string pass in GraphOptimizer.Passes.Select(pass => pass.Name))
        {
            PassCase[] cases = [.. PassCases.All.Where(entry => entry.Pass == pass)];
            Assert.True(Array.Exists(cases, Changes), $"{pass} has no case that changes a graph");
            Assert.True(Array.Exists(cases, entry => !Changes(entry)), $"{pass} has no case that it must leave alone");
        }

        Assert.All(PassCases.All, entry => Assert.Contains(entry.Pass, GraphOptimizer.Passes.Select(pass => pass.Name)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_pass_does_what_it_is_for_and_keeps_the_results(int index, string name)
    {
        PassCase entry = PassCases.All[index];
        Graph before = entry.Make();
        Graph after = entry.Make();
        string was = PassCase.Describe(after);
        bool changed = Run(entry.Pass, after);
        Assert.Equal(entry.After, PassCase.Describe(after));
        Assert.True(changed || was == entry.After, $"{name}: the pass changed the graph and says that it did not");
        AssertSame(before, after, entry.Tolerance, name);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_that_are_read_twice_or_are_outputs_keep_their_numbers(int index, string name)
    {
        PassCase entry = PassCases.All[index];
        int values = entry.Make().Nodes.Sum(node => node.Outputs.Count);
        for (int value = 0; value < values; value++)
        {
            foreach (Reader reader in Enum.GetValues<Reader>())
            {
                Graph before = WithReader(entry.Make(), value, reader);
                Graph alone = WithReader(entry.Make(), value, reader);
                Run(entry.Pass, alone);
                AssertSame(before, alone, entry.Tolerance, $"{name}, value {value} with another {reader}");
                Graph all = GraphOptimizer.Optimize(WithReader(entry.Make(), value, reader));
                AssertSame(before, all, 4 * entry.Tolerance, $"{name}, optimised, value {value} with another {reader}");
            }
        }

        AssertSame(entry.Make(), GraphOptimizer.Optimize(entry.Make()), 4 * entry.Tolerance, $"{name}, optimised");
    }

    private static bool Changes(PassCase entry)
    {
        Graph graph = entry.Make();
        return GraphOptimizer.Passes.Single(pass => pass.Name == entry.Pass).Run(graph);
    }

    // Until it finds nothing more; what it says of the first time.
    private static bool Run(string name, Graph graph)
    {
        IGraphPass pass = GraphOptimizer.Passes.Single(pass => pass.Name == name);
        bool changed = pass.Run(graph);
        bool more = changed;
        for (int round = 0; more; round++)
        {
            Assert.True(round < MaxRounds, $"{name} does not come to an end");
            more = pass.Run(graph);
        }

        GraphOptimizer.Passes[^1].Run(graph);
        return changed;
    }

    private static Graph WithReader(Graph graph, int index, Reader reader)
    {
        Value value = graph.Nodes.SelectMany(node => node.Outputs).ElementAt(index);
        if (reader == Reader.Caller)
        {
            graph.Outputs.Add(value);
            return graph;
        }

        bool real = value.Type == TensorType.Float32;
        var output = new Value("reader", TensorType.Float32, value.Shape);
        var node = new Node(real ? Opcode.Unary : Opcode.Dequantize, "reader", [value], output);
        if (real)
        {
            node.With(0, (int)UnaryKind.Abs);
        }

        // In front of all that comes after the value, so that a pass which takes the first reader for the only one takes this.
        if (reader != Reader.First)
        {
            graph.Nodes.Add(node);
        }
        else if (graph.Producer(value) is { } writer)
        {
            graph.Nodes.InsertAfter(writer, node);
        }
        else
        {
            graph.Nodes.InsertBefore(graph.Nodes[0], node);
        }

        graph.Outputs.Add(output);
        return graph;
    }

    private static void AssertSame(Graph before, Graph after, double tolerance, string name)
    {
        bool exact = DoubleEvaluator.Missing(before) is not null || before.Nodes.Exists(node => node.Outputs.Exists(output => output.IsState));
        var evaluator = new DoubleEvaluator(before);
        var random = new Random(7);
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(after));
        using Session session = model.CreateSession(KernelSet.Reference);
        using EdgeModel original = EdgeModel.Load(ModelWriter.Write(before));
        using Session whole = original.CreateSession(KernelSet.Reference);
        for (int row = 0; row < Rows; row++)
        {
            float[] input = [.. Enumerable.Range(0, session.InputLength).Select(_ => (4f * random.NextSingle()) - 2f)];
            var actual = new float[session.OutputLength];
            session.Run(input, actual);
            var engine = new float[whole.OutputLength];
            whole.Run(input, engine);
            double[] expected = exact ? Array.ConvertAll(engine, value => (double)value) : evaluator.Run(input);
            Assert.Equal(expected.Length, actual.Length);
            double bound = tolerance * Math.Max(1, expected.Max(Math.Abs));
            for (int i = 0; i < actual.Length; i++)
            {
                Assert.True(Math.Abs(expected[i] - actual[i]) <= bound, $"{name}: output {i} is {actual[i]} and not {expected[i]}");
            }
        }
    }

    private enum Reader
    {
        Caller,
        First,
        Last,
    }
}
