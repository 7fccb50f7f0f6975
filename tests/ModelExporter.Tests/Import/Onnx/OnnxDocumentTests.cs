using System.Text.RegularExpressions;
using EdgeInference.ModelConverter.Import.Onnx;

namespace EdgeInference.Tool.Tests.Import.Onnx;

public partial class OnnxDocumentTests
{
    [Fact]
    public void The_document_lists_the_operators_of_the_table_and_no_other()
    {
        string text = File.ReadAllText(Path.Combine(TestData.Root, "docs", "onnx.md"));
        string[] listed = [.. ListedName().Matches(text).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal)];
        string[] rows = [.. OnnxOperators.Rows.Select(row => row.Domain.Length == 0 ? row.OpType : $"{row.Domain}.{row.OpType}").Order(StringComparer.Ordinal)];
        Assert.Equal(rows, listed);
    }

    [GeneratedRegex(@"^- `([\w.]+)`", RegexOptions.Multiline)]
    private static partial Regex ListedName();
}
