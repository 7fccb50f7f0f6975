using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Streaming;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime;
using EdgeInference.Tool.Tests.Optimize.Passes;

namespace EdgeInference.Tool.Tests.Plan;

/// <summary>Arenas by hand-worked sizes and by an independent look at who needs which bytes when; what is written of a graph's metadata.</summary>
public class PlanRuleTests
{
    private const int Alignment = 64;

    // 16 floats are one unit of 64 bytes.
    private const int Unit = 16;

    [Fact]
    public void A_chain_needs_the_two_largest_neighbours()
    {
        // 1, 5, 2, 4 and 1 units: 5 + 2 is the most at once, though 5 and 4 are the largest.
        Graph graph = Chain(1, 5, 2, 4, 1);
        ArenaPlan plan = ArenaPlanner.Plan(graph);
        Assert.Equal((7 * Alignment, 7 * Alignment), (plan.LowerBound, plan.Bytes));
    }

    [Fact]
    public void Sizes_are_rounded_up_to_64_bytes()
    {
        var builder = new GraphBuilder(new Graph());
        var x = new Value("x", TensorType.Float32, 1, 17);
        builder.Graph.Inputs.Add(x);
        builder.Graph.Outputs.Add(builder.Softmax(builder.Softmax(x)));

        // 68 bytes take 128, and two of them are alive at once.
        Assert.Equal(256, ArenaPlanner.Plan(builder.Graph).Bytes);
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 3)]
    public void An_element_by_element_node_takes_the_place_of_what_it_reads_last(bool inPlace, int units)
    {
        // x, a = softmax x, b = tanh a, c = b + a: in place, c takes b's place, and a is alive with it.
        var builder = new GraphBuilder(new Graph());
        var x = new Value("x", TensorType.Float32, 1, Unit);
        builder.Graph.Inputs.Add(x);
        Value a = builder.Softmax(x);
        Value b = builder.Activation(ActivationKind.Tanh, a);
        Value c = builder.Arithmetic(Opcode.Add, b, a);
        builder.Graph.Outputs.Add(c);
        ArenaPlan plan = ArenaPlanner.Plan(builder.Graph, inPlace);
        Assert.Equal(units * Alignment, plan.Bytes);
        Assert.NotEqual(plan.Offsets[a], plan.Offsets[b]);
    }

    [Fact]
    public void What_a_caller_wrote_is_still_there_after_a_run()
    {
        var builder = new GraphBuilder(new Graph());
        var x = new Value("x", TensorType.Float32, 1, Unit);
        builder.Graph.Inputs.Add(x);
        builder.Graph.Outputs.Add(builder.Activation(ActivationKind.Tanh, x));
        ArenaPlan plan = ArenaPlanner.Plan(builder.Graph);
        Assert.NotEqual(plan.Offsets[x], plan.Offsets[builder.Graph.Outputs[0]]);
    }

    public static TheoryData<int, string> Graphs => PassTests.Cases;

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Values_that_are_needed_at_once_share_no_byte(int index, string name)
    {
        Graph graph = PassCases.All[index].Make();
        AssertValid(graph, name);
        AssertSame(graph);
    }

    [Fact]
    public void States_keep_their_places_for_themselves()
    {
        var builder = new GraphBuilder(new Graph());
        var x = new Value("x", TensorType.Float32, 1, 1, 8, 3);
        builder.Graph.Inputs.Add(x);
        Value y = x;
        for (int layer = 0; layer < 3; layer++)
        {
            y = builder.Conv(y, Value.Constant("w", [.. Enumerable.Range(0, 18).Select(i => (i % 5) - 2f)], 3, 1, 2, 3), null, new Window(1, 1, 1, 0, 0, 1), new Window(2, 1, 1, 1, 0, 8), 1);
            y = builder.Activation(ActivationKind.Tanh, y);
        }

        builder.Graph.Outputs.Add(y);
        foreach (int frames in new[] { 1, 2 })
        {
            Graph graph = StreamingGraph.Rewrite(builder.Graph, frames);
            Assert.Contains(graph.Nodes, node => node.Outputs.Exists(output => output.IsState));
            AssertValid(graph, "streaming");
            AssertSame(graph);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_state_in_another_shape_keeps_its_place_only_until_the_state_is_overwritten(bool isReadLater)
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, Unit);
        var state = new Value("s", TensorType.Float32, 1, Unit) { IsState = true };
        var view = new Value("v", TensorType.Float32, Unit, 1);
        var again = new Value("w", TensorType.Float32, 1, Unit);
        var sum = new Value("y", TensorType.Float32, 1, Unit);
        graph.Inputs.Add(x);
        graph.Outputs.Add(sum);
        var write = new Node(Opcode.Add, "write", [x, x], state);
        var read = new Node(Opcode.Add, "read", [again, x], sum);
        foreach (Node node in (Node[])[new(Opcode.Reshape, "v", [state], view), new(Opcode.Reshape, "w", [view], again), .. isReadLater ? new[] { write, read } : [read, write]])
        {
            graph.Nodes.Add(node);
        }

        ArenaPlan plan = ArenaPlanner.Plan(graph);
        Assert.Equal(isReadLater, plan.Offsets[view] != plan.Offsets[state]);
        Assert.Equal(plan.Offsets[view], plan.Offsets[again]);

        // The sum of x and of twice the x before.
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(graph));
        using Session session = model.CreateSession();
        float[] output = new float[Unit];
        session.Run([.. Enumerable.Repeat(1f, Unit)], output);
        Assert.Equal(1f, output[0]);
        session.Run([.. Enumerable.Repeat(5f, Unit)], output);
        Assert.Equal(7f, output[0]);
    }

    [Fact]
    public void A_bare_file_has_no_names_of_tensors_and_no_self_test_and_runs_alike()
    {
        Graph graph = Chain(1, 2, 1);
        graph.Metadata = new GraphMetadata { SelfTestInputs = [new float[Unit], [.. Enumerable.Range(0, Unit).Select(i => (float)i)]] };
        byte[] whole = ModelWriter.Write(graph);
        byte[] bare = ModelWriter.WriteBare(graph);
        using EdgeModel first = EdgeModel.Load(whole);
        using EdgeModel second = EdgeModel.Load(bare);
        // The input, and for each layer its weights and its output.
        Assert.Equal((2 * graph.Nodes.Count) + 1, first.File.TensorNames().Length);
        Assert.Empty(second.File.TensorNames());
        Assert.Equal(2, SelfTest.Count(first));
        Assert.Equal(0, SelfTest.Count(second));
    }

    [Fact]
    public void Metadata_are_what_the_graph_says()
    {
        Graph graph = Chain(1, 1);
        string name = new('é', 100);
        graph.Inputs[0].Name = new string('x', 300);
        graph.Outputs[0].Name = new string('y', 255);
        graph.Metadata = new GraphMetadata
        {
            Name = name,
            Labels = ["a", "b"],
            Threshold = 0.25f,
            InputNames = [.. Enumerable.Range(0, Unit / 2).Select(i => $"f{i}")],
            InputUnits = [.. Enumerable.Range(0, 3).Select(i => $"u{i}")],
            AcceptsMissing = true,
            Source = "s.onnx",
            SourceProducer = "p",
            Options = "o",
            SourceHash = [.. Enumerable.Range(0, 32).Select(i => (byte)i)],
            TrainingRows = [.. Enumerable.Range(0, 32).Select(i => (byte)(i + 100))],
            Window = new SampleWindow(0.5f, 2, 1),
            Floats = new Dictionary<MetadataKey, float[]> { [MetadataKey.AbstainBand] = [0.2f, 0.3f] },
        };
        ModelFile file = Read(graph);
        Assert.Equal(new string('x', 255), file.InputName(0));
        Assert.Equal(new string('y', 255), file.OutputName(0));
        Assert.Equal(name, file.Metadata.Text(MetadataKey.Name));
        Assert.Equal(["a", "b"], file.Metadata.TextList(MetadataKey.Labels));

        // Eight names go into sixteen values, three units do not.
        Assert.Equal(Unit / 2, file.Metadata.TextList(MetadataKey.InputNames).Length);
        Assert.Empty(file.Metadata.TextList(MetadataKey.InputUnits));
        Assert.Equal(("s.onnx", "p", "o"), (file.Metadata.Text(MetadataKey.Source), file.Metadata.Text(MetadataKey.SourceProducer), file.Metadata.Text(MetadataKey.Options)));
        Assert.Equal([0.25f], file.Metadata.Floats(MetadataKey.Threshold));
        Assert.Equal([0.2f, 0.3f], file.Metadata.Floats(MetadataKey.AbstainBand));
        Assert.True(file.Metadata.PayloadOffset(MetadataKey.MissingValues) >= 0);
        Assert.Equal((32, 31), (file.Metadata.PayloadLength(MetadataKey.SourceHash), file.Metadata.Byte(MetadataKey.SourceHash, 31)));
        Assert.Equal((32, 131), (file.Metadata.PayloadLength(MetadataKey.TrainingRows), file.Metadata.Byte(MetadataKey.TrainingRows, 31)));
        Assert.True(file.Metadata.PayloadOffset(MetadataKey.Window) >= 0);
    }

    [Fact]
    public void What_the_graph_does_not_say_is_not_in_the_file()
    {
        ModelFile file = Read(Chain(1, 1));
        Assert.All(
            [MetadataKey.Labels, MetadataKey.Threshold, MetadataKey.InputNames, MetadataKey.InputUnits, MetadataKey.Window, MetadataKey.Decision, MetadataKey.MissingValues, MetadataKey.Source, MetadataKey.SourceProducer, MetadataKey.Options, MetadataKey.SourceHash, MetadataKey.TrainingRows],
            key => Assert.Equal(-1, file.Metadata.PayloadOffset(key)));
    }

    [Fact]
    public void A_reshaped_tensor_is_where_it_was()
    {
        var builder = new GraphBuilder(new Graph());
        var x = new Value("x", TensorType.Float32, 1, Unit);
        builder.Graph.Inputs.Add(x);
        Value a = builder.Softmax(x);
        Value b = builder.Reshape(a, 4, 4);
        builder.Graph.Outputs.Add(builder.Softmax(builder.Reshape(b, 2, 8)));
        ArenaPlan plan = ArenaPlanner.Plan(builder.Graph);
        Assert.Equal(plan.Offsets[a], plan.Offsets[b]);
        Assert.Equal(plan.Offsets[a], plan.Offsets[builder.Graph.Nodes[^1].Input(0)]);
        Assert.Equal(2 * Alignment, plan.Bytes);
    }

    [Theory]
    [InlineData(new[] { OutputRole.Unknown, OutputRole.Probability }, 1)]
    [InlineData(new[] { OutputRole.Score, OutputRole.Value }, 0)]
    [InlineData(new[] { OutputRole.Logit }, 0)]
    [InlineData(new[] { OutputRole.Probability, OutputRole.Logit }, -1)]
    [InlineData(new[] { OutputRole.Value, OutputRole.Value }, -1)]
    [InlineData(new OutputRole[0], -1)]
    public void One_output_that_decides_is_the_decision(OutputRole[] roles, int expected)
    {
        var builder = new GraphBuilder(new Graph());
        var x = new Value("x", TensorType.Float32, 1, 1);
        builder.Graph.Inputs.Add(x);
        builder.Graph.Outputs.Add(builder.Activation(ActivationKind.Sigmoid, x));
        builder.Graph.Outputs.Add(builder.Activation(ActivationKind.Tanh, x));
        builder.Graph.Metadata = new GraphMetadata { OutputRoles = roles };
        ModelFile file = Read(builder.Graph);
        Assert.Equal(expected, file.Metadata.PayloadLength(MetadataKey.Decision) > 0 ? file.Decision.Output : -1);
    }

    private static ModelFile Read(Graph graph)
    {
        EdgeModel model = EdgeModel.Load(ModelWriter.Write(graph));
        return model.File;
    }

    // Softmax reads its row more than once, so that nothing is in place.
    private static Graph Chain(params int[] units)
    {
        var builder = new GraphBuilder(new Graph());
        var x = new Value("x", TensorType.Float32, 1, units[0] * Unit);
        builder.Graph.Inputs.Add(x);
        Value y = x;
        foreach (int size in units.Skip(1))
        {
            y = builder.Dense(y, Value.Constant("w", [.. Enumerable.Range(0, size * Unit * y.LastDimension).Select(i => ((i % 7) - 3f) / 50f)], size * Unit, y.LastDimension), null);
        }

        builder.Graph.Outputs.Add(y);
        return builder.Graph;
    }

    // The first and the last step that a value is needed at, by the nodes; a Reshape's output is its input.
    private static void AssertValid(Graph graph, string name)
    {
        ArenaPlan plan = ArenaPlanner.Plan(graph);
        var first = new Dictionary<Value, int>();
        var last = new Dictionary<Value, int>();
        foreach (Value input in graph.Inputs)
        {
            first[input] = -1;
        }

        for (int step = 0; step < graph.Nodes.Count; step++)
        {
            foreach (Value output in graph.Nodes[step].Outputs)
            {
                first[output] = output.IsState ? -1 : step;
            }
        }

        for (int step = 0; step < graph.Nodes.Count; step++)
        {
            foreach (Value input in graph.Nodes[step].Inputs.OfType<Value>().Where(input => !input.IsConstant))
            {
                first.TryAdd(input, -1);
                last[input] = step;
            }
        }

        foreach (Value value in graph.Outputs.Concat(first.Keys.Where(value => value.IsState)))
        {
            last[value] = graph.Nodes.Count;
        }

        Value[] all = [.. first.Keys.Where(value => !value.IsConstant)];
        foreach (Value value in all)
        {
            Assert.True(plan.Offsets[value] % Alignment == 0 && plan.Offsets[value] + value.Bytes <= plan.Bytes, $"{name}: {value} is at {plan.Offsets[value]} of {plan.Bytes}");
        }

        for (int i = 0; i < all.Length; i++)
        {
            for (int j = i + 1; j < all.Length; j++)
            {
                (Value a, Value b) = (all[i], all[j]);
                bool bytes = plan.Offsets[a] < plan.Offsets[b] + b.Bytes && plan.Offsets[b] < plan.Offsets[a] + a.Bytes;
                bool steps = first[a] <= last.GetValueOrDefault(b, first[b]) && first[b] <= last.GetValueOrDefault(a, first[a]);
                Assert.True(!bytes || !steps || MayShare(graph, a, b, first, last) || MayShare(graph, b, a, first, last), $"{name}: {a} and {b} share bytes while both are in use");
            }
        }
    }

    // b is a reshaped a, or is written in place by the last node that reads a, which is no caller's.
    private static bool MayShare(Graph graph, Value a, Value b, Dictionary<Value, int> first, Dictionary<Value, int> last)
    {
        Node? writer = graph.Producer(b);
        if (writer is null)
        {
            return false;
        }

        if (writer.Opcode == Opcode.Reshape)
        {
            return writer.Input(0) == a || MayShare(graph, a, writer.Input(0), first, last) || MayShare(graph, writer.Input(0), a, first, last);
        }

        int position = writer.Inputs.ToList().FindIndex(input => input is { IsConstant: false } && (input == a || (graph.Producer(input) is { Opcode: Opcode.Reshape } reshape && reshape.Input(0) == a)));
        return position >= 0 && !a.IsState && !b.IsState && !graph.Inputs.Contains(a) && a.Elements == b.Elements && a.Type == b.Type
            && InPlaceRule.Allows(writer.Opcode, position, 0) && last.GetValueOrDefault(a) <= first[b];
    }

    private static void AssertSame(Graph graph)
    {
        using EdgeModel shared = EdgeModel.Load(ModelWriter.Write(graph));
        using EdgeModel apart = EdgeModel.Load(ModelWriter.Write(graph, ArenaPlanTests.Apart(graph)));
        ArenaPlanTests.AssertSame(shared, apart);
    }
}
