using System.Globalization;
using System.Text;
using EdgeInference.ModelConverter.Data;

namespace EdgeInference.Tool.Tests.Tables;

/// <summary>Rows and numbers as bytes: ends of blocks within a cell, and float32 rounded once.</summary>
public class CsvScannerTests
{
    // A stream that gives few bytes at a time cuts rows everywhere: in a number, between CR and LF, in a quoted cell and between two quotes.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1 << 20)]
    public void Rows_do_not_depend_on_the_blocks_that_come(int bytes)
    {
        const string Text = "a,\"b \"\"c\"\"\",d\r\n\r\n 1 ,\"two\r\nlines\", x\"y \r\"\",,\t\n\"5\"\" pipe\"";
        var scanner = new CsvScanner(new SlowStream(Encoding.UTF8.GetBytes(Text), bytes), ',', "t");
        Assert.Equal(["a|b \"c\"|d:1", "1|two\r\nlines|x\"y:4", "||:5", "5\" pipe:6"], Rows(scanner));
        Assert.Equal(Text.Length, scanner.Position);
    }

    [Fact]
    public void A_row_may_be_longer_than_a_block()
    {
        string cell = new('x', 300_000);
        Assert.Equal([$"{cell}|1:1", "2|3:2"], Rows(new CsvScanner(new MemoryStream(Encoding.UTF8.GetBytes($"{cell},1\n2,3")), ',', "t")));
    }

    [Theory]
    [InlineData("\"a", "a quote is not closed")]
    [InlineData("\"a\"b", "text follows a closing quote")]
    [InlineData("\"a\" ", null)]
    [InlineData("a\"b", null)]
    public void Wrong_quotes_are_told(string text, string? fault)
    {
        var scanner = new CsvScanner(new MemoryStream(Encoding.UTF8.GetBytes(text)), ',', "t");
        Assert.True(scanner.Read());
        Assert.Equal(fault, scanner.QuoteFault);
        Assert.Equal(fault is null && text[0] == '"' ? "a" : fault is null ? "a\"b" : "a", Encoding.UTF8.GetString(scanner[0]));
    }

    // The double nearest to a text may lie between two float32 where the text does not: 1 + 2⁻²⁴ and a bit more or less.
    [Fact]
    public void Numbers_are_those_of_the_framework_to_the_bit()
    {
        var numbers = new CsvNumbers(new CsvDialect());
        var random = new Random(7);
        IEnumerable<string> texts = Enumerable.Range(0, 20_000).Select(i => (i % 5) switch
        {
            0 => BitConverter.Int32BitsToSingle(random.Next(0x7F800000)).ToString("R", CultureInfo.InvariantCulture),
            1 => (random.NextDouble() * 1000).ToString("0.000", CultureInfo.InvariantCulture),
            2 => (((double)BitConverter.Int32BitsToSingle(0x3F800000 + random.Next(1 << 23)) + MathF.BitIncrement(1f) - 1) / 2).ToString("R", CultureInfo.InvariantCulture),
            3 => $"-{random.NextInt64()}",
            _ => $"{random.Next(1000)}.{random.NextInt64(1L << 50)}",
        });
        string[] edges = ["1.000000059604644775390625", "1.00000005960464477539062", "1.00000005960464477539063", "16777217", "16777219", "9007199254740993", ".5", "5.", "-0", "+1", "1e3", "0.000000000000000000000001", "340282356779733661637539395458142568448", "1e-46"];
        foreach (string text in texts.Concat(edges))
        {
            Assert.True(numbers.TryRead(Encoding.UTF8.GetBytes(text), out float value), text);
            Assert.True(BitConverter.SingleToInt32Bits(float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)) == BitConverter.SingleToInt32Bits(value), $"{text} is read as {value:R}");
        }
    }

    [Theory]
    [InlineData("1,5", ',', null, 1.5f)]
    [InlineData("-0,25e1", ',', null, -2.5f)]
    [InlineData("1.5", ',', null, null)]
    [InlineData("1.234", ',', null, null)]
    [InlineData("1.234", ',', '.', 1234f)]
    [InlineData("1.234,5", ',', '.', 1234.5f)]
    [InlineData("1.234.567", ',', '.', 1234567f)]
    [InlineData("1.2345", ',', '.', null)]
    [InlineData("12.34.567", ',', '.', null)]
    [InlineData("1,234", '.', ',', 1234f)]
    [InlineData("1,234", '.', null, null)]
    [InlineData("1.234", '.', ',', 1.234f)]
    [InlineData("1.234000000000000000000", '.', ',', 1.234f)]
    [InlineData("1 234,5", ',', ' ', 1234.5f)]
    [InlineData("1\u00a0234", '.', ' ', 1234f)]
    [InlineData("-1'234.5", '.', '\'', -1234.5f)]
    [InlineData("1,234 5", '.', ',', null)]
    [InlineData("", '.', ',', null)]
    [InlineData("-", '.', null, null)]
    [InlineData(".", '.', null, null)]
    [InlineData("1.2.3", '.', null, null)]
    [InlineData("0x10", '.', null, null)]
    public void Numbers_are_written_in_one_way(string text, char decimalSign, char? group, float? expected)
    {
        bool isNumber = new CsvNumbers(new CsvDialect(Decimal: decimalSign, Thousands: group)).TryRead(Encoding.UTF8.GetBytes(text), out float value);
        Assert.Equal(expected, isNumber ? value : null);
    }

    [Fact]
    public void Texts_are_numbered_in_the_order_in_which_they_came()
    {
        var index = new TextIndex();
        for (int i = 0; i < 3000; i++)
        {
            Assert.Equal(i % 1000, index.Add(Encoding.UTF8.GetBytes($"text {i % 1000}"), i + 5));
        }

        Assert.Equal(1000, index.Count);
        Assert.Equal("text 999", index[999]);
        Assert.Equal(1004, index.Line(999));
        Assert.Equal(500, index.Find("text 500"u8));
        Assert.Equal(-1, index.Find("text"u8));
        Assert.Equal(1000, index.Add(""u8));
    }

    private static List<string> Rows(CsvScanner scanner)
    {
        var rows = new List<string>();
        while (scanner.Read())
        {
            rows.Add($"{string.Join('|', Enumerable.Range(0, scanner.Count).Select(i => Encoding.UTF8.GetString(scanner[i])))}:{scanner.Line}");
        }

        return rows;
    }

    private sealed class SlowStream(byte[] bytes, int step) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, step));
    }
}
