using System.Globalization;
using System.Runtime.InteropServices;

namespace EdgeInference.ModelConverter.Data;

/// <summary>The labels of a table: their different texts, numbers as they are usually written, and the position of each row's among them.</summary>
internal sealed class CsvLabels
{
    private readonly CsvFile file;
    private readonly int column;
    private readonly List<int> codes;
    private readonly int[] lines;

    internal CsvLabels(CsvFile file, int column, TextIndex texts, List<int> codes)
    {
        this.file = file;
        this.column = column;
        this.codes = codes;
        var numbers = new CsvNumbers(file.Dialect);
        var distinct = new List<string>();
        var first = new List<int>();
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        int[] canonical = new int[texts.Count];
        for (int i = 0; i < canonical.Length; i++)
        {
            string text = numbers.TryReadDouble(texts.Bytes(i), out double number) && double.IsFinite(number) ? number.ToString(CultureInfo.InvariantCulture) : texts[i];
            if (!index.TryGetValue(text, out canonical[i]))
            {
                index.Add(text, canonical[i] = distinct.Count);
                distinct.Add(text);
                first.Add(texts.Line(i));
            }
        }

        foreach (ref int code in CollectionsMarshal.AsSpan(codes))
        {
            code = canonical[code];
        }

        Distinct = [.. distinct];
        lines = [.. first];
    }

    /// <summary>The different labels, in the order in which they came.</summary>
    internal string[] Distinct { get; }

    /// <summary>Number of rows.</summary>
    internal int Count => codes.Count;

    /// <summary>The line in which a label came first, and its column.</summary>
    internal string Place(int label) => string.Create(CultureInfo.InvariantCulture, $"'{file.Path}', line {lines[label]}: the label '{CsvProblems.Clip(Distinct[label])}' in column '{file.Header[column]}'");

    /// <summary>For each row the number that belongs to its label.</summary>
    /// <param name="numbers">A number for each of <see cref="Distinct"/>.</param>
    internal int[] Rows(int[] numbers)
    {
        int[] rows = new int[codes.Count];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = numbers[codes[i]];
        }

        return rows;
    }
}
