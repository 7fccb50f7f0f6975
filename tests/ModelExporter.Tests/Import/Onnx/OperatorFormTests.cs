using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace EdgeInference.Tool.Tests.Import.Onnx;

/// <summary>Operators and forms of files against ONNX Runtime on inputs made here. TestData/import/generate.py writes the models that are no handed-over cases.</summary>
public class OperatorFormTests
{
    private const int Runs = 40;

    public static TheoryData<string> Models => [.. Directory.EnumerateFiles(Folder, "*.onnx").Select(path => Path.GetFileNameWithoutExtension(path)!)
        .Where(name => name.StartsWith("einsum", StringComparison.Ordinal) || name.StartsWith("fusedconv", StringComparison.Ordinal) || name.StartsWith("sparse", StringComparison.Ordinal)
            || (name.StartsWith("tree", StringComparison.Ordinal) && !name.Contains("transform", StringComparison.Ordinal))
            || name.StartsWith("finite", StringComparison.Ordinal) || name is "maxpool_unused_indices" or "dead_unsupported").Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Outputs_equal_those_of_OnnxRuntime(string name)
    {
        string path = Path.Combine(Folder, name + ".onnx");
        Graph graph = ModelImporter.Import(path);
        using EdgeModel plain = EdgeModel.Load(ModelWriter.Write(graph));
        using EdgeModel optimized = EdgeModel.Load(ModelWriter.Write(GraphOptimizer.Optimize(graph)));
        using var peer = new InferenceSession(path);
        (string input, NodeMetadata metadata) = peer.InputMetadata.Single();
        int[] shape = metadata.Dimensions;
        var random = new Random(1);
        foreach (EdgeModel model in (EdgeModel[])[plain, optimized])
        {
            using Session session = model.CreateSession();
            for (int run = 0; run < Runs; run++)
            {
                // Values on the grid of the trees' thresholds too. A batch that the file fixes holds rows of its own.
                float[] row = [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => run % 2 == 0 ? random.Next(-8, 9) / 8f : (2 * random.NextSingle()) - 1)];
                float[] expected = Peer.Run(path, "", (input, shape, row));
                float[] actual = new float[expected.Length];
                int rows = row.Length / session.InputLength;
                for (int i = 0; i < rows; i++)
                {
                    session.Run(row.AsSpan(i * session.InputLength, session.InputLength), actual.AsSpan(i * session.OutputLength, session.OutputLength));
                }

                float largest = Math.Max(1f, expected.Max(MathF.Abs));
                Assert.Equal(expected, actual, (x, y) => Math.Abs(x - y) <= 1e-5f * largest);
            }
        }
    }

    [Fact]
    public void A_missing_value_goes_where_the_tree_says()
    {
        string path = Path.Combine(Folder, "trees_v5_mean.onnx");
        Graph graph = ModelImporter.Import(path);
        Assert.True(graph.Metadata.AcceptsMissing);
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(graph));
        using Session session = model.CreateSession();
        float[] actual = new float[2];
        foreach (float[] row in (float[][])[[float.NaN, 0, 0], [0, float.NaN, 0], [0, 0, float.NaN], [float.NaN, float.NaN, float.NaN]])
        {
            session.Run(row, actual);
            Assert.Equal(Peer.Run(path, "", ("x", [1, 3], row)), actual);
        }
    }

    [Fact]
    public void A_product_of_computed_and_constant_operands_is_a_dense_layer()
    {
        Assert.Equal(Opcode.Dense, Assert.Single(GraphOptimizer.Optimize(ModelImporter.Import(Path.Combine(Folder, "einsum.onnx"))).Nodes, node => node.Opcode != Opcode.Reshape).Opcode);
        Assert.Contains(ModelImporter.Import(Path.Combine(Folder, "einsum_constant_left.onnx")).Nodes, node => node.Opcode == Opcode.Dense);
        Assert.Equal(Opcode.Conv, Assert.Single(GraphOptimizer.Optimize(ModelImporter.Import(Path.Combine(Folder, "fusedconv_leaky.onnx"))).Nodes, node => node.Opcode is not (Opcode.Transpose or Opcode.Reshape)).Opcode);
    }

    [Theory]
    [InlineData("trees_v5_transform1", "has the post transform 1, which the ONNX standard and ONNX Runtime define differently")]
    [InlineData("trees_v5_transform2", "--head logits")]
    [InlineData("huge_sparse", "more than 8,388,608 elements")]
    [InlineData("outside_sparse", "has a value outside its shape")]
    public void What_has_no_one_meaning_is_refused(string name, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<InputException>(() => ModelImporter.Import(Path.Combine(Folder, name + ".onnx"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("bad_gemm", "the constant 'weights' of 'y' (Dense) is NaN")]
    [InlineData("bad_bias", "the constant 'bias' of 'y' (Dense) is infinite at element 1")]
    [InlineData("bad_add", "the constant 'shift' of 'y' (Add) is NaN at element 1")]
    [InlineData("bad_scale", "the constant 'scale' of 'y' (Mul) is infinite at element 1")]
    [InlineData("bad_double", "the constant 'weights' of 'y' (Dense) is infinite")]
    [InlineData("bad_conv", "of 'y' (Conv), made of 'weights', is NaN at element 1")]
    [InlineData("bad_norm", "of 'y' (Add), made of 'mean', is NaN at element 1")]
    public void Weights_that_are_no_numbers_are_refused_by_name(string name, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<InputException>(() => ModelImporter.Import(Path.Combine(Folder, name + ".onnx"))).Message, StringComparison.Ordinal);

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "TestData", "import");
}
