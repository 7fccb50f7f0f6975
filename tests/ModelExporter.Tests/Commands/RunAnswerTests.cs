using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using EdgeInference.ModelConverter.Data;
using EdgeInference.Runtime;
using EdgeInference.Tool.Commands;
using EdgeInference.Tool.Tests.Commands.Options;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary><c>edge run</c> as a stranger uses it: what it prints, what it writes, and what it says of a file that holds no rows.</summary>
public sealed class RunAnswerTests(OptionBench bench) : IClassFixture<OptionBench>
{
    private static readonly string data = Path.Combine(AppContext.BaseDirectory, "data");

    public static TheoryData<string> Models => ["plain", "threshold", "calibrated", "abstains", "int8", "ten classes"];

    [Theory]
    [MemberData(nameof(Models))]
    public void The_decision_text_and_probability_of_a_row_are_those_of_the_Classifier(string kind)
    {
        (string model, string csv, string label) = Model(kind);
        using var classifier = Classifier.Open(model);
        IReadOnlyList<float[]> rows;
        using (EdgeModel edge = EdgeModel.Load(model))
        {
            rows = SampleReader.Read(csv, edge, label);
        }

        (int exitCode, string error) = CommandLine.Run(out string text, "run", model, "-i", csv, "--label", label);
        Assert.True(exitCode == 0, error);
        string[] lines = text.TrimEnd().Split('\n');
        Assert.StartsWith(classifier.ClassCount == 2 ? $"decision,class,probability of {classifier.ClassText(1)}," : "decision,class,probability,", lines[0], StringComparison.Ordinal);
        Assert.Equal(rows.Count, lines.Length - 1);
        int undecided = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            Decision decision = classifier.Classify(rows[i]);
            undecided += decision.IsAbstained ? 1 : 0;
            string[] cells = lines[i + 1].Split(',');
            Assert.Equal(
                (decision.ClassIndex, decision.ClassText, decision.Probability),
                (int.Parse(cells[0], CultureInfo.InvariantCulture), cells[1], float.Parse(cells[2], CultureInfo.InvariantCulture)));
        }

        Assert.Equal(kind == "abstains", undecided > 0);
        Assert.Equal(undecided > 0, error.Contains($"{undecided} of {rows.Count} rows have no decision (-1): the model abstains from ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_named_json_holds_JSON_and_an_option_prints_it()
    {
        string path = bench.New(".json");
        Assert.Equal("", OptionBench.Done("run", bench.Model, "-i", bench.Test, "--label", "y", "-o", path));
        string printed = OptionBench.Done("run", bench.Model, "-i", bench.Test, "--label", "y", "--json");
        Assert.Equal(File.ReadAllText(path), printed);
        JsonElement[] rows = [.. JsonDocument.Parse(printed).RootElement.EnumerateArray()];
        string[] lines = OptionBench.Done("run", bench.Model, "-i", bench.Test, "--label", "y").TrimEnd().Split('\n');
        Assert.Equal(90, rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.Equal(i + 1, rows[i].GetProperty("row").GetInt32());
            Assert.Equal(("1", "decided"), (rows[i].GetProperty("probability_of").GetString(), rows[i].GetProperty("reason").GetString()));
            Assert.Equal(lines[i + 1], $"{rows[i].GetProperty("decision")},{rows[i].GetProperty("class")},{rows[i].GetProperty("probability")},{rows[i].GetProperty("outputs")[0]}");
        }
    }

    [Fact]
    public void A_model_that_decides_nothing_has_its_outputs_alone_by_their_names()
    {
        string model = bench.InFolder("level.edge");
        string source = bench.InFolder("level.safetensors");
        File.WriteAllBytes(source, new Import.Weights.SafetensorsBuilder().Add("fc.weight", [1, 4], [1f, 2f, 3f, 4f]).Add("fc.bias", [1], [0.5f]).Build());
        string layers = bench.Write("level.json", """{"input": [4], "layers": [{"type": "Linear", "name": "fc"}]}""");
        OptionBench.Done("export", source, "--layers", layers, "-o", model, "--head", "value");
        string text = OptionBench.Done("run", model, "-i", bench.Test, "--label", "y");
        Assert.DoesNotContain(",", text, StringComparison.Ordinal);
        Assert.Equal(OptionBench.Outputs(File.ReadAllBytes(model), OptionBench.Read(bench.Test).Rows), OptionBench.Numbers(text));
        JsonElement row = OptionBench.Json("run", model, "-i", bench.Test, "--label", "y")[0];
        Assert.Equal(["row", "outputs"], row.EnumerateObject().Select(property => property.Name));
    }

    [Theory]
    [InlineData(".npz")]
    [InlineData(".png")]
    [InlineData(".xlsx")]
    [InlineData(".parquet")]
    public void An_output_of_another_kind_is_refused_before_anything_is_written(string ending)
    {
        string path = bench.New(ending);
        Assert.Equal($"'{path}' has the ending '{ending}', which 'edge run' does not write; name a .csv, .json or .npy.", OptionBench.Refused("run", bench.Model, "-i", bench.Test, "-o", path).TrimEnd());
        Assert.False(File.Exists(path));
        Assert.Contains("--json writes JSON", OptionBench.Misused("run", bench.Model, "-i", bench.Test, "-o", bench.New(".csv"), "--json"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x.npz", "a NumPy archive; save the array that holds the rows with numpy.save and give that .npy.")]
    [InlineData("x.npy", "a NumPy archive; save the array that holds the rows with numpy.save and give that .npy.")]
    [InlineData("x.xlsx", "a spreadsheet; save its sheet as CSV and give that.")]
    [InlineData("x.png", "a PNG image; write its pixels, as the model takes them, with numpy.save and give that .npy.")]
    [InlineData("x.jpg", "a JPEG image; write its pixels, as the model takes them, with numpy.save and give that .npy.")]
    [InlineData("x.bmp", "a BMP image; write its pixels, as the model takes them, with numpy.save and give that .npy.")]
    [InlineData("x.csv.gz", "compressed with gzip; unpack it first.")]
    [InlineData("x.parquet", "a Parquet file; write it as CSV and give that.")]
    [InlineData("x.edge", "an .edge model; give rows as CSV.")]
    public void Rows_that_are_none_are_refused_by_what_they_are(string name, string expected)
    {
        string path = bench.InFolder(name);
        File.WriteAllBytes(path, Content(name, expected));
        foreach (string[] line in (string[][])[["run", bench.Model, "-i", path], ["bench", bench.Model, "-i", path], ["export", bench.Net, "-o", bench.New(), "-p", "int8", "-c", path]])
        {
            Assert.Equal($"'{path}' is {expected}", OptionBench.Refused(line).TrimEnd());
        }

        // A table with labels is CSV and nothing else.
        Assert.StartsWith($"'{path}' is {expected.Split(';')[0]}; ", OptionBench.Refused("evaluate", bench.Model, "-d", path, "-l", "y"), StringComparison.Ordinal);
        Assert.DoesNotContain(".npy.", OptionBench.Refused("train", path, "-l", "y", "-o", bench.New())[path.Length..], StringComparison.Ordinal);
    }

    // Letters that a table may begin with too.
    [Theory]
    [InlineData("BMI,b,c,d\n1,2,3,4\n")]
    [InlineData("PAR1,b,c,d\n1,2,3,4\n")]
    [InlineData("PK,b,c,d\n1,2,3,4\n")]
    public void A_table_that_begins_like_another_kind_is_read(string csv)
    {
        string path = bench.Write("letters.csv", csv.Replace(csv.Split(',')[0], "a", StringComparison.Ordinal));
        string odd = bench.Write("odd.csv", csv);
        Assert.Contains("no column 'a'", OptionBench.Refused("run", bench.Model, "-i", odd), StringComparison.Ordinal);
        OptionBench.Done("run", bench.Model, "-i", path);
    }

    [Fact]
    public void A_missing_value_in_an_array_is_refused_in_the_words_of_a_table()
    {
        string array = bench.InFolder("gap.npy");
        File.WriteAllBytes(array, NpyFile.Write([2, 4], [1f, 2f, 3f, 4f, 5f, float.NaN, 7f, 8f]));
        string csv = bench.Write("gap.csv", "a,b,c,d,y\n1,2,3,4,0\n5,nan,7,8,1\n");
        const string Said = "column 'b': 'nan' is not a finite number but a missing value, and the model does not define what a missing value means; fill it in or delete the ";
        Assert.Equal($"'{array}', row 2, {Said}row.", OptionBench.Refused("run", bench.Model, "-i", array).TrimEnd());
        Assert.Equal($"'{csv}', line 3, {Said}line.", OptionBench.Refused("run", bench.Model, "-i", csv, "--label", "y").TrimEnd());
        Assert.Equal($"'{csv}', line 3, {Said}line.", OptionBench.Refused("evaluate", bench.Model, "-d", csv, "--label", "y").TrimEnd());

        File.WriteAllBytes(array, NpyFile.Write([2, 4], [1f, 2f, 3f, 4f, 5f, float.NegativeInfinity, 7f, float.NaN]));
        Assert.Contains("has 2 problems: row 2, column 'b': '-inf' is not a finite number; row 2, column 'd': 'nan' is not", OptionBench.Refused("run", bench.Model, "-i", array), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_value_that_a_model_defines_is_decided_alike_in_an_array_and_a_table()
    {
        string gaps = bench.Write("gaps.csv", "a,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{(i % 6 == 5 ? "" : $"{i % 10}.5")},{(i % 10 < 5 ? 0 : 1)}\n")));
        string model = bench.New();
        OptionBench.Done("train", gaps, "--label", "y", "-o", model, "--learner", "logistic");
        string array = bench.InFolder("gaps.npy");
        File.WriteAllBytes(array, NpyFile.Write([60, 1], [.. Enumerable.Range(0, 60).Select(i => i % 6 == 5 ? float.NaN : (i % 10) + 0.5f)]));
        string text = OptionBench.Done("run", model, "-i", gaps, "--label", "y");
        Assert.Equal(text, OptionBench.Done("run", model, "-i", array));
        int[] decided = [.. text.TrimEnd().Split('\n').Skip(1).Select(line => int.Parse(line.Split(',')[0], CultureInfo.InvariantCulture))];
        double accuracy = OptionBench.Json("evaluate", model, "-d", gaps, "-l", "y").GetProperty("accuracy").GetDouble();
        Assert.Equal(accuracy, decided.Where((label, i) => label == (i % 10 < 5 ? 0 : 1)).Count() / 60.0, 1e-12);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rows_come_from_a_pipe_and_answers_go_into_one(bool isArray)
    {
        float[][] rows = OptionBench.Read(bench.Test).Rows;
        byte[] input = isArray ? NpyFile.Write([rows.Length, 4], [.. rows.SelectMany(row => row)]) : Encoding.UTF8.GetBytes("a,b,c,d\n" + string.Concat(rows.Select(row => string.Join(',', row.Select(value => value.ToString("R", CultureInfo.InvariantCulture))) + "\n")));
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [typeof(EdgeCommand).Assembly.Location, "run", bench.Model, "-i", "-", "-o", "-"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await process.StandardInput.BaseStream.WriteAsync(input, TestContext.Current.CancellationToken);
        process.StandardInput.Close();
        string text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Equal(OptionBench.Done("run", bench.Model, "-i", bench.Test, "--label", "y"), text);
    }

    private (string Model, string Csv, string Label) Model(string kind)
    {
        if (kind == "ten classes")
        {
            string digits = bench.New();
            OptionBench.Done("export", Path.Combine(data, "digits_mlp.onnx"), "-o", digits);
            return (digits, Path.Combine(data, "digits.test.csv"), "digit");
        }

        string[] options = kind switch
        {
            "threshold" => ["--threshold", "0.9"],
            "calibrated" => ["--calibrate-probability", "Platt", "--data", bench.Test],
            "abstains" => ["--abstain-below", "0.99", "--data", bench.Test],
            "int8" => ["--precision", "int8"],
            _ => [],
        };
        return (bench.Save(bench.TrainWith(options)), bench.Test, "y");
    }

    private static byte[] Content(string name, string what)
    {
        if (what.Contains("NumPy", StringComparison.Ordinal) || what.Contains("spreadsheet", StringComparison.Ordinal))
        {
            using var bytes = new MemoryStream();
            using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            {
                using Stream entry = archive.CreateEntry(what.Contains("NumPy", StringComparison.Ordinal) ? "arr_0.npy" : "[Content_Types].xml").Open();
                entry.Write(NpyFile.Write([1, 4], [1, 2, 3, 4]));
            }

            return bytes.ToArray();
        }

        return Path.GetExtension(name) switch
        {
            ".png" => [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, 0, 0, 0, 13],
            ".jpg" => [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF\0"u8],
            ".bmp" => [.. "BM"u8, 70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0],
            ".gz" => [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3],
            ".parquet" => [.. "PAR1"u8, 0x15, 0x04, 0x15],
            _ => [.. "EDGE"u8, 3, 0, 0, 0],
        };
    }
}
