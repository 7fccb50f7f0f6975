using System.Text;
using EdgeInference.ModelConverter.Data;

namespace EdgeInference.Tool.Tests.Tables;

/// <summary>The rows of a file as texts.</summary>
internal static class CsvTexts
{
    internal static string[][] Rows(CsvFile file)
    {
        var rows = new List<string[]>();
        file.ForEachRow(new CsvProblems(file.Path), row => rows.Add([.. Enumerable.Range(0, file.Header.Length).Select(i => Encoding.UTF8.GetString(row[i]))]));
        return [.. rows];
    }

    internal static int[] Lines(CsvFile file)
    {
        var lines = new List<int>();
        file.ForEachRow(new CsvProblems(file.Path), row => lines.Add(row.Line));
        return [.. lines];
    }
}
