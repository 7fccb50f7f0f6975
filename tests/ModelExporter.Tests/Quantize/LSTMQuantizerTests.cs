using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelConverter.Streaming;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Quantize;

/// <summary>LSTM of float32 in int8 and int16: close to float32, and left alone where the integers lack something.</summary>
public class LSTMQuantizerTests
{
    private const int Steps = 16;
    private const int Features = 5;
    private const int Hidden = 12;

    private static readonly RecurrentActivation[] usual = [Function(ActivationKind.Sigmoid), Function(ActivationKind.Tanh), Function(ActivationKind.Tanh)];

    // States go to ±1. In int8 a step of the state is 1/127 at most and of the input 1/64; gates and cell add next to nothing. In
    // int16 the 8 bits of the weights are what is left.
    [Theory]
    [InlineData(Precision.Int8, 0.05)]
    [InlineData(Precision.Int16, 0.002)]
    public void It_stays_close_to_float32(Precision precision, double bound)
    {
        foreach (bool reverse in new[] { false, true })
        {
            Graph graph = Graph(new RecurrentSettings(usual, 0f, false, reverse));
            Graph quantized = Quantizer.Quantize(graph, Rows(1), precision);

            Node layer = quantized.Nodes.Single(node => node.Opcode == Opcode.QuantizedLSTM);
            Assert.Equal(precision == Precision.Int8 ? TensorType.Int8 : TensorType.Int16, layer.Input(0).Type);
            float[][] expected = GraphRunner.RunAll(graph, Rows(2));
            float[][] actual = GraphRunner.RunAll(quantized, Rows(2));
            double worst = expected.Zip(actual, (a, b) => a.Zip(b, (x, y) => Math.Abs((double)x - y)).Max()).Max();
            Assert.InRange(worst, 1e-9, bound);
        }
    }

    [Theory]
    [InlineData(Precision.Int8)]
    [InlineData(Precision.Int16)]
    public void Frame_by_frame_equals_the_whole_sequence_to_the_bit(Precision precision)
    {
        Graph whole = Quantizer.Quantize(Graph(new RecurrentSettings(usual, 0f, false, false)), Rows(1), precision);
        foreach (KernelSet kernels in Enum.GetValues<KernelSet>())
        {
            float[] sequence = Rows(3)[0];
            Assert.Equal(Run(whole, sequence, kernels), Run(StreamingGraph.Rewrite(whole, 2), sequence, kernels));
        }
    }

    public static TheoryData<string> Others => ["relu", "hard sigmoid", "clip", "coupled", "peepholes", "first state", "first cell"];

    [Theory]
    [MemberData(nameof(Others))]
    public void What_the_integers_lack_stays_in_float32(string kind)
    {
        RecurrentActivation[] functions = kind switch
        {
            "relu" => [usual[0], usual[1], Function(ActivationKind.ReLU)],
            "hard sigmoid" => [new RecurrentActivation(ActivationKind.HardSigmoid, 0.2f, 0.5f), usual[1], usual[2]],
            _ => usual,
        };
        Graph graph = Graph(new RecurrentSettings(functions, kind == "clip" ? 5f : 0f, kind == "coupled", false), kind);
        Graph quantized = Quantizer.Quantize(graph, Rows(1), Precision.Int8);

        Assert.Contains(quantized.Nodes, node => node.Opcode == Opcode.LSTM);
        Assert.DoesNotContain(quantized.Nodes, node => node.Opcode == Opcode.QuantizedLSTM);
        GraphRunner.RunAll(quantized, Rows(2));
    }

    // Calibration sees the last cell only: what lies between may be larger.
    [Fact]
    public void The_cell_gets_four_times_its_last_range_and_at_least_8()
    {
        Graph small = Quantizer.Quantize(Graph(new RecurrentSettings(usual, 0f, false, false)), Rows(1), Precision.Int8);
        Assert.Equal(1f / 4096, small.Nodes.Single(node => node.Opcode == Opcode.QuantizedLSTM).Outputs[2].Quantization!.Scale);

        // A gate that is always open lets the cell grow by nearly 1 a step, to 16: 64 fit 1/512.
        Graph large = Quantizer.Quantize(Graph(new RecurrentSettings(usual, 0f, false, false), "open"), Rows(1), Precision.Int8);
        Assert.Equal(1f / 512, large.Nodes.Single(node => node.Opcode == Opcode.QuantizedLSTM).Outputs[2].Quantization!.Scale);
    }

    private static Graph Graph(RecurrentSettings settings, string kind = "")
    {
        var graph = new Graph();
        var builder = new GraphBuilder(graph) { Name = "layer" };
        var x = new Value("x", TensorType.Float32, Steps, 1, Features);
        graph.Inputs.Add(x);
        bool open = kind == "open";
        Value?[] inputs =
        [
            x,
            Value.Constant("w", open ? new float[4 * Hidden * Features] : Draw(10, 4 * Hidden * Features), 4 * Hidden, Features),
            Value.Constant("r", open ? new float[4 * Hidden * Hidden] : Draw(11, 4 * Hidden * Hidden), 4 * Hidden, Hidden),
            Value.Constant("b", open ? [.. Enumerable.Repeat(10f, 8 * Hidden)] : Draw(12, 8 * Hidden), 8 * Hidden),
            kind == "first state" ? Value.Constant("h", Draw(13, Hidden), 1, Hidden) : null,
            kind == "first cell" ? Value.Constant("c", Draw(14, Hidden), 1, Hidden) : null,
            kind == "peepholes" ? Value.Constant("p", Draw(15, 3 * Hidden), 3 * Hidden) : null,
        ];
        graph.Outputs.Add(builder.Recurrent(Opcode.LSTM, inputs, Hidden, settings)[0]);
        return graph;
    }

    private static RecurrentActivation Function(ActivationKind kind) => new(kind, 0f, 0f);

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
