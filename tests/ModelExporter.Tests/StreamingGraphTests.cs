using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelConverter.Streaming;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests;

public class StreamingGraphTests
{
    private const int Steps = 12;
    private const int Features = 5;
    private const int Hidden = 19;

    [Theory]
    [InlineData(nameof(Opcode.LSTM), 1, 1, false)]
    [InlineData(nameof(Opcode.LSTM), 2, 1, true)]
    [InlineData(nameof(Opcode.LSTM), 2, 3, false)]
    [InlineData(nameof(Opcode.GRU), 1, 1, true)]
    [InlineData(nameof(Opcode.GRU), 2, 4, false)]
    [InlineData(nameof(Opcode.RNN), 1, 1, false)]
    [InlineData(nameof(Opcode.RNN), 2, 6, true)]
    public void Frame_by_frame_equals_the_whole_sequence_to_the_bit(string opcodeName, int layers, int frames, bool initial)
    {
        Opcode opcode = Enum.Parse<Opcode>(opcodeName);
        Graph whole = Recurrent(opcode, layers, initial, lastOnly: false);
        foreach (KernelSet kernels in Enum.GetValues<KernelSet>())
        {
            float[] sequence = Draw(1, Steps * Features);
            float[] expected = Run(whole, sequence, kernels);
            Assert.Equal(expected, Run(StreamingGraph.Rewrite(whole, frames), sequence, kernels));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_head_on_the_last_frame_gives_what_the_whole_model_gives(int frames)
    {
        Graph whole = Recurrent(Opcode.LSTM, 2, initial: false, lastOnly: true);
        float[] sequence = Draw(2, Steps * Features);
        float[] outputs = Run(StreamingGraph.Rewrite(whole, frames), sequence, KernelSet.Fast);
        Assert.Equal(Run(whole, sequence, KernelSet.Fast), outputs[^4..]);
    }

    [Fact]
    public void A_flat_row_of_frames_streams_with_the_constants_that_all_frames_share()
    {
        var graph = new Graph();
        var builder = new GraphBuilder(graph) { Name = "flat" };
        var input = new Value("x", TensorType.Float32, 1, Steps * Features);
        graph.Inputs.Add(input);
        float[] mean = Draw(3, Features);
        Value means = Value.Constant("mean", [.. Enumerable.Repeat(mean, Steps).SelectMany(part => part)], Steps * Features);
        Value x = builder.Reshape(builder.Arithmetic(Opcode.Sub, input, means), Steps, 1, Features);
        graph.Outputs.Add(Layer(builder, Opcode.GRU, x, 4, false)[0]);
        float[] sequence = Draw(4, Steps * Features);
        Assert.Equal(Run(graph, sequence, KernelSet.Fast), Run(StreamingGraph.Rewrite(graph), sequence, KernelSet.Fast));

        means.Floats[^1] += 1f;
        Assert.Contains("a number for each frame", Refusal(graph), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Precision.Float32, 1)]
    [InlineData(Precision.Float32, 2)]
    [InlineData(Precision.Int8, 1)]
    [InlineData(Precision.Int8, 3)]
    public void Causal_convolutions_keep_the_frames_that_they_read(Precision precision, int frames)
    {
        var graph = new Graph();
        var builder = new GraphBuilder(graph) { Name = "tcn" };
        var input = new Value("x", TensorType.Float32, 1, 1, Steps, Features);
        graph.Inputs.Add(input);
        Value x = input;
        for (int layer = 0; layer < 2; layer++)
        {
            builder.Name = $"conv{layer}";
            int dilation = 1 << layer;
            Value weights = Value.Constant("w", Draw(5 + layer, 6 * 3 * x.Shape[3]), 6, 1, 3, x.Shape[3]);
            x = builder.Conv(x, weights, Value.Constant("b", Draw(7, 6), 6), new Window(1, 1, 1, 0, 0, 1), new Window(3, 1, dilation, 2 * dilation, 0, Steps), 1);
            x = builder.Activation(ActivationKind.LeakyReLU, x);
        }

        graph.Outputs.Add(x);
        GraphOptimizer.Optimize(graph);
        if (precision != Precision.Float32)
        {
            graph = Quantizer.Quantize(graph, [.. Enumerable.Range(0, 20).Select(seed => Draw(seed, Steps * Features))], precision);
            Assert.Contains(graph.Nodes, node => node.Opcode == Opcode.Conv && node.Input(0).Quantization!.ZeroPoint != 0);
        }

        float[] sequence = Draw(8, Steps * Features);
        float[] expected = Run(graph, sequence, KernelSet.Reference);
        float[] actual = Run(StreamingGraph.Rewrite(graph, frames), sequence, KernelSet.Reference);
        float bound = precision == Precision.Float32 ? 1e-6f * expected.Max(Math.Abs) : 0f;
        Assert.All(expected.Zip(actual), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= bound));
    }

    [Fact]
    public void Sessions_are_independent_and_reset_begins_a_new_sequence()
    {
        Graph whole = Recurrent(Opcode.LSTM, 2, initial: true, lastOnly: false);
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(StreamingGraph.Rewrite(whole)));
        using Session first = model.CreateSession();
        using Session second = model.CreateSession();
        float[] a = Draw(9, Steps * Features);
        float[] b = Draw(10, Steps * Features);
        float[] expectedA = Run(whole, a, KernelSet.Fast);
        float[] expectedB = Run(whole, b, KernelSet.Fast);
        foreach (float[] start in new[] { b, a })
        {
            first.RunBatch(start, new float[Steps * first.OutputLength], Steps);
            first.Reset();
            second.Reset();
            for (int t = 0; t < Steps; t++)
            {
                Assert.Equal(Part(expectedA, t), Step(first, a, t));
                Assert.Equal(Part(expectedB, t), Step(second, b, t));
            }
        }
    }

    [Fact]
    public void A_batch_of_rows_is_a_sequence_and_no_call_allocates()
    {
        Graph whole = Recurrent(Opcode.GRU, 2, initial: false, lastOnly: false);
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(StreamingGraph.Rewrite(whole)));
        using Session session = model.CreateSession();
        float[] sequence = Draw(11, Steps * Features);
        var outputs = new float[Steps * Hidden];
        session.RunBatch(sequence, outputs, Steps);
        Assert.Equal(Run(whole, sequence, KernelSet.Fast), outputs);
        long before = GC.GetAllocatedBytesForCurrentThread();
        session.Reset();
        for (int t = 0; t < Steps; t++)
        {
            session.Run(sequence.AsSpan(t * Features, Features), outputs);
        }

        session.RunBatch(sequence, outputs, Steps);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void First_states_that_a_caller_gives_become_states()
    {
        Graph graph = Recurrent(Opcode.GRU, 1, initial: false, lastOnly: false);
        float[] sequence = Draw(12, Steps * Features);
        float[] expected = Run(graph, sequence, KernelSet.Fast);
        Node layer = graph.Nodes.Single(node => node.Opcode == Opcode.GRU);
        var first = new Value("h0", TensorType.Float32, 1, Hidden);
        graph.Inputs.Add(first);
        while (layer.Inputs.Count < 4)
        {
            layer.Inputs.Add(null);
        }

        layer.Inputs.Add(first);
        Graph streaming = StreamingGraph.Rewrite(graph);
        Assert.Single(streaming.Inputs);
        Assert.Equal(expected, Run(streaming, sequence, KernelSet.Fast));
    }

    [Fact]
    public void What_needs_the_whole_sequence_is_refused()
    {
        Graph graph = Recurrent(Opcode.LSTM, 1, initial: false, lastOnly: false);
        graph.Nodes.Single(node => node.Opcode == Opcode.LSTM).With(EdgeInference.ModelFormat.Rules.RecurrentRule.Reverse, 1);
        Assert.Contains("runs backward", Refusal(graph), StringComparison.Ordinal);

        graph = Recurrent(Opcode.RNN, 1, initial: false, lastOnly: false);
        graph.Outputs[0] = new GraphBuilder(graph) { Name = "mean" }.Reduce(ReduceKind.Mean, graph.Outputs[0], [1]);
        Assert.Contains("'mean' needs the whole sequence", Refusal(graph), StringComparison.Ordinal);

        graph = new Graph();
        var input = new Value("x", TensorType.Float32, 1, Features);
        graph.Inputs.Add(input);
        graph.Outputs.Add(new GraphBuilder(graph).Activation(ActivationKind.Tanh, input));
        Assert.Contains("no state to keep", Refusal(graph), StringComparison.Ordinal);
        Assert.Contains("already keeps state", Assert.Throws<InputException>(() => StreamingGraph.Rewrite(StreamingGraph.Rewrite(Recurrent(Opcode.RNN, 1, false, false)))).Message, StringComparison.Ordinal);
    }

    private static string Refusal(Graph graph) => Assert.Throws<InputException>(() => StreamingGraph.Rewrite(graph)).Message;

    private static Graph Recurrent(Opcode opcode, int layers, bool initial, bool lastOnly)
    {
        var graph = new Graph();
        var builder = new GraphBuilder(graph) { Name = "sequence" };
        var input = new Value("x", TensorType.Float32, 1, Steps, Features);
        graph.Inputs.Add(input);
        Value x = builder.Transpose(input, 1, 0, 2);
        for (int layer = 0; layer < layers; layer++)
        {
            builder.Name = $"layer{layer}";
            x = Layer(builder, opcode, x, layer, initial)[0];
        }

        builder.Name = "head";
        x = builder.Transpose(x, 1, 0, 2);
        graph.Outputs.Add(lastOnly
            ? builder.Softmax(builder.Dense(builder.Reshape(builder.Slice(x, 1, Steps - 1, 1), 1, Hidden), Value.Constant("w", Draw(20, 4 * Hidden), 4, Hidden), null))
            : x);
        return GraphOptimizer.Optimize(graph);
    }

    private static Value[] Layer(GraphBuilder builder, Opcode opcode, Value x, int seed, bool initial)
    {
        int gates = opcode == Opcode.LSTM ? 4 : opcode == Opcode.GRU ? 3 : 1;
        RecurrentActivation Function(ActivationKind kind) => new(kind, 0f, 0f);
        RecurrentActivation[] functions = opcode switch
        {
            Opcode.LSTM => [Function(ActivationKind.Sigmoid), Function(ActivationKind.Tanh), Function(ActivationKind.Tanh)],
            Opcode.GRU => [Function(ActivationKind.Sigmoid), Function(ActivationKind.Tanh)],
            _ => [Function(ActivationKind.Tanh)],
        };
        int width = x.Shape[2];
        Value? First(int offset) => initial ? Value.Constant("first", Draw(seed + offset, Hidden), 1, Hidden) : null;
        Value?[] inputs =
        [
            x,
            Value.Constant("w", Draw(seed + 30, gates * Hidden * width), gates * Hidden, width),
            Value.Constant("r", Draw(seed + 40, gates * Hidden * Hidden), gates * Hidden, Hidden),
            Value.Constant("b", Draw(seed + 50, 2 * gates * Hidden), 2 * gates * Hidden),
            First(60),
            opcode == Opcode.LSTM ? First(70) : null,
        ];
        return builder.Recurrent(opcode, inputs, Hidden, new RecurrentSettings(functions, 0f, Variant: false, Reverse: false));
    }

    // All inputs of a model, call after call, and what it gave.
    private static float[] Run(Graph graph, float[] sequence, KernelSet kernels)
    {
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(graph));
        using Session session = model.CreateSession(kernels);
        int calls = sequence.Length / session.InputLength;
        var outputs = new float[calls * session.OutputLength];
        for (int call = 0; call < calls; call++)
        {
            session.Run(sequence.AsSpan(call * session.InputLength, session.InputLength), outputs.AsSpan(call * session.OutputLength));
        }

        return outputs;
    }

    private static float[] Part(float[] outputs, int step) => outputs[(step * Hidden)..((step + 1) * Hidden)];

    private static float[] Step(Session session, float[] sequence, int step)
    {
        var output = new float[session.OutputLength];
        session.Run(sequence.AsSpan(step * Features, Features), output);
        return output;
    }

    private static float[] Draw(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 1.2f) - 0.6f)];
    }
}
