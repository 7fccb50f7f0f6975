using System.Text;
using EdgeInference.ModelConverter.Data;

namespace EdgeInference.Tool.Tests.Tables;

/// <summary>What columns hold, found by looking; and the tables of ../shared/cases/csv, each as a person would read it.</summary>
public sealed class TrainingTableTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-train-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Churn_has_numbers_categories_gaps_a_date_and_an_identifier()
    {
        LabelledTable table = Read(Case("churn_text_and_gaps.csv"), "churned", out string[] said);
        Assert.Equal(["age", "plan", "region", "months", "fee", "calls", "usage_gb", "payment", "satisfaction"], table.Names);
        Assert.Equal(["basic", "family", "pro"], table.Categories[1]);
        Assert.Equal(["card", "cash", "invoice"], table.Categories[7]);
        Assert.Empty(table.Categories[0]);
        Assert.Equal(["no", "yes"], table.Classes);
        Assert.Equal(900, table.Rows.Count);
        Assert.Equal([81f, 1f, 0f, 12f, 24.31f, 2f, 76.7f, 0f, 4f], table.Rows[0]);
        Assert.Equal([64f, 1f, 0f, 12f, 52.21f, 3f, float.NaN, 2f, float.NaN], table.Rows[898]);
        Assert.Contains("left out: 'customer_id' (identifier), 'signup' (dates)", said[0], StringComparison.Ordinal);
        Assert.EndsWith("missing values: 40 in 'age', 34 in 'fee', 47 in 'usage_gb', 48 in 'satisfaction', of 900 rows.", said[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_is_the_same_in_three_spellings()
    {
        LabelledTable pump = Read(Case("pump.csv"), "fault", out string[] said);
        Assert.Empty(said);
        Assert.Equal(1200, pump.Rows.Count);
        string text = File.ReadAllText(Case("pump.csv"));
        foreach (string other in new[] { text.Replace(',', '\t'), text.Replace(',', ';').Replace('.', ',') })
        {
            LabelledTable same = Read(Write(other), "fault", out said);
            Assert.Single(said);
            Assert.Equal(pump.Names, same.Names);
            Assert.Equal(pump.Rows, same.Rows);
            Assert.Equal(pump.Labels, same.Labels);
        }
    }

    [Theory]
    [InlineData("semicolon.csv", 120, 3, "a decimal comma")]
    [InlineData("tab.csv", 120, 3, "separated by tabs")]
    [InlineData("trail_excel.csv", 120, 3, "2 blank rows at the end are left out")]
    [InlineData("qmark.csv", 120, 3, "missing values: 1 in 'a', of 120 rows")]
    [InlineData("index.csv", 120, 2, "it is the index that pandas writes")]
    [InlineData("pump_missing.csv", 1200, 10, "missing values: 36 in 'vibration', 33 in 'humidity', of 1200 rows")]
    public void Spellings_are_read_as_a_person_would(string name, int rows, int features, string sentence)
    {
        LabelledTable table = Read(Case(name), name.StartsWith("pump", StringComparison.Ordinal) ? "fault" : "y", out string[] said);
        Assert.Equal((rows, features, 2), (table.Rows.Count, table.Names.Count, table.Classes.Count));
        Assert.Contains(sentence, Assert.Single(said), StringComparison.Ordinal);
        if (features == 3)
        {
            Assert.Equal([1.7886f, 0.4365f, 0.0965f], table.Rows[0]);
        }
    }

    [Theory]
    [InlineData("yes,no", 1)]
    [InlineData("Yes,No", 1)]
    [InlineData("no,yes", 0)]
    public void An_order_of_labels_swaps_no_class(string order, int first)
    {
        LabelledTable table = ClassMatch.InOrder(Read(Case("churn_yes_no.csv"), "churned", out _), order.Split(','));
        Assert.Equal(first == 1 ? ["yes", "no"] : ["no", "yes"], table.Classes);
        Assert.Equal("no", table.Classes[table.Labels[0]]); // as the file's first row says
        Assert.Equal(first, table.Labels[0]);
    }

    [Theory]
    [InlineData("0.5", 12, true)]
    [InlineData("0.5", 10, false)]
    [InlineData("1", 51, true)]
    [InlineData("1", 50, false)]
    public void A_label_of_many_numbers_is_a_quantity(string step, int count, bool isQuantity)
    {
        string csv = Write("a,y\n" + string.Concat(Enumerable.Range(0, count * 2).Select(i => $"{i % 7}.5,{(i % count) * double.Parse(step, System.Globalization.CultureInfo.InvariantCulture)}\n")));
        if (isQuantity)
        {
            Assert.Contains($"the label 'y' has {count} different numbers from 0 to", Assert.Throws<InputException>(() => TrainingTable.Read(csv, "y")).Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(count, Read(csv, "y", out _).Classes.Count);
        }
    }

    [Fact]
    public void A_quantity_as_the_label_is_refused() =>
        Assert.Contains("the label 'y' has 120 different numbers from -2.2722 to 2.8119, so it is a quantity", Assert.Throws<InputException>(() => TrainingTable.Read(Case("contlabel.csv"), "y")).Message, StringComparison.Ordinal);

    // Forty rows, one cell of each from what the column is made of.
    [Theory]
    [InlineData("number", "{i}.5", "")]
    [InlineData("rows", "{i}", "identifier")]
    [InlineData("count", "{m}", "")]
    [InlineData("device_id", "{h}", "identifier")]
    [InlineData("wide", "{h}", "")]
    [InlineData("name", "row {i}", "identifier")]
    [InlineData("note", "text {t}", "free text")]
    [InlineData("kind", "k{m}", "k0 k1 k2")]
    [InlineData("flag", "{b}", "")]
    [InlineData("sure", "{y}", "No Yes")]
    [InlineData("same", "7", "constant")]
    [InlineData("word", "x", "constant")]
    [InlineData("none", "NA", "no values")]
    [InlineData("day", "2024-01-0{d}", "dates")]
    [InlineData("when", "0{d}.03.2024 10:30", "dates")]
    [InlineData("slash", "{d}/3/2024", "dates")]
    [InlineData("mixed", "{x}", "9 a b")]
    public void Columns_are_what_a_person_would_take_them_for(string name, string cell, string expected)
    {
        string Cell(int i) => cell.Replace("{i}", $"{i}", StringComparison.Ordinal).Replace("{m}", $"{i % 3}", StringComparison.Ordinal).Replace("{h}", $"{((i * 7919) % 997) * 13}", StringComparison.Ordinal)
            .Replace("{t}", $"{i % 25}", StringComparison.Ordinal).Replace("{b}", $"{i % 2}", StringComparison.Ordinal).Replace("{y}", i % 2 == 0 ? "Yes" : "No", StringComparison.Ordinal)
            .Replace("{d}", $"{(i % 9) + 1}", StringComparison.Ordinal).Replace("{x}", new[] { "a", "b", "9", "b", "a" }[i % 5], StringComparison.Ordinal);
        LabelledTable table = Read(Write($"{name},other,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{Cell(i)},{(i * 17) % 29}.25,{(i < 20 ? 0 : 1)}\n"))), "y", out string[] said);
        bool isKept = table.Names.Contains(name);
        if (expected.Length == 0)
        {
            Assert.True(isKept);
            Assert.Empty(said);
        }
        else if (isKept)
        {
            Assert.Equal(expected.Split(' '), table.Categories[0]);
            Assert.Equal((float)Array.IndexOf(expected.Split(' '), Cell(1)), table.Rows[1][0]);
        }
        else
        {
            Assert.Contains($"left out: '{name}' ({expected})", said.Single(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Rows_without_a_label_are_left_out_and_counted()
    {
        string csv = Write("a,y\n1.5,0\n2.5,\n3.5,?\n4.5,1\n");
        LabelledTable table = Read(csv, "y", out string[] said);
        Assert.Equal([[1.5f], [4.5f]], table.Rows);
        Assert.Equal([0, 1], table.Labels);
        Assert.EndsWith("2 rows without a label are left out.", Assert.Single(said), StringComparison.Ordinal);
        Assert.Contains("has 2 problems", Assert.Throws<InputException>(() => CsvTable.ReadLabelled(csv, "y")).Message, StringComparison.Ordinal);
        Assert.Contains("has no row with a label", Assert.Throws<InputException>(() => TrainingTable.Read(Write("a,y\n1.5,\n2,?\n"), "y")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_among_numbers_is_a_problem_until_it_is_said_what_it_is()
    {
        string csv = Write("a,b,y\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{(i == 7 ? "err" : $"{i % 3}.0")},{i}.5,{i % 2}\n")));
        string message = Assert.Throws<InputException>(() => TrainingTable.Read(csv, "y")).Message;
        Assert.Contains("line 9, column 'a': 'err' is not a number; replace it, or name the column with --ignore or --categorical.", message, StringComparison.Ordinal);

        // Numbers are one category however they are written.
        LabelledTable table = Notices.Collect([], () => TrainingTable.Read(csv, "y", null, new ColumnChoice { Categorical = ["a"] }));
        Assert.Equal(["0", "1", "2", "err"], table.Categories[0]);
        Assert.Equal([1f, 3f, 2f], new[] { table.Rows[1][0], table.Rows[7][0], table.Rows[8][0] });
    }

    private static LabelledTable Read(string path, string label, out string[] said)
    {
        var sentences = new List<string>();
        LabelledTable table = Notices.Collect(sentences, () => TrainingTable.Read(path, label));
        said = [.. sentences];
        return table;
    }

    private static string Case(string name) => Path.Combine(TestData.Root, "tests", "ModelExporter.Tests", "TestData", "csv", name);

    private string Write(string text)
    {
        string path = Path.Combine(folder, "t.csv");
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes(text));
        return path;
    }
}
