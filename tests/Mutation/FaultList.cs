using System.Globalization;

namespace EdgeInference.Mutation;

/// <summary>Reads a list of faults: paragraphs of lines, each a word and what it names.</summary>
internal static class FaultList
{
    internal static List<Fault> ReadFolder(string folder, IReadOnlyCollection<string> areas)
    {
        var faults = new List<Fault>();
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.txt") : [];
        foreach (string file in files.Order(StringComparer.Ordinal))
        {
            string area = Path.GetFileNameWithoutExtension(file);
            if (areas.Contains(area))
            {
                faults.AddRange(Read(File.ReadAllText(file), area, Path.GetFileName(file)));
            }
        }

        if (faults.GroupBy(fault => fault.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new MutationException($"Two faults have the name '{twice.Key}': {string.Join(" and ", twice.Select(fault => fault.Where))}.");
        }

        return faults;
    }

    internal static IEnumerable<Fault> Read(string text, string area, string source)
    {
        var paragraph = new List<(string Line, int Number)>();
        int number = 0;
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n').Append(""))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                if (!line.StartsWith('#'))
                {
                    paragraph.Add((line.TrimEnd(), number));
                }
            }
            else if (paragraph.Count > 0)
            {
                yield return Paragraph(paragraph, area, source);
                paragraph.Clear();
            }
        }
    }

    private static Fault Paragraph(List<(string Line, int Number)> lines, string area, string source)
    {
        string? name = null, file = null, member = null, original = null, replacement = null;
        bool rebuild = false;
        var tests = new List<string>();
        string where = string.Create(CultureInfo.InvariantCulture, $"{source}:{lines[0].Number}");
        foreach ((string line, int number) in lines)
        {
            string word = line.Split(' ', 2)[0];
            string rest = line[word.Length..].Trim();
            switch (word)
            {
                case "fault": name = rest; break;
                case "file": file = rest; break;
                case "member": member = rest; break;
                case "-": original = Joined(original, rest); break;
                case "+": replacement = Joined(replacement, rest); break;
                case "test": tests.AddRange(rest.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)); break;
                case "rebuild": rebuild = true; break;
                default: throw new MutationException($"{source}:{number}: '{word}' is no word of a list of faults: fault, file, rebuild, member, -, +, test.");
            }
        }

        if (string.IsNullOrEmpty(name) || string.IsNullOrEmpty(file) || string.IsNullOrEmpty(original) || replacement is null)
        {
            throw new MutationException($"{where}: a fault needs the lines fault, file, - and +.");
        }

        return new Fault(area, name, file, member, original, replacement, tests, rebuild, where);
    }

    private static string Joined(string? before, string line) => before is null ? line : before + " " + line;
}
