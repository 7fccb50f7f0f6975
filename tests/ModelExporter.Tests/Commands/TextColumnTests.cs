using EdgeInference.Tool.Tests.Import.Keras;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>A model of another tool that takes text: its columns are read from a table by name, and a text is what the model says.</summary>
public sealed class TextColumnTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-texts-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("float32")]
    [InlineData("int8")]
    [InlineData("int16")]
    [InlineData("auto")]
    public void A_text_column_is_read_in_every_precision(string precision)
    {
        string source = Path.Combine(folder, "m.keras");
        File.WriteAllBytes(source, new KerasArchiveBuilder()
            .Functional("""[["colour", 0, 0], ["age", 0, 0]]""", """[["last", 0, 0]]""")
            .Layer("InputLayer", "colour", """{"batch_shape": [null, 1], "dtype": "string"}""", "[]")
            .Layer("InputLayer", "age", """{"batch_shape": [null, 1]}""", "[]")
            .Layer("StringLookup", "look", """{"vocabulary": ["red", "blue"], "output_mode": "one_hot"}""", """[[["colour", 0, 0, {}]]]""")
            .Layer("Discretization", "bin", """{"bin_boundaries": [18.0, 65.0]}""", """[[["age", 0, 0, {}]]]""")
            .Layer("Concatenate", "all", """{"axis": -1}""", """[[["look", 0, 0, {}], ["bin", 0, 0, {}]]]""")
            .Layer("Dense", "last", """{"units": 1, "activation": "sigmoid"}""", """[[["all", 0, 0, {}]]]""")
            .Weights("dense", new float[,] { { -2 }, { 1 }, { 3 }, { -1 } }, new float[] { 0.5f })
            .Build());
        string rows = Write("rows.csv", "age,colour\n17,red\n18,blue\n70,pink\n40,red\n1,blue\n99,green\n");
        string model = Path.Combine(folder, "m.edge");
        Done(out _, ["export", source, "-o", model, .. precision == "float32" ? (string[])[] : ["--precision", precision, "--calibrate", rows]]);
        Done(out string text, "run", model, "-i", rows);
        float[] logits = [1.5f, 2.5f, -3.5f, 0.5f, 3.5f, -3.5f];
        float[] expected = Array.ConvertAll(logits, logit => 1 / (1 + MathF.Exp(-logit)));
        string[] lines = [.. text.Split('\n').Where(line => line.Length > 0)];
        float[] actual = [.. lines[^6..].Select(line => float.Parse(line.Split(',', ' ')[^1], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, precision == "float32" ? 1e-5f : 0.02f));
    }

    private string Write(string name, string content)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    private static void Done(out string text, params string[] args)
    {
        (int exitCode, string error) = CommandLine.Run(out text, args);
        Assert.True(exitCode == 0, error);
    }
}
