using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Features;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelTraining;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EdgeInference.Tool.Tests.Train;

/// <summary>Every form of the operators that are written as ONNX: ONNX Runtime gives what the graph gives, or the form is refused.</summary>
public sealed class TrainOnnxWriterFormTests
{
    private readonly Random random = new(7);

    [Fact]
    public void The_file_says_its_versions_its_name_and_its_ports()
    {
        var graph = new Graph { Metadata = new GraphMetadata { Name = "pump" } };
        Value input = Input(graph, 1, 5);
        graph.Outputs.Add(Add(graph, Opcode.Dense, [input, Draw(3, 5)], 1, 3).Output);
        byte[] bytes = OnnxWriter.Write(graph);

        // onnx.proto3: field 1 is the version of the format, field 8 the set of operators, field 2 of that its version.
        Assert.Equal([0x08, 7], bytes[..2]);
        Assert.Equal([0x42, 4, 0x0A, 0, 0x10, 13], bytes[^6..]);
        using var session = new InferenceSession(bytes);
        Assert.Equal("pump", session.ModelMetadata.GraphName);
        Assert.Equal(ToolVersion.Text, session.ModelMetadata.ProducerName);
        Assert.Equal([-1, 5], session.InputMetadata["input"].Dimensions);
        Assert.Equal(["N", ""], session.InputMetadata["input"].SymbolicDimensions);
        Assert.Equal([-1, 3], session.OutputMetadata["y1"].Dimensions);
        Assert.Equal(typeof(float), session.OutputMetadata["y1"].ElementType);

        // What the file itself says of its ports: ONNX Runtime works out the shapes of outputs on its own.
        byte[] inside = Fields(bytes, 7).Single();
        Assert.Equal("pump", System.Text.Encoding.UTF8.GetString(Fields(inside, 2).Single()));
        Assert.Equal(["N", "5"], Sizes(Fields(inside, 11).Single()));
        Assert.Equal(["N", "3"], Sizes(Fields(inside, 12).Single()));
        graph.Metadata = new GraphMetadata();
        using var unnamed = new InferenceSession(OnnxWriter.Write(graph));
        Assert.Equal("model", unnamed.ModelMetadata.GraphName);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 4)]
    public void A_product_has_a_bias_or_none(bool biased, int units)
    {
        var graph = new Graph();
        Value input = Input(graph, 1, 5);
        graph.Outputs.Add(Add(graph, Opcode.Dense, biased ? [input, Draw(units, 5), Draw(units)] : [input, Draw(units, 5)], 1, units).Output);
        AssertAlike(graph);
    }

    public static TheoryData<string, float, float> Parameters => new()
    {
        { "HardSigmoid", 0.3f, 0.4f }, { "LeakyReLU", 0.35f, 0 }, { "ELU", 0.6f, 0 }, { "SELU", 1.3f, 1.2f }, { "CELU", 0.6f, 0 }, { "ThresholdedReLU", 0.45f, 0 }, { "Shrink", 0.3f, 0.2f },
    };

    [Theory]
    [MemberData(nameof(Parameters))]
    public void An_activation_keeps_its_own_parameters(string name, float alpha, float beta)
    {
        var graph = new Graph();
        Value input = Input(graph, 1, 40);
        Node node = Add(graph, Opcode.Activation, [input], 1, 40);
        node.WithActivation(ActivationRule.Kind, ActivationFunctions.Find(name)!.Kind).With(ActivationRule.Alpha, alpha).With(ActivationRule.Beta, beta);
        graph.Outputs.Add(node.Output);
        AssertAlike(graph);
    }

    /// <summary>Every kind, in an order that is not that of the kinds, with values at knots and boundaries, missing and infinite ones.</summary>
    [Fact]
    public void Features_of_a_table_are_written_out()
    {
        var graph = new Graph();
        Value input = Input(graph, 1, 3);
        var builder = new GraphBuilder(graph) { Name = "features" };
        graph.Outputs.Add(builder.FeatureTransform(input, new FeatureTransformPlan(
        [
            FeatureColumn.Bin(0, [0f, 1f, 1f, 2.5f]), FeatureColumn.Equal(2, 1f), FeatureColumn.Line(0, 9f, [0f, 1f, 1f, 3f], [0f, 1f, 5f, 7f]), FeatureColumn.Missing(1),
            FeatureColumn.Line(1, -9f, 0.5f, 1f, -2f), FeatureColumn.Unknown(2, 2), FeatureColumn.Line(2, 0.5f, [-1f, 1f], [3f, -3f]), FeatureColumn.Equal(0, 0f), FeatureColumn.Bin(1, [0f]),
        ])));
        float[] edges = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, 0.5f, 1f, MathF.BitDecrement(1f), 2f, 2.5f, 3f, -1f, 254f];
        using var session = new InferenceSession(OnnxWriter.Write(graph));
        using var runner = new GraphRunner(graph, [graph.Outputs[0]]);
        foreach (float first in edges)
        {
            foreach (float second in edges)
            {
                foreach (float third in (float[])[0f, 1f, 2f, -1f, 0.5f, float.NaN, float.PositiveInfinity])
                {
                    float[] row = [first, second, third];
                    runner.Run(row);
                    using var results = session.Run([NamedOnnxValue.CreateFromTensor("input", new DenseTensor<float>(row, [1, 3]))]);
                    Assert.Equal(runner.Values(0).ToArray(), results[0].AsEnumerable<float>());
                }
            }
        }

        var sequences = new Graph();
        Value sequence = Input(sequences, 1, 2, 3);
        sequences.Outputs.Add(new GraphBuilder(sequences) { Name = "features" }.FeatureTransform(sequence, new FeatureTransformPlan([FeatureColumn.Missing(0)])));
        Assert.Contains("cannot be written as ONNX", Assert.Throws<InputException>(() => OnnxWriter.Write(sequences)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_is_1_at_0()
    {
        var graph = new Graph();
        Value input = Input(graph, 1, 3);
        Node node = Add(graph, Opcode.Activation, [input], 1, 3).WithActivation(ActivationRule.Kind, ActivationKind.Step);
        graph.Outputs.Add(node.Output);
        Assert.Equal([0f, 1f, 1f], Run(graph, [-1e-30f, 0, 1e-30f]));
    }

    // Input, kernel, stride, dilation, padding before, channels and groups; the padding behind follows from the outputs.
    [Theory]
    [InlineData(new[] { 7, 6 }, new[] { 3, 2 }, new[] { 1, 1 }, new[] { 2, 3 }, new[] { 0, 0 }, new[] { 3, 3 }, 2, 1)]
    [InlineData(new[] { 7, 6 }, new[] { 3, 2 }, new[] { 1, 1 }, new[] { 1, 1 }, new[] { 0, 1 }, new[] { 7, 8 }, 2, 1)]
    [InlineData(new[] { 8, 8 }, new[] { 3, 3 }, new[] { 2, 3 }, new[] { 1, 1 }, new[] { 0, 1 }, new[] { 4, 3 }, 4, 2)]
    [InlineData(new[] { 9, 8 }, new[] { 3, 2 }, new[] { 3, 4 }, new[] { 1, 1 }, new[] { 0, 0 }, new[] { 3, 2 }, 2, 1)]
    [InlineData(new[] { 10, 9 }, new[] { 3, 2 }, new[] { 3, 4 }, new[] { 1, 1 }, new[] { 0, 0 }, new[] { 3, 2 }, 2, 1)]
    [InlineData(new[] { 11, 11 }, new[] { 3, 2 }, new[] { 3, 4 }, new[] { 1, 1 }, new[] { 0, 0 }, new[] { 3, 3 }, 2, 1)]
    public void A_convolution_keeps_its_windows(int[] size, int[] kernel, int[] stride, int[] dilation, int[] pad, int[] output, int channels, int groups)
    {
        var graph = new Graph();
        Value input = Input(graph, 1, size[0], size[1], channels);
        Node node = Add(graph, Opcode.Conv, [input, Draw(4, kernel[0], kernel[1], channels / groups), Draw(4)], 1, output[0], output[1], 4).With(ConvRule.Groups, groups);
        for (int i = 0; i < 2; i++)
        {
            node.With(ConvRule.Stride + i, stride[i]).With(ConvRule.Dilation + i, dilation[i]).With(ConvRule.Pad + i, pad[i]);
        }

        graph.Outputs.Add(node.Output);
        AssertAlike(graph);
    }

    // A stride of 3 leaves at most two rows over: with three, there would be a place more.
    [Theory]
    [InlineData(11, true)]
    [InlineData(12, false)]
    [InlineData(13, false)]
    public void Rows_left_over_are_fewer_than_a_stride(int rows, bool isTaken)
    {
        var graph = new Graph();
        Value input = Input(graph, 1, rows, 1, 1);
        Node node = Add(graph, Opcode.Conv, [input, Draw(1, 3, 1, 1)], 1, 3, 1, 1).With(ConvRule.Groups, 1);
        for (int i = 0; i < 2; i++)
        {
            node.With(ConvRule.Stride + i, i == 0 ? 3 : 1).With(ConvRule.Dilation + i, 1);
        }

        graph.Outputs.Add(node.Output);
        if (isTaken)
        {
            AssertAlike(graph);
        }
        else
        {
            Assert.Contains("leaves rows or columns out", Refusal(graph), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(nameof(Opcode.MaxPool), 2, 0, 0, 4, 0)]
    [InlineData(nameof(Opcode.MaxPool), 1, 1, 0, 7, 0)]
    [InlineData(nameof(Opcode.AveragePool), 1, 1, 0, 7, 0)]
    [InlineData(nameof(Opcode.AveragePool), 1, 1, 0, 7, 1)]
    [InlineData(nameof(Opcode.AveragePool), 1, 0, 1, 7, 1)]
    [InlineData(nameof(Opcode.AveragePool), 1, 1, 1, 8, 1)]
    public void A_pooling_keeps_its_windows(string opcodeName, int dilation, int before, int behind, int output, int countIncludePad)
    {
        Opcode opcode = Enum.Parse<Opcode>(opcodeName);
        Graph graph = Pooling(opcode, dilation, before, behind, output, countIncludePad);
        AssertAlike(graph);
    }

    [Theory]
    [InlineData(nameof(Opcode.AveragePool), 2, 0, 4, "has a dilation")]
    [InlineData(nameof(Opcode.MaxPool), 1, 0, 8, "windows outside its padding")]
    [InlineData(nameof(Opcode.MaxPool), 1, 0, 5, "leaves rows or columns out")]
    public void A_pooling_that_ONNX_does_not_know_is_refused(string opcodeName, int dilation, int behind, int output, string reason) =>
        Assert.Contains(reason, Refusal(Pooling(Enum.Parse<Opcode>(opcodeName), dilation, 0, behind, output, 0)), StringComparison.Ordinal);

    // To and from images of one channel, of one pixel, of one row, and of neither.
    [Theory]
    [InlineData(new[] { 1, 24 }, new[] { 1, 2, 3, 4 })]
    [InlineData(new[] { 1, 24 }, new[] { 1, 4, 6, 1 })]
    [InlineData(new[] { 1, 24 }, new[] { 1, 1, 1, 24 })]
    [InlineData(new[] { 1, 24 }, new[] { 1, 1, 6, 4 })]
    [InlineData(new[] { 1, 2, 3, 4 }, new[] { 1, 24 })]
    [InlineData(new[] { 1, 4, 6, 1 }, new[] { 1, 24 })]
    [InlineData(new[] { 1, 1, 1, 24 }, new[] { 1, 24 })]
    [InlineData(new[] { 1, 1, 6, 4 }, new[] { 1, 6, 4 })]
    [InlineData(new[] { 1, 2, 3, 4 }, new[] { 1, 3, 2, 4 })]
    [InlineData(new[] { 1, 2, 3, 4 }, new[] { 1, 6, 4, 1 })]
    [InlineData(new[] { 1, 6, 4 }, new[] { 1, 8, 3 })]
    public void Images_keep_the_order_of_their_elements(int[] from, int[] to)
    {
        var graph = new Graph();
        Value input = Input(graph, from);
        graph.Outputs.Add(Add(graph, Opcode.Reshape, [input], to).Output);
        AssertAlike(graph);

        // Between two others, so that it is neither the input nor the output.
        graph = new Graph();
        Value first = Add(graph, Opcode.Activation, [Input(graph, from)], from).WithActivation(ActivationRule.Kind, ActivationKind.Tanh).Output;
        Value middle = Add(graph, Opcode.Reshape, [first], to).Output;
        graph.Outputs.Add(Add(graph, Opcode.Activation, [middle], to).WithActivation(ActivationRule.Kind, ActivationKind.Sigmoid).Output);
        AssertAlike(graph);
    }

    [Theory]
    [InlineData(new[] { 1, 2, 3, 4 }, new[] { 2, 3, 4 })]
    [InlineData(new[] { 1, 3, 4, 1 }, new[] { 1, 3, 4 })]
    [InlineData(new[] { 1, 1, 3, 4 }, new[] { 1, 3, 4 })]
    [InlineData(new[] { 1, 1, 1, 4 }, new[] { 4, 1, 1 })]
    [InlineData(new[] { 1, 3, 4 }, new[] { 3, 4 })]
    public void An_input_has_the_sizes_that_are_the_same_bytes(int[] shape, int[] first)
    {
        var graph = new Graph();
        graph.Outputs.Add(Add(graph, Opcode.Activation, [Input(graph, shape)], shape).WithActivation(ActivationRule.Kind, ActivationKind.ReLU).Output);
        using var session = new InferenceSession(OnnxWriter.Write(graph));

        // Where both orders are the same bytes the channels come first, else the image stays as it is here.
        bool isSame = shape.Length == 4 && (shape[3] == 1 || shape[1] * shape[2] == 1);
        Assert.Equal([-1, .. isSame ? new[] { shape[3], shape[1], shape[2] } : shape[1..]], session.InputMetadata["input"].Dimensions);
        Assert.Equal(isSame ? first : shape[1..], session.InputMetadata["input"].Dimensions[1..]);
        Assert.Equal(["N", .. shape[1..].Select(size => $"{size}")], Sizes(Fields(Fields(OnnxWriter.Write(graph), 7).Single(), 12).Single()));
        Assert.Equal([-1, .. shape[1..]], session.OutputMetadata["y1"].Dimensions);
    }

    [Fact]
    public void A_mean_is_subtracted_from_features_and_not_from_images()
    {
        var graph = new Graph();
        graph.Outputs.Add(Add(graph, Opcode.Sub, [Input(graph, 1, 4), Draw(4)], 1, 4).Output);
        AssertAlike(graph);
        graph = new Graph();
        graph.Outputs.Add(Add(graph, Opcode.Sub, [Input(graph, 1, 2, 3, 4), Draw(4)], 1, 2, 3, 4).Output);
        Assert.Contains("cannot be written as ONNX", Refusal(graph), StringComparison.Ordinal);
        graph = new Graph();
        graph.Outputs.Add(Add(graph, Opcode.Sub, [Input(graph, 1, 4), Draw(1, 4)], 1, 4).Output);
        Assert.Contains("cannot be written as ONNX", Refusal(graph), StringComparison.Ordinal);
    }

    [Fact]
    public void A_softmax_is_over_the_last_axis_with_a_factor_of_1()
    {
        var graph = new Graph();
        graph.Outputs.Add(Add(graph, Opcode.Softmax, [Input(graph, 1, 3, 4)], 1, 3, 4).With(SoftmaxRule.Beta, 1f).Output);
        AssertAlike(graph);
        graph.Nodes[0].With(SoftmaxRule.Beta, 2f);
        Assert.Contains("cannot be written as ONNX", Refusal(graph), StringComparison.Ordinal);
        graph = new Graph();
        graph.Outputs.Add(Add(graph, Opcode.Softmax, [Input(graph, 1, 2, 3, 4)], 1, 2, 3, 4).With(SoftmaxRule.Beta, 1f).Output);
        Assert.Contains("cannot be written as ONNX", Refusal(graph), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reshape_of_the_batch_is_refused()
    {
        var graph = new Graph();
        graph.Outputs.Add(Add(graph, Opcode.Reshape, [Input(graph, 2, 3)], 1, 6).Output);
        Assert.Contains("reshapes the batch", Refusal(graph), StringComparison.Ordinal);
    }

    // Of whatever is not float32 the numbers would be lost.
    [Theory]
    [InlineData(nameof(Opcode.Dense))]
    [InlineData(nameof(Opcode.Conv))]
    [InlineData(nameof(Opcode.MaxPool))]
    [InlineData(nameof(Opcode.AveragePool))]
    [InlineData(nameof(Opcode.Reshape))]
    [InlineData(nameof(Opcode.Sub))]
    [InlineData(nameof(Opcode.Softmax))]
    [InlineData(nameof(Opcode.Gather))]
    public void What_is_quantized_or_unknown_is_refused(string opcodeName)
    {
        Opcode opcode = Enum.Parse<Opcode>(opcodeName);
        var graph = new Graph();
        int[] shape = opcode is Opcode.Conv or Opcode.MaxPool or Opcode.AveragePool ? [1, 4, 4, 1] : [1, 4];
        var input = new Value("input", TensorType.Float32, shape);
        graph.Inputs.Add(input);
        Value[] inputs = opcode switch
        {
            Opcode.Dense => [input, Draw(4, 4)],
            Opcode.Conv => [input, Draw(1, 1, 1, 1)],
            Opcode.Sub => [input, Draw(4)],
            _ => [input],
        };
        var output = new Value("y", opcode == Opcode.Gather ? TensorType.Float32 : TensorType.Int8, shape);
        Node node = new(opcode, "node", inputs, output);
        if (opcode == Opcode.Softmax)
        {
            node.With(SoftmaxRule.Beta, 1f);
        }

        for (int i = 0; i < 2 && opcode is Opcode.Conv; i++)
        {
            node.With(ConvRule.Stride + i, 1).With(ConvRule.Dilation + i, 1).With(ConvRule.Groups, 1);
        }

        for (int i = 0; i < 2 && opcode is Opcode.MaxPool or Opcode.AveragePool; i++)
        {
            node.With(PoolRule.Kernel + i, 1).With(PoolRule.Stride + i, 1).With(PoolRule.Dilation + i, 1);
        }

        graph.Nodes.Add(node);
        graph.Outputs.Add(output);
        Assert.Contains("write the model as it was trained, in float32", Refusal(graph), StringComparison.Ordinal);
    }

    // The values of a length-delimited field of a protocol buffer message.
    private static List<byte[]> Fields(byte[] message, int field)
    {
        var found = new List<byte[]>();
        for (int at = 0; at < message.Length;)
        {
            int tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    int value = Varint(message, ref at);
                    if (tag >> 3 == field)
                    {
                        found.Add(BitConverter.GetBytes(value));
                    }

                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    int length = Varint(message, ref at);
                    if (tag >> 3 == field)
                    {
                        found.Add(message[at..(at + length)]);
                    }

                    at += length;
                    break;
            }
        }

        return found;
    }

    private static int Varint(byte[] message, ref int at)
    {
        int value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = message[at++];
            value |= (part & 127) << shift;
            if (part < 128)
            {
                return value;
            }
        }
    }

    // ValueInfoProto.type.tensor_type.shape.dim: a text in field 2, or a number in field 1.
    private static string[] Sizes(byte[] port) =>
    [
        .. Fields(Fields(Fields(Fields(port, 2).Single(), 1).Single(), 2).Single(), 1).Select(dim =>
            Fields(dim, 2) is [byte[] text] ? System.Text.Encoding.UTF8.GetString(text) : $"{BitConverter.ToInt32(Fields(dim, 1).Single())}"),
    ];

    private static Graph Pooling(Opcode opcode, int dilation, int before, int behind, int output, int countIncludePad)
    {
        var graph = new Graph();
        Node node = Add(graph, opcode, [Input(graph, 1, 8, 8, 2)], 1, output, output, 2);
        for (int i = 0; i < 2; i++)
        {
            node.With(PoolRule.Kernel + i, 3).With(PoolRule.Stride + i, 1).With(PoolRule.Dilation + i, dilation).With(PoolRule.Pad + i, before).With(PoolRule.PadEnd + i, behind);
        }

        if (opcode == Opcode.AveragePool)
        {
            node.With(PoolRule.CountIncludePad, countIncludePad);
        }

        graph.Outputs.Add(node.Output);
        return graph;
    }

    private void AssertAlike(Graph graph)
    {
        float[] input = Draw(graph.Inputs[0].Shape).Floats;
        float[] expected = GraphRunner.RunAll(graph, [input])[0];
        float[] actual = Run(graph, input);
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    private static float[] Run(Graph graph, float[] input)
    {
        using var session = new InferenceSession(OnnxWriter.Write(graph));
        int[] shape = [1, .. session.InputMetadata["input"].Dimensions.Skip(1)];
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([NamedOnnxValue.CreateFromTensor("input", new DenseTensor<float>(input, shape))]);
        return [.. results[0].AsEnumerable<float>()];
    }

    private static string Refusal(Graph graph) => Assert.Throws<InputException>(() => OnnxWriter.Write(graph)).Message;

    private static Value Input(Graph graph, params int[] shape)
    {
        var input = new Value("input", TensorType.Float32, shape);
        graph.Inputs.Add(input);
        return input;
    }

    private static Node Add(Graph graph, Opcode opcode, Value[] inputs, params int[] shape)
    {
        var node = new Node(opcode, $"n{graph.Nodes.Count + 1}", inputs, new Value($"y{graph.Nodes.Count + 1}", TensorType.Float32, shape));
        graph.Nodes.Add(node);
        return node;
    }

    private Value Draw(params int[] shape) =>
        Value.Constant($"c{random.Next()}", [.. Enumerable.Range(0, shape.Aggregate(1, (product, size) => product * size)).Select(_ => (2 * random.NextSingle()) - 1)], shape);
}
