using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Streaming;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests;

/// <summary>
/// Each condition of the rewriter by a row: what can be streamed gives, frame after frame, what the whole model gives; what
/// differs from it by one thing is refused for that.
/// </summary>
public class StreamingRuleTests
{
    private const int Steps = 12;
    private const int Channels = 3;

    // A node behind a causal convolution [1, 1, steps, channels], and what is said of it; nothing where it streams.
    private static readonly (string Name, Func<Net, Value, Value> Build, string Refusal)[] rows =
    [
        ("a causal convolution", (net, x) => net.Conv(x, 3, 1, 1, 2, Steps), ""),
        ("a causal convolution with distances", (net, x) => net.Conv(x, 3, 1, 4, 8, Steps), ""),
        ("a causal convolution in groups", (net, x) => net.Conv(x, 2, 1, 1, 1, Steps, groups: 3), ""),
        ("a convolution of one frame", (net, x) => net.Conv(x, 1, 1, 1, 0, Steps), ""),
        ("a convolution that pads both sides", (net, x) => net.Conv(x, 3, 1, 1, 1, Steps), "reads frames after the one"),
        ("a convolution that pads the end", (net, x) => net.Conv(x, 3, 1, 1, 0, Steps), "reads frames after the one"),
        ("a convolution that pads nothing", (net, x) => net.Conv(x, 3, 1, 1, 0, Steps - 2), "reads frames after the one"),
        ("a convolution that pads too much", (net, x) => net.Conv(x, 3, 1, 1, 3, Steps), "reads frames after the one"),
        ("a convolution that pads one frame less than its distances need", (net, x) => net.Conv(x, 3, 1, 2, 3, Steps), "reads frames after the one"),
        ("a causal convolution that gives more frames", (net, x) => net.Conv(x, 3, 1, 1, 2, Steps + 1), "reads frames after the one"),
        ("a convolution of one frame that skips some", (net, x) => net.Conv(x, 1, 2, 1, 0, Steps / 2), "skips some"),
        ("a causal convolution that skips some", (net, x) => net.Conv(x, 3, 2, 1, 2, Steps / 2), "skips some"),
        ("a causal convolution that steps over some and gives as many", (net, x) => net.Conv(x, 3, 2, 1, 2, Steps), "skips some"),
        ("a pool of one frame", (net, x) => net.Pool(Opcode.MaxPool, x, 1, 1, 0, Steps), ""),
        ("a pool over frames", (net, x) => net.Pool(Opcode.MaxPool, x, 2, 1, 1, Steps), "needs the whole sequence"),
        ("a pool that steps over frames", (net, x) => net.Pool(Opcode.AveragePool, x, 1, 2, 0, Steps / 2), "needs the whole sequence"),
        ("an activation", (net, x) => net.Of.Activation(ActivationKind.Tanh, x), ""),
        ("a slope for each channel", (net, x) => net.Of.PReLU(x, net.C(Channels)), ""),
        ("a slope for each frame", (net, x) => net.Of.PReLU(net.Of.Transpose(x, 0, 1, 3, 2), net.C(Steps)), "has a number for each frame"),
        ("a Dense over channels", (net, x) => net.Of.Dense(x, net.C(4, Channels), null), ""),
        ("a Dense over frames", (net, x) => net.Of.Dense(net.Of.Transpose(x, 0, 1, 3, 2), net.C(4, Steps), null), "needs the whole sequence"),
        ("a softmax over channels", (net, x) => net.Of.Softmax(x), ""),
        ("a softmax over frames", (net, x) => net.Of.Softmax(net.Of.Transpose(x, 0, 1, 3, 2)), "needs the whole sequence"),
        ("a normalisation over channels", (net, x) => net.Of.LayerNormalization(x, 1, 0.1f), ""),
        ("a normalisation over channels and frames", (net, x) => net.Of.LayerNormalization(x, 2, 0.1f), "needs the whole sequence"),
        ("a number for each channel", (net, x) => net.Of.Arithmetic(Opcode.Mul, x, net.C(Channels)), ""),
        ("the same numbers for all frames", (net, x) => net.Of.Arithmetic(Opcode.Sub, Value.Constant("c", [.. Enumerable.Range(0, Steps * Channels).Select(i => 0.1f * (i % Channels))], Steps, Channels), x), ""),
        ("another number in the last frame", (net, x) => net.Of.Arithmetic(Opcode.Sub, Value.Constant("c", [.. Enumerable.Range(0, Steps * Channels).Select(i => i == (Steps * Channels) - 1 ? 9f : 0.1f * (i % Channels))], Steps, Channels), x), "has a number for each frame"),
        ("frames and frames", (net, x) => net.Of.Arithmetic(Opcode.Mul, x, net.Of.Activation(ActivationKind.Tanh, x)), ""),
        ("frames and the last frame", (net, x) => net.Of.Arithmetic(Opcode.Mul, x, net.Of.Slice(x, 2, Steps - 1, 1)), "joins frames with data known only at the end"),
        ("frames and frames turned", (net, x) => net.Of.Arithmetic(Opcode.Mul, net.Of.Dense(x, net.C(Steps, Channels), null), net.Of.Transpose(net.Of.Dense(x, net.C(Steps, Channels), null), 0, 1, 3, 2)), "mixes the frames"),
        ("an axis less", (net, x) => net.Of.Reshape(x, 1, Steps, Channels), ""),
        ("a flat row", (net, x) => net.Of.Reshape(x, 1, Steps * Channels), ""),
        ("as many channels as frames", (net, x) => net.Of.Transpose(net.Of.Reshape(net.Of.Transpose(net.Of.Dense(x, net.C(Steps, Channels), null), 0, 1, 3, 2), 1, Steps, Steps), 0, 2, 1), ""),
        ("rows of two frames", (net, x) => net.Of.Reshape(x, Steps / 2, 2 * Channels), "mixes the frames"),
        ("channels before frames and back", (net, x) => net.Of.Transpose(net.Of.Activation(ActivationKind.Tanh, net.Of.Transpose(x, 0, 3, 1, 2)), 0, 2, 3, 1), ""),
        ("channels joined", (net, x) => net.Of.Concat(3, x, net.Of.Activation(ActivationKind.ReLU, x)), ""),
        ("frames joined", (net, x) => net.Of.Concat(2, x, x), "joins the frames with other data"),
        ("padded channels", (net, x) => net.Of.Pad(x, [0, 0, 0, 1], [0, 0, 0, 2], PadMode.Constant), ""),
        ("padded frames", (net, x) => net.Of.Pad(x, [0, 0, 1, 0], [0, 0, 0, 0], PadMode.Constant), "pads the sequence"),
        ("some channels", (net, x) => net.Of.Slice(x, 3, 1, 2), ""),
        ("some frames", (net, x) => net.Of.Slice(x, 2, 1, Steps - 1), "takes frames of the sequence other than the last"),
        ("the first frame", (net, x) => net.Of.Slice(x, 2, 0, 1), "takes frames of the sequence other than the last"),
        ("every other frame", (net, x) => net.Of.Slice(x, [0, 0, 1, 0], [1, 1, 2, 1], [1, 1, Steps / 2, Channels]), "takes frames of the sequence other than the last"),
        ("frames backward", (net, x) => net.Of.Slice(x, [0, 0, Steps - 1, 0], [1, 1, -1, 1], x.Shape), "takes frames of the sequence other than the last"),
        ("channels by number", (net, x) => net.Of.Gather(x, Value.Constant("i", [2f, 0f], 2), 3), ""),
        ("an axis of one by number", (net, x) => net.Of.Gather(x, Value.Constant("i", [0f], Array.Empty<int>()), 0), ""),
        ("a frame by number that is not the last", (net, x) => net.Of.Gather(x, Value.Constant("i", [Steps - 2f], 1), 2), "takes frames of the sequence other than the last"),
        ("two frames by number", (net, x) => net.Of.Gather(x, Value.Constant("i", [Steps - 1f, Steps - 1f], 2), 2), "takes frames of the sequence other than the last"),
        ("a mean of channels", (net, x) => net.Of.Reduce(ReduceKind.Mean, x, [3]), ""),
        ("a mean that takes axes away", (net, x) => net.Of.Reduce(ReduceKind.Mean, x, [0, 3], keepDimensions: false), ""),
        ("a mean of frames", (net, x) => net.Of.Reduce(ReduceKind.Mean, x, [2]), "needs the whole sequence"),
        ("the largest channel", (net, x) => net.Of.ArgReduce(x, 3, new ArgReduceSettings { KeepDimensions = true }), "needs the whole sequence"),
    ];

    public static TheoryData<int, string> Rows => [.. rows.Select((row, i) => (i, row.Name))];

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_node_streams_or_is_refused(int index, string name)
    {
        (_, Func<Net, Value, Value> build, string refusal) = rows[index];
        foreach (int frames in new[] { 1, 3 })
        {
            // Once alone and once with the layer before it read by the caller too.
            foreach (bool both in new[] { false, true })
            {
                var net = new Net();
                Value x = net.Conv(net.Input, 3, 1, 1, 2, Steps);
                if (both)
                {
                    net.Graph.Outputs.Add(x);
                }

                net.Graph.Outputs.Add(build(net, x));
                if (refusal.Length > 0)
                {
                    Assert.Contains(refusal, Assert.Throws<InputException>(() => StreamingGraph.Rewrite(net.Graph, frames)).Message, StringComparison.Ordinal);
                    continue;
                }

                AssertStreams(net.Graph, frames, name);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void The_last_frame_alone_is_that_of_the_last_call(int frames)
    {
        foreach (Func<Net, Value, Value> last in new Func<Net, Value, Value>[]
        {
            (net, x) => net.Of.Slice(x, 2, Steps - 1, 1),
            (net, x) => net.Of.Gather(x, Value.Constant("i", [Steps - 1f], 1), 2),
            (net, x) => net.Of.Slice(net.Of.Reshape(x, 1, Steps * Channels), 1, (Steps - 1) * Channels, Channels),
        })
        {
            var net = new Net();
            net.Graph.Outputs.Add(net.Of.Dense(net.Of.Reshape(last(net, net.Conv(net.Input, 3, 1, 1, 2, Steps)), 1, Channels), net.C(2, Channels), null));
            float[] whole = Run(net.Graph, net.Sequence)[0];
            AssertClose(whole, Run(StreamingGraph.Rewrite(net.Graph, frames), net.Sequence)[^1]);
        }
    }

    [Fact]
    public void After_a_reset_the_first_frames_come_again()
    {
        var net = new Net();
        net.Graph.Outputs.Add(net.Conv(net.Conv(net.Input, 3, 1, 1, 2, Steps), 2, 1, 3, 3, Steps));
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(StreamingGraph.Rewrite(net.Graph)));
        using Session session = model.CreateSession();
        float[] First()
        {
            var output = new float[session.OutputLength];
            session.Run(net.Sequence.AsSpan(0, Channels), output);
            return output;
        }

        float[] first = First();
        Assert.NotEqual(first, First());
        session.Reset();
        Assert.Equal(first, First());
    }

    [Theory]
    [InlineData("A call cannot take 0 frames", 0, 1, false)]
    [InlineData("A call cannot take -1 frames", -1, 1, false)]
    [InlineData("takes 2 inputs besides initial states", 1, 2, false)]
    [InlineData("is an initial state or a constant", 1, 1, true)]
    public void What_is_no_stream_of_one_sequence_is_refused(string expected, int frames, int inputs, bool constant)
    {
        var net = new Net();
        Value y = net.Conv(net.Input, 3, 1, 1, 2, Steps);
        if (inputs > 1)
        {
            var other = new Value("z", TensorType.Float32, 1, 1, Steps, Channels);
            net.Graph.Inputs.Add(other);
            y = net.Of.Arithmetic(Opcode.Add, y, other);
        }

        net.Graph.Outputs.Add(y);
        if (constant)
        {
            net.Graph.Outputs.Add(net.C(3));
        }

        Assert.Contains(expected, Assert.Throws<InputException>(() => StreamingGraph.Rewrite(net.Graph, frames)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_metadata_say_of_the_whole_sequence_is_left_out()
    {
        var net = new Net();
        net.Graph.Outputs.Add(net.Conv(net.Input, 3, 1, 1, 2, Steps));
        var floats = new Dictionary<MetadataKey, float[]> { [MetadataKey.InputStatistics] = [1f], [MetadataKey.InputLimits] = [1f], [MetadataKey.Threshold] = [0.25f] };
        foreach ((int names, int kept) in new[] { (Channels, Channels), (Steps * Channels, 0), (Channels + 1, 0) })
        {
            net.Graph.Metadata = new GraphMetadata { Name = "n", InputNames = [.. Enumerable.Range(0, names).Select(i => $"f{i}")], Floats = floats, SelfTestInputs = [net.Sequence] };
            GraphMetadata metadata = StreamingGraph.Rewrite(net.Graph).Metadata;
            Assert.Equal(("n", kept, 0), (metadata.Name, metadata.InputNames.Count, metadata.SelfTestInputs.Count));
            Assert.Equal([MetadataKey.Threshold], metadata.Floats.Keys);
        }

        // As many frames a call as the sequence has: nothing changes.
        Assert.Same(net.Graph.Metadata, StreamingGraph.Rewrite(net.Graph, Steps).Metadata);
    }

    // Outputs hold their frames one after the other.
    private static void AssertStreams(Graph graph, int frames, string name)
    {
        var random = new Random(3);
        float[] sequence = [.. Enumerable.Range(0, Steps * Channels).Select(_ => (2f * random.NextSingle()) - 1f)];
        float[] whole = Run(graph, sequence)[0];
        Graph streaming = StreamingGraph.Rewrite(graph, frames);
        float[][] calls = Run(streaming, sequence);
        Assert.Equal(Steps / frames, calls.Length);
        int start = 0;
        for (int output = 0; output < graph.Outputs.Count; output++)
        {
            int size = graph.Outputs[output].Elements;
            int part = streaming.Outputs[output].Elements;
            int offset = streaming.Outputs.Take(output).Sum(value => value.Elements);
            Assert.True(part * calls.Length == size, $"{name}: {part} elements a call of {size}");
            AssertClose(whole[start..(start + size)], [.. calls.SelectMany(call => call[offset..(offset + part)])]);
            start += size;
        }
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.True(expected.Max(MathF.Abs) > 0.01f);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    private static float[][] Run(Graph graph, float[] sequence)
    {
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(graph));
        using Session session = model.CreateSession(KernelSet.Reference);
        var calls = new float[sequence.Length / session.InputLength][];
        for (int call = 0; call < calls.Length; call++)
        {
            calls[call] = new float[session.OutputLength];
            session.Run(sequence.AsSpan(call * session.InputLength, session.InputLength), calls[call]);
        }

        return calls;
    }

    private sealed class Net
    {
        private readonly Random random = new(1);

        internal Net()
        {
            Graph.Inputs.Add(Input);
            Sequence = Draw(Steps * Channels);
        }

        internal Graph Graph { get; } = new();

        internal Value Input { get; } = new("x", TensorType.Float32, 1, 1, Steps, Channels);

        internal float[] Sequence { get; }

        internal GraphBuilder Of => new(Graph) { Name = $"n{Graph.Nodes.Count}" };

        internal Value C(params int[] shape) => Value.Constant("c", Draw(shape.Aggregate(1, (a, b) => a * b)), shape);

        internal Value Conv(Value x, int kernel, int stride, int dilation, int pad, int outputs, int groups = 1) =>
            Of.Conv(x, C(Channels, 1, kernel, Channels / groups), C(Channels), new Window(1, 1, 1, 0, 0, 1), new Window(kernel, stride, dilation, pad, 0, outputs), groups);

        internal Value Pool(Opcode opcode, Value x, int kernel, int stride, int pad, int outputs) =>
            Of.Pool(opcode, x, new Window(1, 1, 1, 0, 0, 1), new Window(kernel, stride, 1, pad, 0, outputs));

        private float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (2f * random.NextSingle()) - 1f)];
    }
}
