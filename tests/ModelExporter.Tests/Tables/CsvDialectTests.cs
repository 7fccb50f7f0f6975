using System.Text;
using EdgeInference.ModelConverter.Data;

namespace EdgeInference.Tool.Tests.Tables;

/// <summary>How a file is written, found by looking: the table that a person reads in it, what is said of it, and what is refused.</summary>
public sealed class CsvDialectTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-dialect-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("a,b\n1.5,2\n3,4\n", "")]
    [InlineData("a;b\n1.5;2\n3;4\n", "columns separated by semicolons (--separator)")]
    [InlineData("a;b\n1,5;2\n3;4\n", "columns separated by semicolons (--separator), a decimal comma (--decimal)")]
    [InlineData("a\tb\n1.5\t2\n3\t4\n", "columns separated by tabs (--separator)")]
    [InlineData("a|b\n1.5|2\n3|4\n", "columns separated by bars (--separator)")]
    [InlineData("sep=;\na;b\n1.5;2\n3;4\n", "columns separated by semicolons (--separator)")]
    [InlineData("sep=:\r\na:b\r\n1.5:2\r\n3:4\r\n", "columns separated by ':' (--separator)")]
    [InlineData("a,b\n\"1,5\",2\n3,4\n", "a decimal comma (--decimal)")]
    [InlineData("Temp, in C;b\n1,5;2\n3,0;4\n", "columns separated by semicolons (--separator), a decimal comma (--decimal)")]
    public void The_same_table_in_every_dialect(string text, string said)
    {
        string path = Write(text);
        Assert.Equal([[1.5f, 2f], [3f, 4f]], Read(path, out string sentence));
        Assert.Equal(said.Length == 0 ? "" : $"'{path}' is read with {said}.", sentence);
    }

    [Theory]
    [InlineData("a;b\n1.234,5;0,1\n-2.000;3\n", new[] { 1234.5f, -2000f }, "points")]
    [InlineData("a;b\n1.234.567;0,1\n0;3\n", new[] { 1234567f, 0f }, "points")]
    [InlineData("a;b\n1,234;0.1\n0;3\n", new[] { 1234f, 0f }, "commas")]
    [InlineData("a,b\n\"1,234,567.5\",0.1\n0,3\n", new[] { 1234567.5f, 0f }, "commas")]
    [InlineData("a;b\n1 234,5;0,1\n0;3\n", new[] { 1234.5f, 0f }, "spaces")]
    [InlineData("a;b\n12\u00a0345;0.1\n0;3\n", new[] { 12345f, 0f }, "spaces")]
    [InlineData("a;b\n1'234.5;0.1\n0;3\n", new[] { 1234.5f, 0f }, "apostrophes")]
    public void Thousands_are_grouped_by_what_the_rows_show(string text, float[] first, string group)
    {
        float[][] rows = Read(Write(text), out string said);
        Assert.Equal(first, rows.Select(row => row[0]));
        Assert.Contains($"thousands grouped by {group}", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a;b\n1,234;2\n", "line 2, column 1: '1,234' may be 1.234 or 1234; say which with --decimal comma or --decimal point")]
    [InlineData("a;b\n3;-5\n2;12,345\n", "line 3, column 2: '12,345' may be 12.345 or 12345")]
    [InlineData("a;b\n1,5;2\n2;2.5\n", "line 2, column 1: '1,5' has a decimal comma but '2.5' in line 3, column 2 has a decimal point")]
    public void What_can_be_read_in_two_ways_is_refused(string text, string sentence)
    {
        string path = Write(text);
        Assert.Contains(sentence, Assert.Throws<InputException>(() => CsvFile.Open(path)).Message, StringComparison.Ordinal);
        Assert.NotNull(CsvFile.Open(path, new CsvOptions { Decimal = ',' }));
    }

    // A column of texts says nothing of numbers, and a comma in a text separates nothing.
    [Theory]
    [InlineData("note,b\n\"1,5 bar\",2\n\"x\",0.5\n", ',', '.')]
    [InlineData("note\tb\nhello, world\t2\nbye\t3\n", '\t', '.')]
    [InlineData("note;b;c\none, two;2;1\nthree;3;2\n", ';', '.')]
    [InlineData("a;b,y\n1;x,0\n", ',', '.')]
    [InlineData("y\n1\n2\n", ',', '.')]
    public void Texts_do_not_decide_on_numbers(string text, char separator, char decimalSign)
    {
        CsvDialect dialect = CsvFile.Open(Write(text)).Dialect;
        Assert.Equal((separator, decimalSign), (dialect.Separator, dialect.Decimal));
    }

    [Fact]
    public void A_point_that_may_group_thousands_is_said_where_semicolons_separate()
    {
        Assert.Equal([[1.234f, 2f]], Read(Write("a;b\n1.234;2\n"), out string said));
        Assert.Contains("'1.234' in line 2 is read with a decimal point; if the point groups thousands, use --decimal comma.", said, StringComparison.Ordinal);
        Assert.Equal([[1.234f, 2f]], Read(Write("a,b\n1.234,2\n"), out said));
        Assert.Equal("", said);
    }

    [Theory]
    [InlineData("windows-1252", "Windows-1252, since it is not UTF-8 (--encoding)")]
    [InlineData("utf-8", "")]
    [InlineData("utf-16", "UTF-16 (--encoding)")]
    [InlineData("utf-16BE", "UTF-16 (--encoding)")]
    public void Names_are_read_in_every_encoding(string name, string said)
    {
        Encoding encoding = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        string path = Path.Combine(folder, "t.csv");

        // The first letter that is not ASCII is behind the first block.
        string filler = string.Concat(Enumerable.Repeat("1,2,x\n", 20_000));
        File.WriteAllBytes(path, [.. encoding.GetPreamble(), .. encoding.GetBytes($"a,b,c\n{filler}1,2,größe\n")]);
        CsvFile file = null!;
        var sentences = new List<string>();
        Notices.Collect(sentences, () => file = CsvFile.Open(path));
        Assert.Equal(said.Length == 0 ? [] : [$"'{path}' is read with {said}."], sentences);
        Assert.Equal("größe", CsvTexts.Rows(file)[^1][2]);
    }

    [Fact]
    public void An_encoding_that_is_given_is_taken()
    {
        string path = Path.Combine(folder, "t.csv");
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes("größe,y\n1,2\n"));
        Assert.Equal("größe", CsvFile.Open(path, new CsvOptions { Encoding = "iso-8859-1" }).Header[0]);
        Assert.Contains("is not the name of an encoding", Assert.Throws<InputException>(() => CsvFile.Open(path, new CsvOptions { Encoding = "latin99" })).Message, StringComparison.Ordinal);
    }

    // Only where a caller guesses: else what looks like data is refused, and what is named by the label is a header.
    [Theory]
    [InlineData("1,2,0\n3,4,1\n", null, false)]
    [InlineData("1,2,no\n3,4,no\n5,6,yes\n", null, false)]
    [InlineData("a,b,y\n3,4,no\n", null, true)]
    [InlineData("2001,2002,y\n3,4,no\n5,6,no\n", null, true)]
    [InlineData("1,2,no\n3,4,no\n5,6,yes\n", "no", true)]
    public void A_missing_header_is_guessed_from_the_rows(string text, string? label, bool hasHeader)
    {
        string path = Write(text);
        Assert.Equal(hasHeader, CsvFile.Open(path, new CsvOptions { HasHeader = null }, label).HasHeader);
        if (!hasHeader)
        {
            Assert.Contains("use --no-header", Assert.Throws<InputException>(() => CsvFile.Open(path)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void All_problems_are_in_one_report_the_first_ten_with_their_places()
    {
        string rows = string.Concat(Enumerable.Range(0, 12).Select(i => $"{(i % 2 == 0 ? "x" : "1")},{(i == 3 ? "" : "2")}{(i == 5 ? ",9" : "")}\n"));
        string message = Assert.Throws<InputException>(() => CsvTable.Read(Write("a,b\n1,2\n" + rows))).Message;
        Assert.Contains("has 8 problems: line 3, column 'a': 'x' is not a number; line 5, column 'a'", message, StringComparison.Ordinal);
        Assert.Contains("line 6, column 'b': the cell is empty; line 7", message, StringComparison.Ordinal);
        Assert.Contains("line 8: it has 3 values but the header has 2 columns", message, StringComparison.Ordinal);
        message = Assert.Throws<InputException>(() => CsvTable.Read(Write("a\n" + string.Concat(Enumerable.Repeat("x\n", 25))))).Message;
        Assert.Contains("has 25 problems", message, StringComparison.Ordinal);
        Assert.Contains("line 11, column 'a': 'x' is not a number; and 15 more.", message, StringComparison.Ordinal);
        Assert.DoesNotContain("line 12", message, StringComparison.Ordinal);
    }

    private static float[][] Read(string path, out string said)
    {
        var sentences = new List<string>();
        IReadOnlyList<float[]> rows = Notices.Collect(sentences, () => CsvFile.Open(path) is var file ? file.Numbers([0, 1]) : []);
        said = string.Join('\n', sentences);
        return [.. rows];
    }

    private string Write(string text)
    {
        string path = Path.Combine(folder, "t.csv");
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes(text));
        return path;
    }
}
