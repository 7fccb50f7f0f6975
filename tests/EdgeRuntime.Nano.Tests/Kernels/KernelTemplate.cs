using System.Text;
using System.Text.RegularExpressions;

namespace EdgeInference.Nano.Tests.Kernels;

/// <summary>
/// Kernels that differ in their types alone, written from one text, because C# 7.3 on nanoFramework has no generics. A template
/// begins with a table, a line a name and a column a twin: <c>twin = DenseInt8Chunked | DenseInt16Chunked</c> names the files and
/// the other lines what <c>$name$</c> stands for in each. An empty line ends the table. In the text, lines between <c>#if twin</c>,
/// <c>#else</c> and <c>#endif</c> are for one twin alone or for the others; they are not nested.
/// </summary>
internal static partial class KernelTemplate
{
    /// <summary>The name of each twin, and its text.</summary>
    /// <param name="file">The template's file name, for the first line of each twin.</param>
    /// <param name="template">The template.</param>
    /// <exception cref="FormatException">A name or a twin is not in the table, or an <c>#if</c> has no end.</exception>
    internal static List<(string Name, string Text)> Expand(string file, string template)
    {
        int body = template.IndexOf("\n\n", StringComparison.Ordinal);
        Dictionary<string, string[]> table = template[..body].Split('\n').Select(Row).ToDictionary();
        string[] twins = table["twin"];
        return [.. twins.Select((twin, column) => (twin, $"// Written from {file} by KernelTemplateTests.\n{Text(template[(body + 2)..], twin, twins, name => Value(table, name, column))}"))];
    }

    private static KeyValuePair<string, string[]> Row(string line)
    {
        int equals = line.IndexOf('=', StringComparison.Ordinal);
        return new(line[..equals].Trim(), line[(equals + 1)..].Split('|', StringSplitOptions.TrimEntries));
    }

    private static string Value(Dictionary<string, string[]> table, string name, int column) =>
        table.TryGetValue(name, out string[]? values) && column < values.Length ? values[column] : throw new FormatException($"{name} has no value for {table["twin"][column]}.");

    private static string Text(string body, string twin, string[] twins, Func<string, string> value)
    {
        var text = new StringBuilder();
        bool isInside = false;
        bool isKept = true;
        foreach (string line in body.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith('#'))
            {
                string condition = line.StartsWith("#if ", StringComparison.Ordinal) ? line[4..] : line;
                if (isInside != (condition is "#else" or "#endif") || !(isInside || twins.Contains(condition)))
                {
                    throw new FormatException($"{line} stands where it cannot.");
                }

                isKept = condition is "#endif" || (isInside ? !isKept : condition == twin);
                isInside = condition is not "#endif";
            }
            else if (isKept)
            {
                text.Append(Name().Replace(line, match => value(match.Groups[1].Value))).Append('\n');
            }
        }

        return isInside ? throw new FormatException("An #if has no end.") : text.ToString();
    }

    [GeneratedRegex(@"\$(\w+)\$")]
    private static partial Regex Name();
}
