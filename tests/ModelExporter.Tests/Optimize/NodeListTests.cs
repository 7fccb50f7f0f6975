using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Tool.Tests.Optimize;

/// <summary>What a graph knows of its nodes after any change, against the nodes themselves; and graphs of many nodes.</summary>
public sealed class NodeListTests
{
    // Past this many lives the planner tries one order.
    private const int Long = 3000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Writers_and_readers_are_those_of_the_nodes_after_every_change(int seed)
    {
        var random = new Random(seed);
        Value[] values = [.. Enumerable.Range(0, 6).Select(i => new Value($"v{i}", TensorType.Float32, 1))];
        var graph = new Graph();
        graph.Outputs.Add(values[5]);
        var expected = new List<Node>();
        for (int change = 0; change < 2000; change++)
        {
            Node Any() => expected[random.Next(expected.Count)];
            Value One() => values[random.Next(values.Length)];
            int kind = expected.Count < 3 ? 0 : random.Next(9);
            Node node = kind < 4 ? new Node(Opcode.Add, $"n{change}", [One(), One()], One()) : Any();
            Node other = expected.Count == 0 ? node : Any();
            switch (kind)
            {
                case 0:
                    graph.Nodes.Add(node);
                    expected.Add(node);
                    break;
                case 1:
                    graph.Nodes.InsertAfter(other, node);
                    expected.Insert(expected.IndexOf(other) + 1, node);
                    break;
                case 2:
                    graph.Nodes.InsertBefore(other, node);
                    expected.Insert(expected.IndexOf(other), node);
                    break;
                case 3:
                    graph.Nodes.Replace(other, node);
                    expected[expected.IndexOf(other)] = node;
                    break;
                case 4:
                    Assert.True(graph.Nodes.Remove(node));
                    Assert.False(graph.Nodes.Remove(node));
                    expected.Remove(node);
                    node.Inputs[0] = One();
                    break;
                case 5:
                    node.Inputs[random.Next(node.Inputs.Count)] = One();
                    node.Outputs[0] = One();
                    break;
                case 6 when node.Inputs.Count < 5:
                    node.Inputs.Add(One());
                    break;
                case 7 when node.Inputs.Count > 2:
                    node.Inputs.RemoveAt(random.Next(node.Inputs.Count));
                    break;
                default:
                    graph.Replace(values[random.Next(5)], values[random.Next(5)]);
                    break;
            }

            Assert.Equal(expected, graph.Nodes);
            foreach (Value value in values)
            {
                List<Node> readers = expected.FindAll(reader => reader.Inputs.Contains(value));
                Assert.Same(expected.Find(writer => writer.Outputs.Contains(value)), graph.Producer(value));
                Assert.Equal(readers, graph.Consumers(value));
                bool alone = readers.Count == 1 && value != values[5] && readers[0].Inputs.Count(input => input == value) == 1;
                Assert.Equal(alone, graph.HasOneConsumer(value, out Node consumer));
                Assert.True(!alone || consumer == readers[0]);
            }
        }
    }

    [Fact]
    public void A_node_is_in_a_graph_once()
    {
        var value = new Value("v", TensorType.Float32, 1);
        var node = new Node(Opcode.Add, "n", [value, value], value);
        var nodes = new NodeList();
        nodes.Add(node);
        Assert.Throws<InvalidOperationException>(() => nodes.Add(node));
        Assert.Single(nodes);
    }

    // Every other tensor is read again at the end, so that thousands are alive at once.
    [Fact]
    public void Tensors_of_a_long_graph_that_live_at_the_same_time_do_not_overlap()
    {
        Graph graph = Chain(Long, i => i % 2 == 0 ? Opcode.Transpose : Opcode.Softmax);
        Value[] kept = [.. graph.Nodes.Where((_, i) => i % 100 == 0).Select(node => node.Output)];
        graph.Outputs.AddRange(kept);
        ArenaPlan plan = ArenaPlanner.Plan(graph);
        Value[] outputs = [.. graph.Outputs.Distinct()];
        int[] places = [.. outputs.Select(value => plan.Offsets[value]).Order()];
        Assert.True(outputs.Length > Long / 100);
        Assert.All(places.Zip(places.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 64));
        Assert.InRange(plan.Bytes, 64 * outputs.Length, 64 * (outputs.Length + 2));
    }

    [Fact]
    public void A_chain_of_fifty_thousand_nodes_is_optimized_and_one_with_too_many_tensors_is_refused_in_words()
    {
        Graph graph = Chain(50_000, _ => Opcode.Activation);
        Assert.Equal(50_000, GraphOptimizer.Optimize(graph).Nodes.Count);
        Assert.Single(ArenaPlanner.Plan(graph).Offsets.Values.Distinct().Except([ArenaPlanner.Plan(graph).Offsets[graph.Inputs[0]]]));
        string message = Assert.Throws<InputException>(() => ModelWriter.Write(Chain(FormatLayout.MaxTensors, _ => Opcode.Activation))).Message;
        Assert.Equal("The model needs more than 65535 tensors, which is what a file can hold; make it smaller.", message);
    }

    private static Graph Chain(int nodes, Func<int, Opcode> opcode)
    {
        var graph = new Graph();
        var value = new Value("x", TensorType.Float32, 1, 4);
        graph.Inputs.Add(value);
        for (int i = 0; i < nodes; i++)
        {
            var next = new Value($"v{i}", TensorType.Float32, 1, 4);
            var node = new Node(opcode(i), $"n{i}", [value], next);
            if (node.Opcode == Opcode.Activation)
            {
                node.WithActivation(ActivationRule.Kind, ActivationKind.Tanh);
            }

            graph.Nodes.Add(node);
            value = next;
        }

        graph.Outputs.Add(value);
        return graph;
    }
}
