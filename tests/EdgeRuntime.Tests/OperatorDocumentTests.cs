using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Kernels;

namespace EdgeInference.Runtime.Tests;

/// <summary>
/// Holds docs/operators.md to the operator table and to this engine's kernels. EDGE_UPDATE_DOCS=1 in the environment writes
/// the table anew.
/// </summary>
public partial class OperatorDocumentTests
{
    private const string Begin = "<!-- table: made by OperatorDocumentTests -->\n";
    private const string End = "<!-- end -->\n";

    [Fact]
    public void The_table_says_what_the_code_does()
    {
        string path = Path.Combine(Root(), "docs", "operators.md");
        string document = File.ReadAllText(path);
        int begin = document.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = document.IndexOf(End, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("EDGE_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, document[..begin] + Table() + document[end..]);
            return;
        }

        Assert.Equal(Table(), document[begin..end]);
    }

    [Fact]
    public void Every_operator_has_a_number_a_name_and_a_kernel_of_its_own()
    {
        OperatorInfo[] rows = [.. Rows()];
        Assert.Equal(Enum.GetValues<Opcode>().Order(), rows.Select(row => row.Opcode).Order());
        Assert.All(rows, row => Assert.Equal(row.Opcode.ToString(), row.Name));
        Assert.All(rows, row => Assert.Contains(KernelTable.Rows, kernel => kernel.Opcode == row.Opcode));
        Assert.Equal(KernelTable.Rows.Length, KernelTable.Rows.DistinctBy(kernel => (kernel.Opcode, kernel.Type)).Count());
    }

    private static string Table()
    {
        string source = File.ReadAllText(Path.Combine(Root(), "src", "ModelFormat", "Reading", "Opcode.cs"));
        Dictionary<string, string> meaning = MemberPattern().Matches(source).ToDictionary(
            match => match.Groups["name"].Value,
            match => CrossReferencePattern().Replace(match.Groups["text"].Value, "$1").Replace("|", "\\|", StringComparison.Ordinal));
        string text = "| opcode | operator | y | inputs | parameters | types of the first input |\n|--:|---|---|--:|---|---|\n";
        foreach (OperatorInfo row in Rows())
        {
            string inputs = row.MinInputs == row.MaxInputs ? $"{row.MinInputs}" : $"{row.MinInputs} to {row.MaxInputs}";
            string types = string.Join(", ", KernelTable.Rows.Where(kernel => kernel.Opcode == row.Opcode).Select(kernel => kernel.Type).Order().Select(type => type.ToString().ToLowerInvariant()));
            text += string.Create(CultureInfo.InvariantCulture, $"| {(int)row.Opcode} | {row.Name} | {meaning[row.Name]} | {inputs} | {string.Join(", ", row.Parameters)} | {types} |\n");
        }

        return text;
    }

    private static IEnumerable<OperatorInfo> Rows() => Enumerable.Range(0, OperatorTable.Count).Select(OperatorTable.Row);

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));

    [GeneratedRegex(@"/// <summary>(?<text>(?:(?!</summary>).)*)</summary>\s+(?<name>\w+) = \d+", RegexOptions.Singleline)]
    private static partial Regex MemberPattern();

    [GeneratedRegex(@"<see cref=""(\w+)""/>")]
    private static partial Regex CrossReferencePattern();
}
