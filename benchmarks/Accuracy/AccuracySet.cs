using System.Globalization;

namespace EdgeInference.Benchmarks.Accuracy;

/// <summary>A data set with its splits.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Table">All rows.</param>
internal sealed record AccuracySet(string Name, LabelledTable Table)
{
    /// <summary>Reads a file that <see cref="Write"/> or reference.py wrote: a header that ends in # is a column of codes, an empty cell a missing value, the last column the class.</summary>
    internal static AccuracySet Read(string path)
    {
        string[] lines = File.ReadAllLines(path);
        string[] header = lines[0].Split(',')[..^1];
        string[][] cells = [.. lines[1..].Select(line => line.Split(','))];
        float[][] rows = [.. cells.Select(row => Array.ConvertAll(row[..^1], cell => cell.Length == 0 ? float.NaN : float.Parse(cell, CultureInfo.InvariantCulture)))];
        int[] labels = [.. cells.Select(row => int.Parse(row[^1], CultureInfo.InvariantCulture))];
        string[][] categories = [.. header.Select((name, column) => name.EndsWith('#') ? Codes(rows, column) : [])];
        return new AccuracySet(
            Path.GetFileNameWithoutExtension(path),
            new LabelledTable(header, rows, labels, [.. Enumerable.Range(0, labels.Max() + 1).Select(c => c.ToString(CultureInfo.InvariantCulture))]) { Categories = categories });
    }

    /// <summary>Writes the set, and the test rows of each split.</summary>
    internal void Write(string folder, int[][] tests)
    {
        using (StreamWriter file = File.CreateText(Path.Combine(folder, Name + ".csv")))
        {
            file.WriteLine(string.Join(',', Table.Names.Select((name, i) => Table.Categories.Count > 0 && Table.Categories[i].Count > 0 ? name.TrimEnd('#') + "#" : name).Append("y")));
            for (int i = 0; i < Table.Labels.Length; i++)
            {
                file.WriteLine(string.Join(',', Table.Rows[i].Select(value => float.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture)).Append(Table.Labels[i].ToString(CultureInfo.InvariantCulture))));
            }
        }

        File.WriteAllLines(Path.Combine(folder, Name + ".splits.txt"), tests.Select(rows => string.Join(' ', rows)));
    }

    private static string[] Codes(float[][] rows, int column) =>
        [.. Enumerable.Range(0, 1 + (int)rows.Select(row => float.IsNaN(row[column]) ? 0f : row[column]).Max()).Select(code => code.ToString(CultureInfo.InvariantCulture))];
}
