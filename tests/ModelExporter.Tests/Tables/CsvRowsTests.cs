using EdgeInference.ModelConverter.Data;

namespace EdgeInference.Tool.Tests.Tables;

public class CsvRowsTests
{
    // More than one block of 65,536 bytes, asked for in their order, backwards and by steps.
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(7919)]
    public void Rows_are_found_in_any_order(int step)
    {
        const int Count = 30_000;
        var rows = new CsvRows();
        for (int i = 0; i < Count; i++)
        {
            rows.Add([$"{i}", "", "ä€😀", $"{-i}"]);
        }

        rows.Keep(Count - 1);
        Assert.Equal(Count - 1, rows.Count);
        for (int i = 0, row = 0; i < Count - 1; i++, row = (row + step + Count - 1) % (Count - 1))
        {
            Assert.Equal<string>([$"{row}", "", "ä€😀", $"{-row}"], rows[row]);
            Assert.Equal($"{-row}", rows.Cell(row, 3));
            Assert.Equal("", rows.Cell(row, 1));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => rows[Count - 1]);
    }

    [Fact]
    public void Lines_are_those_that_were_added()
    {
        int[] added = [2, 3, 4, 7, 8, 8, 10, 11];
        var lines = new CsvLines();
        foreach (int line in added)
        {
            lines.Add(line);
        }

        Assert.Equal<int>(added, lines);
        lines.Keep(3);
        Assert.Equal<int>([2, 3, 4], lines);
    }
}
