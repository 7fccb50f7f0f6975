using System.Text;
using EdgeInference.ModelConverter.Data;

namespace EdgeInference.Tool.Tests.Tables;

/// <summary>What a CSV file means, form by form; and what is refused, with its line and column.</summary>
public sealed class CsvReadingTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-csv-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("a,b,y\n1,2,0\n3,4,1\n")]
    [InlineData("a,b,y\n1,2,0\n3,4,1")] // no end of the last line
    [InlineData("a,b,y\r\n1,2,0\r\n3,4,1\r\n")]
    [InlineData("a,b,y\n1,2,0\r\n3,4,1\r\n")]
    [InlineData("\uFEFFa,b,y\n1,2,0\n3,4,1\n")]
    [InlineData(" a , b,y\n 1,2 ,\t0\n3, 4 ,1 \n")]
    [InlineData("\"a\",\"b\",\"y\"\n\"1\",\"2\",\"0\"\n\"3\",\"4\",\"1\"\n")]
    [InlineData("a,b,y\n1,2,0\n\n3,4,1\n")] // blank lines
    [InlineData("\n\na,b,y\n1,2,0\n3,4,1\n\n\n")]
    [InlineData("a,b,y\n1,2,0\n3,4,1\n,,\n,,\n")] // rows of commas that spreadsheets leave
    [InlineData("a,b,y\n1.0,+2,0.0\n3e0,0.4E1,1\n")]
    [InlineData("a,b,y\n1,2,-0\n30e-1,4.,1.000\n")]
    public void The_same_table_in_every_form(string text)
    {
        LabelledTable table = CsvTable.ReadLabelled(Write(text), "y");
        Assert.Equal(["a", "b"], table.Names);
        Assert.Equal([[1f, 2f], [3f, 4f]], table.Rows);
        Assert.Equal([0, 1], table.Labels);
        Assert.Equal("1", table.Classes[1]);
    }

    [Fact]
    public void Quoted_cells_hold_commas_quotes_and_ends_of_lines()
    {
        CsvFile cells = CsvFile.Open(Write("\"a,b\",\"say \"\"a\"\"\",\"two\nlines\"\n1,2,3\n\"4\",5,\"x,\"\"y\"\"\"\n"));
        Assert.Equal(["a,b", "say \"a\"", "two\nlines"], cells.Header);
        Assert.Equal<string[]>([["1", "2", "3"], ["4", "5", "x,\"y\""]], CsvTexts.Rows(cells));
        Assert.Equal([3, 4], CsvTexts.Lines(cells));
    }

    // float32 of the text itself, not of a double that was rounded before: 1 + 2⁻²⁴ and a bit more.
    [Fact]
    public void Numbers_are_rounded_once()
    {
        float[] row = CsvTable.Read(Write("a,b,c,d\n1.00000005960464477540,16777217,1e-45,-3.4028235e38\n")).Rows[0];
        Assert.Equal([MathF.BitIncrement(1f), 16777216f, float.Epsilon, float.MinValue], row);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("\n\n", "is empty")]
    [InlineData(",,\n1,2,3\n", "is empty")]
    [InlineData("a,b,y\n", "has a header line but no rows")]
    [InlineData("a,b,y\n,,\n", "has a header line but no rows")]
    [InlineData("a,b,y\n1,2,0\n1,2\n", "line 3: it has 2 values but the header has 3 columns")]
    [InlineData("a,b,y\n1,2,0,9\n", "line 2: it has 4 values but the header has 3 columns")]
    [InlineData("a,b,y\n1,5,0\n1,2,5,0\n", "line 3: it has 4 values")] // a decimal comma makes a column
    [InlineData("a,b,y\n1 00,2,0\n", "line 2, column 'a': '1 00' is not a number")]
    [InlineData("a,b,y\n\"1,5,0\",2,0\n", "line 2, column 'a': '1,5,0' is not a number")]
    [InlineData("a,b,y\n0x10,2,0\n", "line 2, column 'a': '0x10' is not a number")]
    [InlineData("a,b,y\n1,2,0\n1,true,0\n", "line 3, column 'b': 'true' is not a number")]
    [InlineData("a,b,y\n1,Infinity,0\n", "line 2, column 'b': 'Infinity' is not a finite number")]
    [InlineData("a,b,y\n1,1e39,0\n", "line 2, column 'b': '1e39' is not a finite number")]
    [InlineData("a,b,y\n1,,0\n", "line 2, column 'b': the cell is empty")]
    [InlineData("a,b,y\n1,?,0\n", "'?' is not a finite number but a missing value")]
    [InlineData("a,b,y\n1,n/a,0\n", "'n/a' is not a finite number but a missing value")]
    [InlineData("a,b,y\n1,2,0\n,,\n3,4,1\n", "line 3: the label column 'y' is empty")] // a blank row within the table is data
    [InlineData("a,b,y\n1,2,0\n,,\n3,4,1\n,,\n", "line 3: the label column 'y' is empty")]
    [InlineData("a,b,y\n1,2, \n", "line 2: the label column 'y' is empty")]
    [InlineData("a,b,y\n1,2,?\n", "line 2: the label '?' in column 'y' is a missing value")]
    [InlineData("a,b,y\n1,\"2,0\n", "line 3: a quote is not closed")]
    [InlineData("a,b,y\n1,\"2\"2,0\n", "line 2: text follows a closing quote")]
    [InlineData("a,b,a,y\n1,2,3,0\n", "has the column 'a' twice")]
    [InlineData("1,2,3\n4,5,6\n", "begins with a row of numbers")]
    [InlineData("1,2,no\n4,5,no\n6,7,yes\n", "begins with a row of data")]
    [InlineData("a,b,Y\n1,2,0\n", "no column 'y'; did you mean 'Y'?")]
    public void What_is_no_table_is_refused_with_its_place(string text, string sentence)
    {
        string message = Assert.Throws<InputException>(() => CsvTable.ReadLabelled(Write(text), "y")).Message;
        Assert.Contains(sentence, message, StringComparison.Ordinal);
        Assert.StartsWith($"'{Path.Combine(folder, "t.csv")}'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Equal("File 'absent.csv' not found; check the path.", Assert.Throws<InputException>(() => CsvFile.Open("absent.csv")).Message);

    [Fact]
    public void One_number_among_the_names_is_a_name()
    {
        Assert.Equal(["1", "b"], CsvFile.Open(Write("1,b\n2,3\n")).Header);
        Assert.Equal(["x", "2"], CsvFile.Open(Write("x,2\n2,3\n")).Header);
    }

    [Fact]
    public void Without_a_header_columns_are_numbered_from_1_and_the_first_row_is_data()
    {
        CsvFile cells = CsvFile.Open(Write("5,6,7\n8,9,10\n"), hasHeader: false);
        Assert.Equal(["1", "2", "3"], cells.Header);
        Assert.Equal<string[]>([["5", "6", "7"], ["8", "9", "10"]], CsvTexts.Rows(cells));
        Assert.Equal([1, 2], CsvTexts.Lines(cells));
        Assert.Equal(2, cells.LabelColumn("3"));
        Assert.Contains("number of a column, 1 to 3, not 'y'", Assert.Throws<InputException>(() => cells.LabelColumn("y")).Message, StringComparison.Ordinal);
        Assert.Contains("line 2: it has 2 values but the first row has 3", Assert.Throws<InputException>(() => CsvFile.Open(Write("5,6,7\n8,9\n"), hasHeader: false).Numbers([0])).Message, StringComparison.Ordinal);

        // A first column without a name is the index of pandas in a file with names alone.
        Assert.False(cells.HasIndexColumn);
        Assert.Equal([0, 1], cells.FeatureColumns(2));
    }

    [Theory]
    [InlineData("a,b,c,y", "y", new[] { 0, 1, 2 })]
    [InlineData("y,a,b,c", "y", new[] { 1, 2, 3 })]
    [InlineData("a,y,b,c", "y", new[] { 0, 2, 3 })]
    [InlineData(",a,b,y", "y", new[] { 1, 2 })]
    [InlineData("Unnamed: 0,a,b,y", "y", new[] { 1, 2 })]
    [InlineData("Unnamed: 0,a,b,y", "Unnamed: 0", new[] { 1, 2, 3 })]
    [InlineData("Unnamed: 1,a,b,y", "y", new[] { 0, 1, 2 })]
    [InlineData("a,b,c,", "c", new[] { 0, 1, 3 })]
    public void Features_are_all_columns_but_the_label_and_a_nameless_index(string header, string label, int[] expected)
    {
        CsvFile cells = CsvFile.Open(Write(header + "\n1,2,3,4\n"));
        Assert.Equal(expected, cells.FeatureColumns(cells.LabelColumn(label)));
    }

    // Numbers in ascending order of their value, whatever their spelling; else texts by their code points.
    [Theory]
    [InlineData("10,9,9.0,-1,1e1", "-1,9,10", "2,1,1,0,2")]
    [InlineData("b,B,a", "B,a,b", "2,0,1")]
    [InlineData("10,9,x", "10,9,x", "0,1,2")]
    [InlineData("1.50,1.5,0", "0,1.5", "1,1,0")]
    [InlineData("yes,no,yes", "no,yes", "1,0,1")]
    [InlineData("true,None,true", "None,true", "1,0,1")]
    public void Classes_have_the_documented_order(string labels, string classes, string indices)
    {
        LabelledTable table = CsvTable.ReadLabelled(Write("a,y\n" + string.Concat(labels.Split(',').Select(label => $"1,{label}\n"))), "y");
        Assert.Equal(classes.Split(','), table.Classes);
        Assert.Equal(indices.Split(',').Select(int.Parse), table.Labels);
    }

    [Fact]
    public void Labels_are_looked_up_among_the_classes_that_are_given()
    {
        string path = Write("a,y\n1,no\n2,yes\n");
        Assert.Equal([1, 0], CsvTable.ReadLabelled(path, "y", ["yes", "no", "other"]).Labels);
        Assert.Contains("line 2: the label 'no' in column 'y' is not one of the model's classes (yes, other)", Assert.Throws<InputException>(() => CsvTable.ReadLabelled(path, "y", ["yes", "other"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("?", true)]
    [InlineData("NA", true)]
    [InlineData("na", true)]
    [InlineData("N/A", true)]
    [InlineData("nan", true)]
    [InlineData("NULL", true)]
    [InlineData("None", true)]
    [InlineData("#N/A", true)]
    [InlineData("<NA>", true)]
    [InlineData("none", false)]
    [InlineData("-", false)]
    [InlineData("0", false)]
    public void Missing_cells_are_these(string text, bool isMissing)
    {
        Assert.Equal(isMissing, MissingCell.Is(text));
        if (isMissing)
        {
            CsvFile cells = CsvFile.Open(Write($"a,b\n{text},1\n"));
            Assert.Equal([float.NaN, 1f], cells.Numbers([0, 1], acceptsMissing: true)[0]);
            Assert.Contains("the model does not define", Assert.Throws<InputException>(() => cells.Numbers([0, 1], acceptsMissing: false)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Columns_can_be_taken_in_any_order() =>
        Assert.Equal([[3f, 1f], [6f, 4f]], CsvFile.Open(Write("a,b,c\n1,2,3\n4,5,6\n")).Numbers([2, 0]));

    private string Write(string text)
    {
        string path = Path.Combine(folder, "t.csv");
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes(text));
        return path;
    }
}
