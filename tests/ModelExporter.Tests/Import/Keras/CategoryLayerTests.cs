using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Tests.Import.Keras;

/// <summary>Lookups, encodings and bins against Keras' documented definitions.</summary>
public sealed class CategoryLayerTests
{
    private const string Numbers = """{"batch_shape": [null, 2]}""";

    // Unknown words have the first position, or the second where a mask has the first.
    [Theory]
    [InlineData("""{"vocabulary": ["a", "b", "c"]}""", "a b c ?", new[] { 1f, 2, 3, 0 })]
    [InlineData("""{"vocabulary": ["[UNK]", "a", "b"], "num_oov_indices": 1, "oov_token": "[UNK]"}""", "a b ?", new[] { 1f, 2, 0 })]
    [InlineData("""{"vocabulary": ["a", "b"], "mask_token": ""}""", "a b  ?", new[] { 2f, 3, 0, 1 })]
    [InlineData("""{"vocabulary": ["m", "[UNK]", "a", "b"], "mask_token": "m"}""", "a b m ?", new[] { 2f, 3, 0, 1 })]
    [InlineData("""{"vocabulary": ["a", "b"], "num_oov_indices": 0}""", "a b ?", new[] { 0f, 1, float.NaN })]
    [InlineData("""{"vocabulary": ["a", "b"], "num_oov_indices": 0, "mask_token": "m"}""", "a b m ?", new[] { 1f, 2, 0, float.NaN })]
    public void A_text_has_a_position(string settings, string words, float[] expected)
    {
        Graph graph = Text(1, ("StringLookup", settings));
        IReadOnlyList<string> known = graph.Metadata.InputCategories.Single();
        string[] asked = words.Split(' ');
        for (int i = 0; i < asked.Length; i++)
        {
            Assert.Equal(expected[i], KerasArrays.Run(graph, [Code(known, asked[i])]).Single());
        }
    }

    [Fact]
    public void Texts_of_several_places_each_have_a_list()
    {
        Graph graph = Text(2, ("StringLookup", """{"vocabulary": ["a", "b"], "output_mode": "multi_hot"}"""));
        Assert.Equal([["a", "b"], ["a", "b"]], graph.Metadata.InputCategories);
        Assert.Equal([0f, 1, 1], KerasArrays.Run(graph, [0, 1]));
        Assert.Equal([1f, 0, 1], KerasArrays.Run(graph, [1, 2]));
        Assert.Equal([0f, 1, 0], KerasArrays.Run(graph, [0, 0]));
        Graph counts = Text(2, ("StringLookup", """{"vocabulary": ["a", "b"], "output_mode": "count", "max_tokens": 4, "pad_to_max_tokens": true}"""));
        Assert.Equal([0f, 2, 0, 0], KerasArrays.Run(counts, [0, 0]));
        Graph one = Text(2, ("StringLookup", """{"vocabulary": ["a", "b"], "output_mode": "one_hot"}"""));
        Assert.Equal([1, 2, 3], one.Outputs.Single().Shape);
        Assert.Equal([0f, 0, 1, 1, 0, 0], KerasArrays.Run(one, [1, 2]));
    }

    [Fact]
    public void Columns_become_codes_under_their_names()
    {
        Graph graph = new KerasArchiveBuilder()
            .Functional("""[["colour", 0, 0], ["age", 0, 0]]""", """[["all", 0, 0]]""")
            .Layer("InputLayer", "colour", """{"batch_shape": [null, 1], "dtype": "string"}""", "[]")
            .Layer("InputLayer", "age", """{"batch_shape": [null, 1], "dtype": "float32"}""", "[]")
            .Layer("StringLookup", "look", """{"vocabulary": ["red", "blue"], "output_mode": "int"}""", """[[["colour", 0, 0, {}]]]""")
            .Layer("CategoryEncoding", "hot", """{"num_tokens": 3, "output_mode": "one_hot"}""", """[[["look", 0, 0, {}]]]""")
            .Layer("Discretization", "bin", """{"bin_boundaries": [18.0, 65.0]}""", """[[["age", 0, 0, {}]]]""")
            .Layer("Concatenate", "all", """{"axis": -1}""", """[[["hot", 0, 0, {}], ["bin", 0, 0, {}]]]""")
            .Import();
        Assert.Equal(["colour", "age"], graph.Metadata.InputNames);
        Assert.Equal([["red", "blue"], []], graph.Metadata.InputCategories);
        Assert.Equal([0f, 1, 0, 1], KerasArrays.Run(graph, [0, 18]));
        Assert.Equal([0f, 0, 1, 0], KerasArrays.Run(graph, [1, 17.999f]));
        Assert.Equal([1f, 0, 0, 2], KerasArrays.Run(graph, [2, 65]));
    }

    [Theory]
    [InlineData("""{"vocabulary": [10, -3, 11]}""", new[] { 10f, 11, -3, 12, 9, -2, 0, -1 }, new[] { 1f, 3, 2, 0, 0, 0, 0, 0 })]
    [InlineData("""{"vocabulary": [-1, 10, 20]}""", new[] { 10f, 20, -1 }, new[] { 1f, 2, 0 })]
    [InlineData("""{"vocabulary": [10, 20], "mask_token": 0}""", new[] { 10f, 20, 0, 7 }, new[] { 2f, 3, 0, 1 })]
    [InlineData("""{"vocabulary": [10, 20], "num_oov_indices": 0}""", new[] { 10f, 20, 7 }, new[] { 0f, 1, float.NaN })]
    public void An_integer_has_a_position(string settings, float[] asked, float[] expected)
    {
        Graph graph = Table("IntegerLookup", settings);
        for (int i = 0; i < asked.Length; i++)
        {
            Assert.Equal([expected[i], expected[0]], KerasArrays.Run(graph, [asked[i], asked[0]]));
        }
    }

    // Bins are closed on the left.
    [Fact]
    public void A_boundary_begins_its_bin()
    {
        Graph graph = Table("Discretization", """{"bin_boundaries": [-1.0, 0.0, 2.5]}""");
        Assert.Equal([0f, 1], KerasArrays.Run(graph, [MathF.BitDecrement(-1f), -1]));
        Assert.Equal([2f, 2], KerasArrays.Run(graph, [0, -0f]));
        Assert.Equal([3f, 2], KerasArrays.Run(graph, [2.5f, MathF.BitDecrement(2.5f)]));
        Assert.Equal([3f, 0], KerasArrays.Run(graph, [float.PositiveInfinity, float.NegativeInfinity]));
        Graph hot = Table("Discretization", """{"bin_boundaries": [0.0, 1.0], "output_mode": "count"}""");
        Assert.Equal([1f, 0, 1], KerasArrays.Run(hot, [-1, 1]));
        Graph one = Table("Discretization", """{"bin_boundaries": [0.0], "output_mode": "one_hot"}""");
        Assert.Equal([1f, 0, 0, 1], KerasArrays.Run(one, [-1, 0]));
    }

    [Theory]
    [InlineData("one_hot", new[] { 0f, 1, 0, 0, 0, 1 })]
    [InlineData("multi_hot", new[] { 0f, 1, 1 })]
    [InlineData("count", new[] { 0f, 1, 1 })]
    public void Numbers_are_encoded(string mode, float[] expected)
    {
        Graph graph = Table("CategoryEncoding", $$"""{"num_tokens": 3, "output_mode": "{{mode}}"}""");
        Assert.Equal(expected, KerasArrays.Run(graph, [1, 2]));
        Assert.Contains(graph.Nodes, node => node.Opcode == Opcode.FeatureTransform);
        Assert.Equal([0f, 2, 0], KerasArrays.Run(Table("CategoryEncoding", """{"num_tokens": 3, "output_mode": "count"}"""), [1, 1]));
        Assert.Equal([0f, 1, 0], KerasArrays.Run(Table("CategoryEncoding", """{"num_tokens": 3}"""), [1, 1]));
    }

    [Theory]
    [InlineData("StringLookup", """{"vocabulary": null}""", "has no vocabulary in its settings", true)]
    [InlineData("StringLookup", """{"vocabulary": []}""", "has an empty vocabulary", true)]
    [InlineData("StringLookup", """{"vocabulary": ["[UNK]"]}""", "has an empty vocabulary", true)]
    [InlineData("StringLookup", """{"vocabulary": ["a"], "num_oov_indices": 2}""", "over 2 positions by a hash", true)]
    [InlineData("StringLookup", """{"vocabulary": ["a"], "invert": true}""", "expected invert = False", true)]
    [InlineData("StringLookup", """{"vocabulary": ["a"], "output_mode": "tf_idf"}""", "has output_mode 'tf_idf'", true)]
    [InlineData("StringLookup", """{"vocabulary": ["a"], "output_mode": "one_hot", "mask_token": "m"}""", "has a mask_token and output_mode 'one_hot'", true)]
    [InlineData("StringLookup", """{"vocabulary": ["a"]}""", "its input is not text", false)]
    [InlineData("Dense", """{"units": 2}""", "takes text, which is not supported", true)]
    [InlineData("Identity", "{}", "is text, and no StringLookup says which", true)]
    [InlineData("IntegerLookup", """{"vocabulary": [16777216]}""", "has the category 16777216", false)]
    [InlineData("Discretization", """{"bin_boundaries": null, "num_bins": 4}""", "has no bin_boundaries in its settings", false)]
    [InlineData("Discretization", """{"bin_boundaries": [1.0, 0.0]}""", "do not ascend", false)]
    [InlineData("CategoryEncoding", "{}", "is missing num_tokens", false)]
    [InlineData("CategoryEncoding", """{"num_tokens": 3, "output_mode": "other"}""", "has output_mode 'other'", false)]
    public void What_cannot_be_read_is_refused(string kind, string settings, string problem, bool isText)
    {
        InputException exception = Assert.Throws<InputException>(() => isText ? Text(1, (kind, settings)) : Table(kind, settings));
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    private static Graph Table(string kind, string settings) => new KerasArchiveBuilder().Layer("InputLayer", "x", Numbers).Layer(kind, "layer", settings).Import();

    private static Graph Text(int places, params (string Kind, string Settings)[] layers)
    {
        KerasArchiveBuilder builder = new KerasArchiveBuilder().Layer("InputLayer", "x", $$"""{"batch_shape": [null, {{places}}], "dtype": "string"}""");
        foreach ((string kind, string settings) in layers)
        {
            builder.Layer(kind, "layer", settings);
        }

        return builder.Import();
    }

    private static float Code(IReadOnlyList<string> known, string word) => known.Contains(word, StringComparer.Ordinal) ? known.ToList().IndexOf(word) : known.Count;
}
