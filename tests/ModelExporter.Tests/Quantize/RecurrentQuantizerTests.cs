using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelConverter.Quantize.Operators;
using EdgeInference.ModelConverter.Streaming;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Quantize;

/// <summary>GRU and RNN of float32 in int8 and int16: close to float32, and left alone, with a line that says why, where the integers lack something.</summary>
public class RecurrentQuantizerTests
{
    private const int Steps = 16;
    private const int Features = 5;
    private const int Hidden = 12;

    private static readonly RecurrentActivation sigmoid = new(ActivationKind.Sigmoid, 0f, 0f);
    private static readonly RecurrentActivation tanh = new(ActivationKind.Tanh, 0f, 0f);
    private static readonly RecurrentActivation relu = new(ActivationKind.ReLU, 0f, 0f);

    public static TheoryData<string> Cells => ["GRU before", "GRU after", "RNN tanh", "RNN ReLU"];

    // States go to ±1, those of ReLU to 3. In int8 a step of the state is 1/127 of that, in int16 the 8 bits of the weights are what is left.
    [Theory]
    [InlineData("GRU before", QuantizedRecurrentRule.ResetBefore, 0.03, 0.004)]
    [InlineData("GRU after", QuantizedRecurrentRule.ResetAfter, 0.03, 0.004)]
    [InlineData("RNN tanh", QuantizedRecurrentRule.Tanh, 0.06, 0.012)]
    [InlineData("RNN ReLU", QuantizedRecurrentRule.ReLU, 0.25, 0.05)]
    public void It_stays_close_to_float32(string kind, int cell, double int8, double int16)
    {
        foreach ((Precision precision, TensorType type, double bound) in new[] { (Precision.Int8, TensorType.Int8, int8), (Precision.Int16, TensorType.Int16, int16) })
        {
            foreach (bool reverse in new[] { false, true })
            {
                Graph graph = Graph(kind, reverse: reverse);
                Graph quantized = Quantizer.Quantize(graph, Rows(1), precision);

                Node layer = quantized.Nodes.Single(node => node.Opcode == Opcode.QuantizedRecurrent);
                Assert.Equal((type, cell), (layer.Input(0).Type, layer.Parameters[QuantizedRecurrentRule.Cell]));
                Assert.Null(RecurrentObstacle.Line(quantized));
                float[][] expected = GraphRunner.RunAll(graph, Rows(2));
                float[][] actual = GraphRunner.RunAll(quantized, Rows(2));
                double worst = expected.Zip(actual, (a, b) => a.Zip(b, (x, y) => Math.Abs((double)x - y)).Max()).Max();
                Assert.InRange(worst, 1e-9, bound);
            }
        }
    }

    // What is carried on in int16 keeps what 127 steps would round away: a gate that is nearly closed lets 1/200 through at a step.
    [Theory]
    [InlineData("GRU before")]
    [InlineData("GRU after")]
    public void A_state_that_changes_little_at_a_step_is_not_rounded_away(string kind)
    {
        Graph graph = Graph(kind, slow: true);
        Graph quantized = Quantizer.Quantize(graph, Rows(1), Precision.Int8);

        float expected = GraphRunner.RunAll(graph, Rows(2))[0][^1];
        Assert.InRange(expected, 0.05f, 0.1f);
        Assert.Equal(expected, GraphRunner.RunAll(quantized, Rows(2))[0][^1], 0.01f);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Frame_by_frame_equals_the_whole_sequence_to_the_bit(string kind)
    {
        foreach (Precision precision in new[] { Precision.Int8, Precision.Int16 })
        {
            Graph whole = Quantizer.Quantize(Graph(kind), Rows(1), precision);
            foreach (KernelSet kernels in Enum.GetValues<KernelSet>())
            {
                float[] sequence = Rows(3)[0];
                Assert.Equal(Run(whole, sequence, kernels), Run(StreamingGraph.Rewrite(whole, 2), sequence, kernels));
            }
        }
    }

    [Theory]
    [InlineData("GRU after", "hard sigmoid", "GRU 'layer', which has functions other than sigmoid and tanh")]
    [InlineData("GRU before", "ReLU candidate", "GRU 'layer', which has functions other than sigmoid and tanh")]
    [InlineData("RNN tanh", "Softsign", "RNN 'layer', which has a function other than tanh and ReLU")]
    [InlineData("GRU after", "clip", "GRU 'layer', which has a clip")]
    [InlineData("RNN ReLU", "clip", "RNN 'layer', which has a clip")]
    [InlineData("GRU before", "first state", "GRU 'layer', which has a first state that is given")]
    [InlineData("RNN tanh", "first state", "RNN 'layer', which has a first state that is given")]
    public void What_the_integers_lack_stays_in_float32_and_is_said(string kind, string other, string said)
    {
        Graph graph = Graph(kind, other);
        Graph quantized = Quantizer.Quantize(graph, Rows(1), Precision.Int8);

        Assert.DoesNotContain(quantized.Nodes, node => node.Opcode == Opcode.QuantizedRecurrent);
        Assert.Equal($"Stays in float32 for want of integer kernels: {said}.", RecurrentObstacle.Line(quantized));
        Assert.Equal(GraphRunner.RunAll(graph, Rows(2)), GraphRunner.RunAll(quantized, Rows(2)));
    }

    private static Graph Graph(string kind, string other = "", bool reverse = false, bool slow = false)
    {
        var graph = new Graph();
        var builder = new GraphBuilder(graph) { Name = "layer" };
        var x = new Value("x", TensorType.Float32, Steps, 1, Features);
        graph.Inputs.Add(x);
        bool isGated = kind.StartsWith("GRU", StringComparison.Ordinal);
        int rows = (isGated ? 3 : 1) * Hidden;
        RecurrentActivation first = other == "hard sigmoid" ? new RecurrentActivation(ActivationKind.HardSigmoid, 0.2f, 0.5f)
            : other == "Softsign" ? new RecurrentActivation(ActivationKind.Softsign, 0f, 0f)
            : isGated ? sigmoid : kind == "RNN ReLU" ? relu : tanh;
        RecurrentActivation second = other == "ReLU candidate" ? relu : tanh;

        // Without gates weights of that size would make of each rounding a larger one.
        // z is 0.995 and the candidate near 1.
        float[] slowly = [.. Enumerable.Repeat(5.3f, Hidden), .. new float[Hidden], .. Enumerable.Repeat(3f, Hidden), .. new float[3 * Hidden]];
        Value?[] inputs =
        [
            x,
            Value.Constant("w", slow ? new float[rows * Features] : Draw(10, rows * Features), rows, Features),
            Value.Constant("r", slow ? new float[rows * Hidden] : [.. Draw(11, rows * Hidden).Select(weight => isGated ? weight : weight / 2)], rows, Hidden),
            Value.Constant("b", slow ? slowly : Draw(12, 2 * rows), 2 * rows),
            other == "first state" ? Value.Constant("h", Draw(13, Hidden), 1, Hidden) : null,
        ];
        graph.Outputs.Add(builder.Recurrent(isGated ? Opcode.GRU : Opcode.RNN, inputs, Hidden, new RecurrentSettings([first, second, tanh], other == "clip" ? 5f : 0f, kind == "GRU after", reverse))[0]);
        return graph;
    }

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

    private static float[][] Rows(int seed) => [.. Enumerable.Range(0, 8).Select(row => Draw((100 * seed) + row, Steps * Features))];

    private static float[] Draw(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 1.2f) - 0.6f)];
    }
}
