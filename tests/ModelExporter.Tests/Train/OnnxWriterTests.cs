using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelTraining;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EdgeInference.Tool.Tests.Train;

public class OnnxWriterTests
{
    private readonly Random random = new(3);

    public static TheoryData<string> Names => [.. ActivationFunctions.All.Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void OnnxRuntime_gives_the_same_probabilities(string activation)
    {
        foreach (int classes in new[] { 2, 3 })
        {
            LabelledTable table = TrainingData.Blobs(classes, 6, 40, seed: 8);
            TrainedModel model = Trainer.Train(table, new TrainingOptions { Epochs = 10, HiddenActivation = ActivationFunctions.Find(activation)!.Kind });
            using var session = new InferenceSession(OnnxWriter.Write(model.ToGraph()));
            var batch = new DenseTensor<float>(table.Rows.SelectMany(row => row).ToArray(), [table.Rows.Count, 6]);
            using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([NamedOnnxValue.CreateFromTensor("input", batch)]);
            Assert.Equal("output", results[0].Name);
            float[] output = [.. results[0].AsEnumerable<float>()];
            int width = classes == 2 ? 1 : classes;
            Assert.Equal(width * table.Rows.Count, output.Length);
            for (int row = 0; row < table.Rows.Count; row++)
            {
                double[] expected = model.Probabilities(table.Rows[row]);
                for (int i = 0; i < width; i++)
                {
                    Assert.Equal(expected[^(width - i)], output[(row * width) + i], 1e-5);
                }
            }
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 0)]
    [InlineData(3, 1)]
    public void OnnxRuntime_gives_the_same_outputs_for_images(int channels, int countIncludePad)
    {
        var graph = new Graph();
        var value = new Value("input", TensorType.Float32, 1, 9, 7, channels);
        graph.Inputs.Add(value);
        value = Conv(graph, value, units: 8, groups: 1, kernel: [3, 2], stride: [2, 1], pad: [1, 0], output: [5, 7]);
        value = Conv(graph, value, units: 8, groups: 8, kernel: [3, 3], stride: [1, 1], pad: [1, 1], output: [5, 7]);
        value = Pool(graph, value, Opcode.MaxPool, kernel: 2, stride: 1, pad: 0, output: [4, 6]);
        value = Pool(graph, value, Opcode.AveragePool, kernel: 3, stride: 2, pad: 1, output: [2, 3]);
        graph.Nodes[^1].With(PoolRule.CountIncludePad, countIncludePad);
        var flat = new Value("flat", TensorType.Float32, 1, value.Elements);
        graph.Nodes.Add(new Node(Opcode.Reshape, "reshape", [value], flat));
        var output = new Value("output", TensorType.Float32, 1, 4);
        graph.Nodes.Add(new Node(Opcode.Dense, "dense", [flat, Draw("w", 4, flat.Elements)], output).WithActivation(DenseRule.Activation, ActivationKind.Linear));
        graph.Outputs.Add(output);

        float[] input = Draw("x", 9 * 7 * channels).Floats;
        using var session = new InferenceSession(OnnxWriter.Write(graph));
        int[] shape = [1, .. session.InputMetadata["input"].Dimensions.Skip(1)];
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([NamedOnnxValue.CreateFromTensor("input", new DenseTensor<float>(input, shape))]);
        float[] actual = [.. results[0].AsEnumerable<float>()];
        float[] expected = GraphRunner.RunAll(graph, [input])[0];
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-4);
        }
    }

    [Fact]
    public void A_convolution_that_leaves_rows_out_is_refused()
    {
        var graph = new Graph();
        var value = new Value("input", TensorType.Float32, 1, 9, 9, 1);
        graph.Inputs.Add(value);
        graph.Outputs.Add(Conv(graph, value, units: 2, groups: 1, kernel: [3, 3], stride: [1, 1], pad: [0, 0], output: [5, 7]));
        Assert.Contains("cannot be written as ONNX", Assert.Throws<InputException>(() => OnnxWriter.Write(graph)).Message, StringComparison.Ordinal);
    }

    private Value Conv(Graph graph, Value x, int units, int groups, int[] kernel, int[] stride, int[] pad, int[] output)
    {
        var y = new Value($"conv{graph.Nodes.Count}", TensorType.Float32, 1, output[0], output[1], units);
        Node node = new Node(Opcode.Conv, y.Name, [x, Draw("w", units, kernel[0], kernel[1], x.LastDimension / groups), Draw("b", units)], y).WithActivation(DenseRule.Activation, ActivationKind.ReLU);
        for (int i = 0; i < 2; i++)
        {
            node.With(ConvRule.Stride + i, stride[i]).With(ConvRule.Dilation + i, 1).With(ConvRule.Pad + i, pad[i]);
        }

        graph.Nodes.Add(node.With(ConvRule.Groups, groups));
        return y;
    }

    private static Value Pool(Graph graph, Value x, Opcode opcode, int kernel, int stride, int pad, int[] output)
    {
        var y = new Value($"pool{graph.Nodes.Count}", TensorType.Float32, 1, output[0], output[1], x.LastDimension);
        var node = new Node(opcode, y.Name, [x], y);
        for (int i = 0; i < 2; i++)
        {
            node.With(PoolRule.Kernel + i, kernel).With(PoolRule.Stride + i, stride).With(PoolRule.Dilation + i, 1).With(PoolRule.Pad + i, pad).With(PoolRule.PadEnd + i, pad);
        }

        graph.Nodes.Add(node);
        return y;
    }

    private Value Draw(string name, params int[] shape) =>
        Value.Constant(name, [.. Enumerable.Range(0, shape.Aggregate(1, (product, size) => product * size)).Select(_ => random.NextSingle() - 0.5f)], shape);
}
