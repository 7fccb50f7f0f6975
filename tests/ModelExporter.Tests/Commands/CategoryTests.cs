using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Training;
using EdgeInference.Runtime;
using EdgeInference.Tool.Tests.Commands.Options;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>Categories stand in the model file, and commands read texts by them; engines see numbers.</summary>
public sealed class CategoryTests(OptionBench bench) : IClassFixture<OptionBench>
{
    private static readonly string[][] categories = [[], ["blue", "dark red", "Labels"], [], ["1", "2"]];

    [Fact]
    public void Texts_are_read_as_their_codes_and_unknown_ones_are_said()
    {
        string model = Model();
        float[][] expected = OptionBench.Outputs(File.ReadAllBytes(model), [[1, 1, 3, 1], [2, 0, 3, 0], [3, 3, 3, 2]]);
        string csv = bench.Write("texts.csv", "d,a,b,c\n2.0,1,dark red,3\n1,2,blue,3\n7,3,green,3\n");
        (int exitCode, string error) = CommandLine.Run(out string text, "run", model, "-i", csv);
        Assert.Equal(0, exitCode);
        Assert.Equal(expected, OptionBench.Numbers(text));
        Assert.Contains("1 cell of column 'b' is none of the model's categories ('blue', 'dark red', 'Labels') and read as unknown, the first 'green' in line 4.", error, StringComparison.Ordinal);
        Assert.Contains("1 cell of column 'd' is none of the model's categories ('1', '2')", error, StringComparison.Ordinal);
        Assert.Contains("line 2, column 'b': the cell is empty, and the model does not define", OptionBench.Refused("run", model, "-i", bench.Write("gap.csv", "a,b,c,d\n1,,3,1\n")), StringComparison.Ordinal);

        // A label beside them.
        string labelled = bench.Write("labelled.csv", "a,b,c,d,y\n1,dark red,3,2,0\n2,blue,3,1,1\n");
        Assert.Equal(2, OptionBench.Json("evaluate", model, "-d", labelled, "-l", "y").GetProperty("rows").GetInt32());
        string report = bench.New(".html");
        OptionBench.Done("report", model, "-d", labelled, "-l", "y", "-o", report, "--no-timings");
    }

    [Fact]
    public void Inspect_shows_them()
    {
        string model = Model();
        Assert.Contains("'b': 0 'blue', 1 'dark red', 2 'Labels'", OptionBench.Done("inspect", model), StringComparison.Ordinal);
        Assert.Equal("dark red", OptionBench.Json("inspect", model).GetProperty("contract").GetProperty("categories")[1][1].GetString());
    }

    [Fact]
    public void Emitted_code_has_a_constant_for_each_and_one_for_any_other_text()
    {
        foreach (string form in new[] { "code", "table" })
        {
            string path = bench.New(".cs");
            OptionBench.Done("emit", Model(), "-o", path, "--class", "BBlue", "--form", form);
            string code = File.ReadAllText(path);
            Assert.Contains("public const int BBlue_0 = 0;", code, StringComparison.Ordinal); // the class itself is BBlue
            Assert.Contains("public const int BDarkRed = 1;", code, StringComparison.Ordinal);
            Assert.Contains("public const int BLabels = 2;", code, StringComparison.Ordinal);
            Assert.Contains("public const int BUnknown = 3;", code, StringComparison.Ordinal);
            Assert.Contains("public const int D1 = 0;", code, StringComparison.Ordinal);
            Assert.Contains("for 'dark red'.", code, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_damaged_record_is_refused()
    {
        byte[][] damaged = [[4, 0, 1, 0, 1, 65], [0, 0, 0, 0], [0, 0, 2, 0, 1, 65], [0, 0, 2, 0, 1, 65, 1, 65], [0, 0, 1, 0, 9, 65], [0, 0, 1], [1, 0, 1, 0, 1, 65, 0, 0, 1, 0, 1, 65]];
        foreach (byte[] payload in damaged)
        {
            using EdgeModel model = Report.ReportCase.Identity(4, builder => builder.AddBytes(InputCategories.Key, payload));
            Assert.Contains("categories of the inputs", Assert.Throws<ModelFormatException>(() => ModelColumns.Of(model)).Message, StringComparison.Ordinal);
        }

        using EdgeModel good = Report.ReportCase.Identity(4, builder => builder.AddBytes(InputCategories.Key, [1, 0, 2, 0, 1, 65, 0, 3, 0, 1, 0, 1, 66]));
        Assert.Equal<IReadOnlyList<string>>([[], ["A", ""], [], ["B"]], ModelColumns.Of(good).Categories);
    }

    [Fact]
    public void Long_texts_are_kept_and_endless_ones_refused()
    {
        string text = new('ä', 200);
        using EdgeModel model = Report.ReportCase.Identity(1, builder => CategoryRecord.Add(builder, [[text, "b"]]));
        Assert.Equal([text, "b"], ModelColumns.Of(model).Categories.Single());
        Assert.Throws<InputException>(() => Report.ReportCase.Identity(1, builder => CategoryRecord.Add(builder, [[new string('x', 1 << 15)]])));
    }

    // A model of numbers whose columns b and d are said to hold codes.
    private string Model()
    {
        Graph graph = OptionBench.Graph(File.ReadAllBytes(bench.Model));
        graph.Metadata = graph.Metadata with { InputCategories = categories, Labels = ["0", "1"], OutputRoles = [OutputRole.Probability] };
        return bench.Save(ModelWriter.Write(graph));
    }
}
