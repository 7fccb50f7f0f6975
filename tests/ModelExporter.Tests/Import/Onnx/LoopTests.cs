using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Onnx;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EdgeInference.Tool.Tests.Import.Onnx;

/// <summary>Loops that are known at import, the first elements in order, and masks, against ONNX Runtime. TestData/loops/generate.py writes the models.</summary>
public class LoopTests
{
    private const int Runs = 50;

    [Theory]
    [InlineData("neighbours")]
    [InlineData("scan")]
    [InlineData("loop")]
    [InlineData("top")]
    [InlineData("masks")]
    public void Outputs_equal_those_of_OnnxRuntime(string name)
    {
        using var peer = new InferenceSession(Fixture(name));
        int[] shape = peer.InputMetadata["input"].Dimensions;
        foreach (bool optimized in new[] { false, true })
        {
            using EdgeModel model = EdgeModel.Load(ModelWriter.Write(Import(name, optimized)));
            using Session session = model.CreateSession();
            var random = new Random(1);
            var actual = new float[session.OutputLength];
            for (int run = 0; run < Runs; run++)
            {
                // Some equal elements: the first of them comes first.
                float[] input = [.. Enumerable.Range(0, session.InputLength).Select(_ => run % 5 == 0 ? random.Next(-3, 4) : (4f * random.NextSingle()) - 2f)];
                using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = peer.Run([NamedOnnxValue.CreateFromTensor("input", new DenseTensor<float>(input, shape))]);
                float[] expected = [.. results[0].AsEnumerable<float>()];
                session.Run(input, actual);
                float largest = expected.Max(MathF.Abs);
                Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f * largest));
            }
        }
    }

    [Theory]
    [InlineData("endless", "more than 256 rounds")]
    [InlineData("rounds_in_rounds", "more than 65536 operators")]
    [InlineData("open", "has an end condition that depends on the model's input")]
    public void Loops_that_cannot_be_written_out_are_refused(string name, string reason) =>
        Assert.Contains(reason, Assert.Throws<InputException>(() => Import(name, optimized: false)).Message, StringComparison.Ordinal);

    [Fact]
    public void Distances_to_all_samples_are_computed_at_once()
    {
        Graph graph = Import("neighbours", optimized: true);
        Assert.Single(graph.Nodes, node => node.Opcode == Opcode.Sub);
        Assert.Equal(40 * 6, Assert.Single(graph.Nodes, node => node.Opcode == Opcode.Sub).Output.Elements);
    }

    private static Graph Import(string name, bool optimized)
    {
        Graph graph = OnnxImporter.Import(Fixture(name));
        return optimized ? GraphOptimizer.Optimize(graph) : graph;
    }

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "TestData", "loops", name + ".onnx");
}
