using System.Globalization;
using System.Text;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.Tool.Tests.Tables;

/// <summary>Tables that spreadsheets, loggers and pandas write, and what no person could read in one way only.</summary>
public sealed class OddTableTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-odd-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Columns_without_a_name_beside_a_table_are_left_out()
    {
        LabelledTable table = Read("a,b,y,,\n1.5,2,0,,\n2.5,3,1,,\n", "y", out string said);
        Assert.Equal(["a", "b"], table.Names);
        Assert.Contains("columns without a name are called 'column 4', 'column 5'", said, StringComparison.Ordinal);
        Assert.Contains("left out: 'column 4' (no values), 'column 5' (no values)", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_that_counts_the_columns_is_a_header()
    {
        const string Rows = "1.5,2,3,1\n2.5,3,4,0\n";
        LabelledTable table = Read("0,1,2,3\n" + Rows, "3", out string said);
        Assert.Equal(["0", "1", "2"], table.Names);
        Assert.Equal(2, table.Rows.Count);
        Assert.Contains("the first row counts the columns from 0 on and is taken as their names", said, StringComparison.Ordinal);
        Assert.Equal(3, Read("1,2,3,4\n1,2,4,1\n1,2,5,4\n", "4", out said).Rows.Count); // nobody writes that but as data
        Assert.Equal(["0", "1", "2", "3"], CsvFile.Open(Write("0,1,2,3\n" + Rows)).Header); // as evaluate and run read it
        Assert.Equal(3, CsvTexts.Rows(CsvFile.Open(Write("0,1,2,3\n" + Rows), hasHeader: false)).Length);
        Assert.Equal(3, Read("0,1,2\n1.5,2,1\n2.5,3,1\n", "3", out said).Rows.Count); // three numbers may be data
    }

    [Theory]
    [InlineData("# pump log, v2\n# 2024\na,b,y\n1,2,0\n2,3,1\n", 3)]
    [InlineData("Pump log\n\na;b;y\n1;2;0\n2;3;1\n", 3)]
    public void A_title_before_the_header_is_pointed_at(string csv, int line) =>
        Assert.Contains($"has no column 'y' in its first line, but line {line} has it; delete the lines before it.", Assert.Throws<InputException>(() => TrainingTable.Read(Write(csv), "y")).Message, StringComparison.Ordinal);

    [Fact]
    public void Wide_spaces_and_the_minus_of_spreadsheets_are_read()
    {
        LabelledTable table = Read("a,y\n\u00a0\u22121.5\u00a0,0\n\u202f2.5\u3000,1\n\u22121e3,1\n", "y", out _);
        Assert.Equal([[-1.5f], [2.5f], [-1000f]], table.Rows);
        LabelledTable grouped = Read("a;y\n\u22121.234,5;0\n2.345.678,25;1\n", "y", out _);
        Assert.Equal([[-1234.5f], [2345678.25f]], grouped.Rows);
        Assert.Contains("'\u2212-5' is not a number", Assert.Throws<InputException>(() => TrainingTable.Read(Write("a,y\n1,0\n\u2212-5,1\n"), "y")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_among_texts_that_never_come_again_are_no_categories()
    {
        string csv = "a,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => string.Create(CultureInfo.InvariantCulture, $"{(i % 5 < 2 ? $"{i}.25" : $"\"1,{i % 3},2\"")},{i % 2}\n")));
        Assert.Contains("the column 'a' has 24 numbers, such as '0.25', and 36 other texts, such as '1,2,2'; correct the texts, or name the column with --ignore or --categorical.", Assert.Throws<InputException>(() => TrainingTable.Read(Write(csv), "y")).Message, StringComparison.Ordinal);
        Assert.True(Notices.Collect([], () => TrainingTable.Read(Write(csv), "y", null, new ColumnChoice { Categorical = ["a"] })).Categories[0].Count > 24);
    }

    [Theory]
    [InlineData("epoch", "identifier")]
    [InlineData("milliseconds", "identifier")]
    [InlineData("tiny", "varies by less than 1e-35 or more than 1e35: scale it")]
    [InlineData("huge", "varies by less than 1e-35 or more than 1e35: scale it")]
    public void Numbers_that_float32_cannot_tell_apart_are_left_out(string kind, string reason)
    {
        string Cell(int i) => kind switch { "epoch" => $"{1_700_000_000L + (7 * i)}", "milliseconds" => $"{1_700_000_000_000L + (7123L * i)}", "tiny" => $"{i % 9}e-44", _ => $"{(i % 2 == 0 ? "-" : "")}3e38" };
        LabelledTable table = Read("k,a,y\n" + string.Concat(Enumerable.Range(0, 90).Select(i => $"{Cell(i)},{i % 7}.5,{i / 45}\n")), "y", out string said);
        Assert.Equal(["a"], table.Names);
        Assert.Contains($"left out: 'k' ({reason})", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_that_names_rows_is_refused() =>
        Assert.Contains("the label 'y' has 40 different texts in 40 rows, such as 'n0', so it names rows and not classes", Assert.Throws<InputException>(() => TrainingTable.Read(Write("a,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i % 7}.5,n{i}\n"))), "y")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(70_000, 10, "The class 'aaaa")]
    [InlineData(10, 70_000, "The feature 'bbbb")]
    public void Endless_names_are_refused_in_words(int label, int feature, string reason)
    {
        string csv = Write($"{new string('b', feature)},y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i % 7}.5,{(i % 2 == 0 ? new string('a', label) : "c")}\n")));
        (int exitCode, string error) = CommandLine.Run(out _, "train", csv, "--label", "y", "--learner", "logistic", "-o", Path.Combine(folder, "m.edge"));
        Assert.Equal(1, exitCode);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.Contains("70000 bytes, but a model file holds 32767", error, StringComparison.Ordinal);
        Assert.True(error.Length < 1000, error);
    }

    [Fact]
    public void More_categories_than_a_file_holds_are_refused_in_words()
    {
        string[] texts = [.. Enumerable.Range(0, 70_000).Select(i => $"c{i}")];
        Assert.Contains("has 70000 categories; a model file holds at most 65535", Assert.Throws<InputException>(() => Report.ReportCase.Identity(1, builder => CategoryRecord.Add(builder, [texts]))).Message, StringComparison.Ordinal);
        string csv = Write("k,y\n" + string.Concat(Enumerable.Range(0, 70_000).Select(i => $"c{i % 35_000},{i % 2}\n")));
        Assert.Contains("the column 'k' has 35000 categories; at most 1000 are supported", Assert.Throws<InputException>(() => TrainingTable.Read(csv, "y", null, new ColumnChoice { Categorical = ["k"] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_files_of_one_split_hold_every_cell_as_it_was()
    {
        string csv = Write("\" a\",b,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"\" x{i} \",\"\t\u00a0{i}\",{i % 2}\n")));
        string name = Path.Combine(folder, "part");
        (int exitCode, string error) = CommandLine.Run(out _, "split", csv, "--label", "y", "-o", name);
        Assert.True(exitCode == 0, error);
        string[][] whole = CsvTexts.Rows(CsvFile.Open(csv));
        string[][] parts = [.. CsvTexts.Rows(CsvFile.Open(name + ".train.csv")), .. CsvTexts.Rows(CsvFile.Open(name + ".test.csv"))];
        Assert.Equal(whole.Select(row => string.Join('|', row)).Order(StringComparer.Ordinal), parts.Select(row => string.Join('|', row)).Order(StringComparer.Ordinal));
        Assert.Equal(" a", CsvFile.Open(name + ".test.csv").Header[0]);
        (exitCode, error) = CommandLine.Run(out _, "split", Write("g,y\n1,0\n,1\n2,0\n"), "--group", "g", "-o", name);
        Assert.Equal(1, exitCode);
        Assert.Contains("line 3, column 'g': the cell has no value, and rows are divided by it", error, StringComparison.Ordinal);
    }

    private LabelledTable Read(string csv, string label, out string said)
    {
        var sentences = new List<string>();
        LabelledTable table = Notices.Collect(sentences, () => TrainingTable.Read(Write(csv), label));
        said = string.Join('\n', sentences);
        return table;
    }

    private string Write(string text)
    {
        string path = Path.Combine(folder, "t.csv");
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes(text));
        return path;
    }
}
