using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using EdgeInference.ModelFormat.Adaptation;

namespace EdgeInference.ModelFormat.Tests;

/// <summary>Holds docs/model-format.md to the code: every offset, identifier and key, in both directions.</summary>
public partial class FormatDocumentTests
{
    [Fact]
    public void Every_offset_of_the_code_is_in_the_document()
    {
        foreach (FieldInfo field in Constants(typeof(FormatLayout)).Where(field => field.Name.EndsWith("Offset", StringComparison.Ordinal)))
        {
            string name = field.Name[..^"Offset".Length];
            Assert.Contains((Value(field), name), Rows(Document()));
        }

        foreach (FieldInfo field in Constants(typeof(SignatureBlock)).Where(field => field.Name.EndsWith("Offset", StringComparison.Ordinal)))
        {
            string block = Document()[Document().IndexOf("## Signature block", StringComparison.Ordinal)..];
            Assert.Contains((Value(field), field.Name[..^"Offset".Length]), Rows(block));
        }
    }

    [Fact]
    public void Every_offset_of_the_learning_heads_is_in_the_document()
    {
        foreach ((Type type, string title) in ((Type, string)[])[(typeof(AdaptationRecord), "## Learning heads"), (typeof(StateFile), "### State files")])
        {
            FieldInfo[] offsets = [.. Constants(type).Where(field => field.Name.EndsWith("Offset", StringComparison.Ordinal))];
            Assert.NotEmpty(offsets);
            string block = Document()[Document().IndexOf(title, StringComparison.Ordinal)..];
            Assert.All(offsets, field => Assert.Contains((Value(field), field.Name[..^"Offset".Length]), Rows(block)));
        }
    }

    [Fact]
    public void Every_section_and_every_contract_record_is_in_the_document_by_number()
    {
        foreach (FieldInfo field in Constants(typeof(FormatLayout)).Where(field => field.Name.EndsWith("Section", StringComparison.Ordinal)))
        {
            Assert.Contains($"| {Value(field)} | {field.Name[..^"Section".Length]} |", Document(), StringComparison.Ordinal);
        }

        foreach (MetadataKey key in Enum.GetValues<MetadataKey>())
        {
            Assert.Matches(string.Create(CultureInfo.InvariantCulture, $@"\| {(int)key} \| {key} \|"), Document());
        }
    }

    [Fact]
    public void The_document_describes_nothing_that_the_code_lacks()
    {
        HashSet<string> known =
        [
            .. Constants(typeof(FormatLayout)).Concat(Constants(typeof(SignatureBlock))).Concat(Constants(typeof(AdaptationRecord))).Concat(Constants(typeof(StateFile)))
                .Select(field => field.Name).Where(name => name.EndsWith("Offset", StringComparison.Ordinal)).Select(name => name[..^"Offset".Length]),
        ];
        Assert.All(Rows(Document()), row => Assert.Contains(row.Name, known));
    }

    private static IEnumerable<FieldInfo> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral);

    private static int Value(FieldInfo field) => (int)field.GetRawConstantValue()!;

    private static List<(int Offset, string Name)> Rows(string text) =>
        [.. RowPattern().Matches(text).Select(match => (int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), match.Groups[2].Value))];

    private static string Document([CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "docs", "model-format.md"));

    [GeneratedRegex(@"^\| (\d+) \| (?:[uif]\d+|\d+ bytes) \| (\w+) \|", RegexOptions.Multiline)]
    private static partial Regex RowPattern();
}
