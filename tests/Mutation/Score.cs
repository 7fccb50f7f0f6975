using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EdgeInference.Mutation;

/// <summary>What a run found, as text, as Markdown and as JSON.</summary>
internal sealed class Score
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly IReadOnlyList<Verdict> verdicts;

    internal Score(IReadOnlyList<Verdict> verdicts, IReadOnlyList<string> wrong)
    {
        this.verdicts = verdicts;
        var text = new StringBuilder("\n| Area | Tried | Caught | Score | of those hung |\n| --- | ---: | ---: | ---: | ---: |\n");
        foreach (IGrouping<string, Verdict> area in verdicts.GroupBy(verdict => verdict.Mutant.Area))
        {
            Row(text, area.Key, [.. area]);
        }

        Row(text, "all", verdicts);
        Section(text, "Survived", verdicts.Where(verdict => !verdict.Caught).Select(verdict => Named(verdict) + (verdict.Reached == 0 ? " (no test reaches it)" : "")));
        Section(text, "Caught, but by none of the tests that the list names", verdicts.Where(verdict => verdict.ByOthers).Select(verdict => $"{Named(verdict)}: {verdict.By[0]}"));
        Section(text, "Lists that do not hold", wrong);
        Text = text.ToString();
    }

    internal string Text { get; }

    internal static string Line(Verdict verdict) => string.Create(CultureInfo.InvariantCulture,
        $"{(verdict.Caught ? "caught  " : "SURVIVED")} {verdict.Mutant.Area,-9} {Named(verdict)} {(verdict.Caught ? $"by {verdict.By[0]}" : verdict.Reached is null ? "by the tests named" : $"after {verdict.Reached} classes")} ({verdict.Seconds:F0} s{(verdict.Rebuilt ? ", rebuilt" : "")})");

    internal void Write(Options options)
    {
        File.WriteAllText(Path.Combine(options.Work, "result.md"), Text);
        var rows = verdicts.Select(verdict => new
        {
            verdict.Mutant.Number,
            verdict.Mutant.Area,
            verdict.Mutant.Name,
            verdict.Mutant.File,
            verdict.Mutant.Line,
            verdict.Mutant.Original,
            verdict.Mutant.Replacement,
            verdict.Caught,
            verdict.Hung,
            verdict.Rebuilt,
            verdict.Reached,
            verdict.By,
            Seconds = Math.Round(verdict.Seconds, 1),
        });
        File.WriteAllText(Path.Combine(options.Work, "result.json"), JsonSerializer.Serialize(rows, Indented));
    }

    private static string Named(Verdict verdict) =>
        $"{verdict.Mutant.Place} `{verdict.Mutant.Original}` → `{verdict.Mutant.Replacement}` [{verdict.Mutant.Name}]";

    private static void Row(StringBuilder text, string area, IReadOnlyList<Verdict> verdicts)
    {
        int caught = verdicts.Count(verdict => verdict.Caught);
        text.Append(CultureInfo.InvariantCulture, $"| {area} | {verdicts.Count} | {caught} | {(verdicts.Count == 0 ? 0 : 100.0 * caught / verdicts.Count):F0} % | {verdicts.Count(verdict => verdict.Hung)} |\n");
    }

    private static void Section(StringBuilder text, string title, IEnumerable<string> lines)
    {
        string[] all = [.. lines];
        if (all.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{title}:\n\n").AppendJoin('\n', all.Select(line => "- " + line)).Append('\n');
        }
    }
}
