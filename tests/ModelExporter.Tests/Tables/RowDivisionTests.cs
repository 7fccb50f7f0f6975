using System.Globalization;
using EdgeInference.ModelConverter.Data;

namespace EdgeInference.Tool.Tests.Tables;

/// <summary>The columns of --time and --group, and dates that are features: exact, in one order, and never of two meanings.</summary>
public sealed class RowDivisionTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-order-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // Seven milliseconds to a minute apart: float32 makes one number of all of them.
    [Theory]
    [InlineData("1700000000000,1700000000007,1700000000014,1700000000021")]
    [InlineData("1700000000.1,1700000000.2,1700000000.3,1700000000.4")]
    [InlineData("1700000000000000001,1700000000000000002,1700000000000000003,1700000000000000004")]
    [InlineData("2024-01-03 07:30,2024-01-03 07:31,2024-01-03 07:32,2024-01-03 07:33")]
    [InlineData("2024-01-03T07:30:00.000000001,2024-01-03T07:30:00.000000002,2024-01-03T07:30:00.000000003,2024-01-03T07:30:00.000000004")]
    [InlineData("9/1/2024,9/2/2024,9/3/2024,9/13/2024")]
    public void Times_are_ordered_exactly(string times)
    {
        string[] all = times.Split(',');
        LabelledTable table = Train($"t,a,y\n{all[3]},1.5,0\n{all[0]},2.5,1\n{all[2]},3.5,0\n{all[1]},4.5,1\n{all[2]},5.5,1\n", new ColumnChoice { Time = "t" });
        Assert.Equal([3, 0, 2, 1, 2], table.Times!);
        Assert.Equal(["a"], table.Names);
    }

    [Theory]
    [InlineData("5,2024-01-03,6", "has a number, '5' in line 2, and a date, '2024-01-03' in line 3")]
    [InlineData("5,,6", "line 3, column 't': the cell is empty, and rows are ordered by it")]
    [InlineData("5,soon,6", "line 3, column 't': 'soon' is neither a number nor a date")]
    [InlineData("1/2/2024,3/4/2024,5/6/2024", "'1/2/2024' does not tell which number is the day")]
    [InlineData("13/2/2024,3/14/2024,5/6/2024", "with the day first and with the month first")]
    public void Times_without_a_common_order_are_refused(string times, string reason)
    {
        string[] all = times.Split(',');
        string csv = $"t,a,y\n{all[0]},1.5,0\n{all[1]},2.5,1\n{all[2]},3.5,0\n";
        Assert.Contains(reason, Assert.Throws<InputException>(() => Train(csv, new ColumnChoice { Time = "t" })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9/1/2024,9/13/2024", "'when' (the month first)", 19967, 19979)]
    [InlineData("9/1/2024,13/1/2024 12:00", "'when' (the day first)", 19731, 19735.5)]
    [InlineData("2024-09-01,2024-09-13", "'when' are", 19967, 19979)]
    public void A_date_as_a_number_is_its_days_in_the_order_that_its_column_shows(string dates, string said, float first, float second)
    {
        string[] all = dates.Split(',');
        var sentences = new List<string>();
        LabelledTable table = Notices.Collect(sentences, () => Train($"when,y\n{all[0]},0\n{all[1]},1\n", new ColumnChoice { Numeric = ["when"] }));
        Assert.Equal([[first], [second]], table.Rows);
        Assert.Contains(sentences, sentence => sentence.Contains(said, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("9/1/2024,9/2/2024", "does not tell which number is the day")]
    [InlineData("2024-09-01,45000", "has 1 date and 1 number, which have no common meaning")]
    public void A_date_as_a_number_is_never_guessed(string dates, string reason)
    {
        string[] all = dates.Split(',');
        string csv = $"when,y\n{all[0]},0\n{all[1]},1\n";
        Assert.Contains(reason, Assert.Throws<InputException>(() => Train(csv, new ColumnChoice { Numeric = ["when"] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_are_no_features_and_may_be_many()
    {
        string csv = "who,a,y\n" + string.Concat(Enumerable.Range(0, 4000).Select(i => string.Create(CultureInfo.InvariantCulture, $"m{i % 2000},{i % 7}.5,{i % 2}\n")));
        var sentences = new List<string>();
        LabelledTable table = Notices.Collect(sentences, () => Train(csv, new ColumnChoice { Group = "who" }));
        Assert.Equal(2000, table.Groups!.Distinct().Count());
        Assert.Equal(table.Groups![3], table.Groups[2003]);
        Assert.Equal(["a"], table.Names);
        Assert.Empty(sentences);
        Assert.Equal([0, 0, 1], Train("who,a,y\n7,1,0\n7.0,2,1\nx,3,1\n", new ColumnChoice { Group = "who" }).Groups!);
        Assert.Contains("line 3, column 'who': the cell is empty, and rows are divided by it", Assert.Throws<InputException>(() => Train("who,a,y\n7,1,0\n,2,1\n", new ColumnChoice { Group = "who" })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--group", "g", "a,g,y\n", "{a},g{c},{c}\n", "is in one group only, or another class is")]
    [InlineData("--time", "t", "a,t,y\n", "{a},{i},{l}\n", "The class '1' comes so late")]
    [InlineData("--time", "t", "a,t,y\n", "{a},7,{c}\n", "All rows are of one time")]
    public void Parts_that_cannot_be_learned_from_are_refused_in_words(string option, string column, string header, string row, string reason)
    {
        string csv = Write(header + string.Concat(Enumerable.Range(0, 120).Select(i => row.Replace("{a}", $"{i * 7 % 11}.5", StringComparison.Ordinal).Replace("{i}", $"{i}", StringComparison.Ordinal).Replace("{c}", $"{i % 2}", StringComparison.Ordinal).Replace("{l}", i > 110 ? "1" : "0", StringComparison.Ordinal))));
        (int exitCode, string error) = CommandLine.Run(out _, "train", csv, "--label", "y", option, column, "--learner", "logistic", "-o", Path.Combine(folder, "m.edge"));
        Assert.Equal(1, exitCode);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_before_which_a_class_is_missing_are_not_judged_and_that_is_said()
    {
        string csv = Write("a,t,y\n" + string.Concat(Enumerable.Range(0, 240).Select(i => $"{i * 7 % 11}.5,{i},{(i > 100 && i * 7 % 11 > 5 ? 1 : 0)}\n")));
        (int exitCode, string error) = CommandLine.Run(out string text, "train", csv, "--label", "y", "--time", "t", "--learner", "logistic", "-o", Path.Combine(folder, "m.edge"));
        Assert.True(exitCode == 0, error);
        Assert.Contains("2 of 5 parts of the rows are not judged: before them there is no row of '1' to learn from.", error, StringComparison.Ordinal);
        Assert.Contains("(3 folds)", text, StringComparison.Ordinal);
    }

    private LabelledTable Train(string csv, ColumnChoice choice) => TrainingTable.Read(Write(csv), "y", null, choice);

    private string Write(string text)
    {
        string path = Path.Combine(folder, "t.csv");
        File.WriteAllText(path, text);
        return path;
    }
}
