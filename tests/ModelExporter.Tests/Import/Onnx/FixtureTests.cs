using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Onnx;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EdgeInference.Tool.Tests.Import.Onnx;

public class FixtureTests
{
    public static TheoryData<string, string, int> Models => new()
    {
        { "breast_cancer_mlp", "breast_cancer.test.csv", 30 },
        { "digits_mlp", "digits.test.csv", 64 },
        { "digits_cnn", "digits.test.csv", 64 },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Outputs_equal_those_of_PyTorch(string name, string csv, int features)
    {
        string[] lines = File.ReadAllLines(TestData.Data(csv));
        (int[] shape, float[] expected) = NpyFile.Read(TestData.Data($"{name}.expected.npy"));
        Assert.Equal(lines.Length - 1, shape[0]);
        int outputs = expected.Length / shape[0];
        foreach (KernelSet kernels in new[] { KernelSet.Fast, KernelSet.Reference })
        {
            using EdgeModel model = Export(name);
            using Session session = model.CreateSession(kernels);
            var actual = new float[outputs];
            for (int row = 0; row < shape[0]; row++)
            {
                float[] input = [.. lines[row + 1].Split(',').Take(features).Select(text => float.Parse(text, System.Globalization.CultureInfo.InvariantCulture))];
                session.Run(input, actual);
                for (int i = 0; i < outputs; i++)
                {
                    Assert.Equal(expected[(row * outputs) + i], actual[i], 1e-5);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Outputs_equal_those_of_OnnxRuntime_on_random_inputs(string name, string csv, int features)
    {
        string[] lines = File.ReadAllLines(TestData.Data(csv));
        using EdgeModel model = Export(name);
        using Session session = model.CreateSession();
        using var peer = new InferenceSession(TestData.Data(name + ".onnx"));
        var random = new Random(1);
        var actual = new float[session.OutputLength];
        for (int run = 0; run < 200; run++)
        {
            // Mixing two rows keeps each feature in its own range.
            float[] a = Row(lines, random, features);
            float[] b = Row(lines, random, features);
            float[] input = [.. a.Select((value, i) => value + ((b[i] - value) * 2f * random.NextSingle()))];
            using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results =
                peer.Run([NamedOnnxValue.CreateFromTensor("input", new DenseTensor<float>(input, [1, features]))]);
            float[] expected = [.. results[0].AsEnumerable<float>()];
            session.Run(input, actual);
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.Equal(expected[i], actual[i], 1e-5);
            }
        }
    }

    [Theory]
    [InlineData("breast_cancer_mlp", 3)]
    [InlineData("digits_mlp", 3)]
    public void Standardisation_bias_and_activations_fold_into_the_dense_layers(string name, int nodes)
    {
        Graph graph = GraphOptimizer.Optimize(OnnxImporter.Import(TestData.Data(name + ".onnx")));
        Assert.Equal(nodes, graph.Nodes.Count);
        Assert.All(graph.Nodes, node => Assert.True(node.Opcode is Opcode.Dense or Opcode.Softmax));
        Assert.Equal(name, graph.Metadata.Name);
        Assert.Equal(32, graph.Metadata.SourceHash!.Length);
    }

    [Fact]
    public void A_convolutional_network_keeps_no_transposition_normalisation_or_activation_of_its_own()
    {
        Graph graph = GraphOptimizer.Optimize(OnnxImporter.Import(TestData.Data("digits_cnn.onnx")));
        Opcode[] left = [.. graph.Nodes.Select(node => node.Opcode).Where(opcode => opcode != Opcode.Reshape)];
        Assert.Equal([Opcode.Conv, Opcode.Conv, Opcode.MaxPool, Opcode.Dense, Opcode.Softmax], left);
    }

    private static EdgeModel Export(string name) =>
        EdgeModel.Load(ModelWriter.Write(GraphOptimizer.Optimize(OnnxImporter.Import(TestData.Data(name + ".onnx")))));

    private static float[] Row(string[] lines, Random random, int features) =>
        [.. lines[random.Next(1, lines.Length)].Split(',').Take(features).Select(text => float.Parse(text, System.Globalization.CultureInfo.InvariantCulture))];
}
