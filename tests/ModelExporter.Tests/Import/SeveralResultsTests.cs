using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Tests.Import;

/// <summary>An inference that gives a result for each time step or pixel decides nothing; classes along another axis than the last are one result.</summary>
public sealed class SeveralResultsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-several-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("several_steps", 15)]
    [InlineData("several_step_logarithms", 15)]
    [InlineData("several_pixels", 12)]
    public void Several_results_run_and_do_not_decide(string name, int values)
    {
        string model = Path.Combine(folder, "m.edge");
        (int exitCode, string said) = CommandLine.Run(out _, "export", Source(name), "-o", model);
        Assert.True(exitCode == 0, said);
        Assert.Contains("--outputs", said, StringComparison.Ordinal);
        using EdgeInference.Runtime.EdgeModel edge = EdgeInference.Runtime.EdgeModel.Load(model);
        Assert.Equal(OutputRole.Value, edge.File.Decision.Role(0));
        Assert.Equal(values, edge.OutputLength);
        Assert.Throws<ArgumentException>(() => new EdgeInference.Runtime.Classifier(edge));
        Assert.Contains("--outputs", Assert.Throws<InputException>(() => OutputMeaning.ImportDecisive(Source(name))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("several_step_logits", "logits", "[1, 5, 3]")]
    [InlineData("several_step_logits", "probability", "[1, 5, 3]")]
    [InlineData("several_step_logits", "scores", "--outputs")]
    [InlineData("one_logarithm", "probability", "logarithms")]
    [InlineData("one_label", "logits", "is a label")]
    [InlineData("one_label", "probability", "is a label")]
    [InlineData("one_label", "scores", "is a label")]
    public void A_head_that_the_output_cannot_have_is_refused(string name, string head, string reason)
    {
        Graph graph = ModelImporter.Import(Source(name));
        Assert.Contains(reason, Assert.Throws<InputException>(() => OutputMeaning.Apply(graph, head)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Logits_in_a_column_become_probabilities_of_one_choice()
    {
        Graph graph = ModelImporter.Import(Source("one_column"));
        float[] logits = GraphRunner.RunAll(graph, [[1f, -2f, 0.5f, 3f]])[0];
        OutputMeaning.Apply(graph, "logits");
        double sum = logits.Sum(logit => Math.Exp(logit));
        Assert.Equal(logits.Select(logit => Math.Exp(logit) / sum), GraphRunner.RunAll(graph, [[1f, -2f, 0.5f, 3f]])[0].Select(p => (double)p), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_softmax_over_one_value_decides_nothing(int columns)
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, columns, 1);
        var y = new Value("y", TensorType.Float32, columns, 1);
        graph.Inputs.Add(x);
        graph.Nodes.Add(new Node(Opcode.Softmax, "y", [x], y).With(EdgeInference.ModelFormat.Rules.SoftmaxRule.Beta, 1f));
        graph.Outputs.Add(y);
        OutputMeaning.Recognise(graph);
        Assert.Contains("every result is 1", SeveralResults.Settle(graph), StringComparison.Ordinal);
        Assert.Equal([OutputRole.Value], graph.Metadata.OutputRoles);
    }

    private static string Source(string name) => Path.Combine(AppContext.BaseDirectory, "TestData", "import", name + ".onnx");
}
