using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Tests.Import;

/// <summary>What the end of a graph says of its output, and what it leaves to --head. TestData/import/generate.py writes the models.</summary>
public class OutputTailTests
{
    [Theory]
    [InlineData("clip", OutputRole.Probability)]
    [InlineData("clip_shifts", OutputRole.Unknown)]
    [InlineData("min_max", OutputRole.Probability)]
    [InlineData("sigmoids", OutputRole.Unknown)]
    [InlineData("one_vs_rest", OutputRole.Probability)]
    [InlineData("two_heads", OutputRole.Unknown)]
    [InlineData("sigmoids_label", OutputRole.Probability)]
    [InlineData("scores_label", OutputRole.Score)]
    [InlineData("numbered", OutputRole.Probability, "3", "7", "9")]
    [InlineData("encoded", OutputRole.Probability, "nought", "one", "two")]
    [InlineData("mlnet_margin", OutputRole.Score)]
    [InlineData("mlnet_odd_label", OutputRole.Unknown)]
    public void The_role_and_the_class_texts_are_those_of_the_tail(string name, OutputRole role, params string[] labels)
    {
        Graph graph = ModelImporter.Import(Source(name));
        Assert.Equal([role], graph.Metadata.OutputRoles);
        Assert.Equal(labels, graph.Metadata.Labels);
        Assert.Equal(name == "mlnet_margin" ? MathF.BitIncrement(0.25f) : role == OutputRole.Score ? 0f : null, graph.Metadata.Threshold);
    }

    [Fact]
    public void A_label_of_the_smallest_value_makes_no_scores_of_distances()
    {
        Graph graph = ModelImporter.Import(Source("distances_label"));
        Assert.Equal([OutputRole.Label, OutputRole.Unknown], graph.Metadata.OutputRoles);
    }

    [Theory]
    [InlineData("sigmoids")]
    [InlineData("two_heads")]
    public void Several_sigmoids_mean_what_the_caller_says(string name)
    {
        Graph graph = ModelImporter.Import(Source(name));
        Assert.Contains(graph.Metadata.Notes, note => note.Contains("any number of labels", StringComparison.Ordinal) && note.Contains("--head probability", StringComparison.Ordinal));
        foreach (string head in (string[])["logits", "scores"])
        {
            Assert.Contains("--head probability", Assert.Throws<InputException>(() => OutputMeaning.Apply(graph, head)).Message, StringComparison.Ordinal);
        }

        OutputMeaning.Apply(graph, "value");
        Assert.Equal([OutputRole.Value], graph.Metadata.OutputRoles);
    }

    private static string Source(string name) => Path.Combine(AppContext.BaseDirectory, "TestData", "import", $"mean_{name}.onnx");
}
