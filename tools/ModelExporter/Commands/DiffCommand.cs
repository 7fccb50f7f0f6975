using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.Runtime;
using EdgeInference.Tool.Execution;
using EdgeInference.Tool.Report;
using EdgeInference.Tool.Summaries;
using Spectre.Console;

namespace EdgeInference.Tool.Commands;

/// <summary><c>edge diff</c>: in what two model files differ, and on which rows they decide otherwise.</summary>
internal static class DiffCommand
{
    private const int ShownRows = 10;

    internal static Command Create()
    {
        var first = new Argument<string>("first") { Description = "An .edge file." };
        var second = new Argument<string>("second") { Description = "Another .edge file." };
        var data = new Option<string?>("--data", "-d") { Description = "Labelled rows as .csv, to compare decisions on." };
        var label = new Option<string?>("--label", "-l") { Description = "The label column of --data." };
        Option<string?> classes = CommonOptions.Classes();
        var format = new CsvFormatOptions();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("diff", "Shows in what two model files differ: contract, operators, sizes and, with --data, decisions.") { first, second, data, label, classes, json };
        format.AddTo(command);
        command.SetAction(result =>
        {
            string one = result.GetRequiredValue(first);
            string other = result.GetRequiredValue(second);
            if (result.GetValue(data) is null != result.GetValue(label) is null)
            {
                throw new InputException("Decisions are compared on labelled rows; give both --data and --label, or neither.");
            }

            using EdgeModel model = ModelLoader.Load(one);
            using EdgeModel changed = ModelLoader.Load(other);
            Difference[] differences = [.. Differences("", Facts(model), Facts(changed))];
            (ModelComparison Comparison, int[] Rows)? decisions = result.GetValue(data) is { } path
                ? Decisions(model, other, changed, LabelledRows.Read(path, result.GetValue(label)!, model, CommonOptions.Split(result.GetValue(classes)), format.Of(result)), columns => SampleReader.Read(path, columns, result.GetValue(label), format.Of(result)))
                : null;
            if (result.GetValue(json))
            {
                JsonOutput.Print(new { First = one, Second = other, SameBytes = SameBytes(model, changed), Differences = differences, decisions?.Comparison, OtherwiseDecidedRows = decisions?.Rows });
            }
            else
            {
                Print(SameBytes(model, changed), differences, decisions);
            }

            return EdgeCommand.Done;
        });
        return command;
    }

    private static bool SameBytes(EdgeModel model, EdgeModel other) =>
        model.File.Bytes.Memory.Span[..model.File.Length].SequenceEqual(other.File.Bytes.Memory.Span[..other.File.Length]);

    private static (ModelComparison Comparison, int[] Rows) Decisions(EdgeModel model, string path, EdgeModel other, LabelledTable table, Func<ModelColumns, IReadOnlyList<float[]>> again)
    {
        using IEngine engine = Engines.Create(EngineKind.Fast, model);
        var own = Evaluation.Of(table, engine.RunAll(model, table.Rows), ModelRule.Of(model));
        var comparison = ModelComparison.Of(model, table, own, path, other, again);
        return (comparison, [.. Enumerable.Range(0, table.Labels.Length).Where(row => own.Called[row] != comparison.Other.Called[row]).Select(row => row + 1)]);
    }

    // What inspect says of both, so that nothing that it learns to say is forgotten here.
    private static JsonNode? Facts(EdgeModel model) => JsonSerializer.SerializeToNode(ModelSummary.Of(model), JsonOutput.Options);

    private static IEnumerable<Difference> Differences(string path, JsonNode? first, JsonNode? second)
    {
        if (first is JsonObject one && second is JsonObject other)
        {
            return one.Select(pair => pair.Key).Union(other.Select(pair => pair.Key)).SelectMany(key => Differences(path.Length == 0 ? key : $"{path}.{key}", one[key], other[key]));
        }

        if (first is JsonArray list && second is JsonArray items && Math.Max(list.Count, items.Count) is var count and > 0 && (list.FirstOrDefault() ?? items.FirstOrDefault()) is JsonObject)
        {
            return Enumerable.Range(0, count).SelectMany(i => Differences($"{path}[{Place(i < list.Count ? list[i] : items[i], i)}]", i < list.Count ? list[i] : null, i < items.Count ? items[i] : null));
        }

        return JsonNode.DeepEquals(first, second) ? [] : [new Difference(path, Text(first), Text(second))];
    }

    private static string Place(JsonNode? item, int index) => (item?["part"] ?? item?["name"])?.ToString() is { Length: > 0 } name ? name : index.ToString(CultureInfo.InvariantCulture);

    private static string Text(JsonNode? node) => node switch
    {
        null => "",
        JsonObject item when item.TryGetPropertyValue("operator", out JsonNode? name) => name!.ToString(),
        JsonArray list => string.Join(", ", list.Select(item => item?.ToString() ?? "")),
        _ => node.ToString().ReplaceLineEndings(" "),
    };

    private static void Print(bool isSame, Difference[] differences, (ModelComparison Comparison, int[] Rows)? decisions)
    {
        IAnsiConsole console = Terminal.Console;
        if (isSame)
        {
            Terminal.Notes.WriteLine("Both files hold the same bytes.");
        }
        else if (differences.Length == 0)
        {
            Terminal.Notes.WriteLine("Contract, operators and sizes are the same; the weights differ.");
        }
        else
        {
            var table = new Spectre.Console.Table { Border = Terminal.Border };
            table.AddColumns("", "first", "second");
            foreach (Difference difference in differences)
            {
                table.AddRow(Markup.Escape(difference.What), Markup.Escape(difference.First), Markup.Escape(difference.Second));
            }

            console.Write(table);
        }

        if (decisions is not var (comparison, rows))
        {
            return;
        }

        Terminal.Notes.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows.Length} of {comparison.Other.Rows} rows are decided otherwise{(rows.Length == 0 ? "" : ": rows " + string.Join(", ", rows.Take(ShownRows)) + (rows.Length > ShownRows ? ", …" : ""))}."));
        Terminal.Notes.WriteLine(comparison.Verdict());
    }

    private sealed record Difference(string What, string First, string Second);
}
