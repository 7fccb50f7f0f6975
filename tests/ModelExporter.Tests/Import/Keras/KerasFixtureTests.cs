using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Import.Keras;

/// <summary>Models that TestData/keras/generate.py writes in both kinds of file, with outputs by PyTorch's operators in double precision.</summary>
public class KerasFixtureTests
{
    public static TheoryData<string> Files => ["activations.keras", .. from name in new[] { "functional", "image", "sequence", "nested" } from kind in new[] { ".h5", ".keras" } select name + kind];

    [Theory]
    [MemberData(nameof(Files))]
    public void Outputs_equal_those_of_PyTorch(string file)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        (_, float[] input) = NpyFile.Read(Fixture(name + ".input.npy"));
        (_, float[] expected) = NpyFile.Read(Fixture(name + ".expected.npy"));
        foreach (bool optimized in new[] { false, true })
        {
            Graph graph = ModelImporter.Import(Fixture(file));
            using EdgeModel model = EdgeModel.Load(ModelWriter.Write(optimized ? GraphOptimizer.Optimize(graph) : graph));
            foreach (KernelSet kernels in new[] { KernelSet.Fast, KernelSet.Reference })
            {
                using Session session = model.CreateSession(kernels);
                var actual = new float[expected.Length];
                session.Run(input, actual);
                float largest = expected.Max(Math.Abs);
                for (int i = 0; i < expected.Length; i++)
                {
                    Assert.Equal(expected[i], actual[i], 1e-5f * largest);
                }
            }
        }
    }

    [Fact]
    public void A_file_with_the_newest_object_headers_is_read()
    {
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(ModelImporter.Import(Fixture("latest.h5"))));
        using Session session = model.CreateSession();
        var output = new float[1];
        session.Run([2, 3], output);
        Assert.Equal(5f, output[0]);
    }

    [Theory]
    [InlineData("stateful.h5")]
    [InlineData("stateful.keras")]
    public void Stateful_layers_go_on_from_call_to_call_until_a_reset(string file)
    {
        (_, float[] input) = NpyFile.Read(Fixture("stateful.input.npy"));
        (_, float[] expected) = NpyFile.Read(Fixture("stateful.expected.npy"));
        Graph graph = GraphOptimizer.Optimize(ModelImporter.Import(Fixture(file)));
        AssertClose(expected, TwoCalls(graph, input), 1e-5f * expected.Max(Math.Abs));

        // Recurrent layers stay in float32, what is around them does not.
        var random = new Random(1);
        float[][] rows = [.. Enumerable.Range(0, 30).Select(_ => (float[])[.. Enumerable.Range(0, input.Length / 2).Select(_ => (2f * random.NextSingle()) - 1f)])];
        Graph quantized = Quantizer.Quantize(graph, rows, Precision.Int8);
        Assert.Contains(quantized.Nodes, node => node.Opcode == Opcode.Dense && node.Input(0).Type == TensorType.Int8);
        AssertClose(expected, TwoCalls(quantized, input), 0.05f);
    }

    private static float[] TwoCalls(Graph graph, float[] input)
    {
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(graph));
        using Session session = model.CreateSession();
        var outputs = new float[2 * session.OutputLength];
        for (int sequence = 0; sequence < 2; sequence++)
        {
            session.Reset();
            for (int call = 0; call < 2; call++)
            {
                session.Run(input.AsSpan(call * session.InputLength, session.InputLength), outputs.AsSpan(call * session.OutputLength, session.OutputLength));
            }
        }

        return outputs;
    }

    private static void AssertClose(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "TestData", "keras", name);
}
