using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Decisions;

/// <summary>Takes a source model the way a user does, from its file to a decision, and holds every decision to the framework's own.</summary>
internal sealed class DecisionCheck : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-decisions-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>Exports, evaluates and decides with every classifier.</summary>
    /// <returns>What <c>edge export</c> said on standard error.</returns>
    internal string Check(DecisionCase item)
    {
        string edge = Path.Combine(folder, "m.edge");
        (int exitCode, string said) = CommandLine.Run(out _, ["export", item.Model, "-o", edge, .. item.Options]);
        Assert.True(exitCode == 0, $"{item}: edge export refused: {said}");
        List<string> faults = [];
        Evaluate(item, edge, faults);
        Run(item, edge, faults);
        byte[] file = File.ReadAllBytes(edge);
        using EdgeModel model = EdgeModel.Load(file);
        foreach ((string engine, Func<float[], Decided> decide) in EngineAdapter.Classifiers(file, model))
        {
            Compare(item, engine, decide, faults);
        }

        Assert.True(faults.Count == 0, $"{item}:\n{string.Join('\n', faults)}\n{said}");
        return said;
    }

    /// <summary>Exports without the options and expects no decision: every way to one names the option that is missing.</summary>
    internal void CheckRefused(DecisionCase item, string option)
    {
        string edge = Path.Combine(folder, "undecided.edge");
        (int exitCode, string said) = CommandLine.Run(out _, "export", item.Model, "-o", edge);
        Assert.True(exitCode == 0, $"{item}: edge export refused: {said}");
        Assert.Contains(option, said, StringComparison.Ordinal);
        string data = Path.Combine(folder, "rows.csv");
        WriteRows(item, data);
        (exitCode, string error) = CommandLine.Run(out _, "evaluate", edge, "--data", data, "--label", "predicted");
        Assert.Equal(1, exitCode);
        Assert.Contains(option, error, StringComparison.Ordinal);
        byte[] file = File.ReadAllBytes(edge);
        using EdgeModel model = EdgeModel.Load(file);
        Assert.All(EngineAdapter.Refusals(file, model), sentence => Assert.Contains(option, sentence, StringComparison.Ordinal));
    }

    // One label that differs is an accuracy below 1, one text that the model does not have a refusal.
    private void Evaluate(DecisionCase item, string edge, List<string> faults)
    {
        string data = Path.Combine(folder, "rows.csv");
        WriteRows(item, data);
        string[] classes = item.Classes is null ? [] : ["--classes", string.Join(',', item.Classes)];
        (int exitCode, string error) = CommandLine.Run(out string text, ["evaluate", edge, "--data", data, "--label", "predicted", "--json", .. classes]);
        if (exitCode != 0)
        {
            faults.Add($"edge evaluate refused: {error}");
            return;
        }

        using var json = JsonDocument.Parse(text);
        double accuracy = json.RootElement.GetProperty("accuracy").GetDouble();
        if (accuracy != 1)
        {
            faults.Add($"edge evaluate: {Math.Round((1 - accuracy) * item.Rows.Count)} of {item.Rows.Count} labels differ.");
        }
    }

    // What a person reads who runs the model on the same rows.
    private void Run(DecisionCase item, string edge, List<string> faults)
    {
        string data = Path.Combine(folder, "rows.csv");
        WriteRows(item, data);
        (int exitCode, string error) = CommandLine.Run(out string text, "run", edge, "--input", data, "--label", "predicted", "--json");
        if (exitCode != 0)
        {
            faults.Add($"edge run refused: {error}");
            return;
        }

        using var json = JsonDocument.Parse(text);
        JsonElement[] answers = [.. json.RootElement.EnumerateArray()];
        int row = 0;
        Compare(item, "edge run", _ =>
        {
            JsonElement answer = answers[row++];
            float value = (answer.TryGetProperty("probability", out JsonElement given) || answer.TryGetProperty("score", out given)) && given.ValueKind == JsonValueKind.Number ? given.GetSingle() : float.NaN;
            return new Decided(answer.GetProperty("decision").GetInt32(), answer.GetProperty("class").GetString(), value);
        }, faults);
    }

    private static void Compare(DecisionCase item, string engine, Func<float[], Decided> decide, List<string> faults)
    {
        int wrongTexts = 0, wrongValues = 0;
        string first = "";
        for (int i = 0; i < item.Rows.Count; i++)
        {
            Decided decided = decide(item.Rows[i]);
            string text = item.Classes is null ? decided.Text ?? decided.Label.ToString(CultureInfo.InvariantCulture) : decided.Label < 0 ? "none" : item.Classes[decided.Label];
            bool sameText = text == item.Predicted[i];

            // The probability of a class that was not decided for is no comparison.
            bool sameValue = item.Values is null || !sameText || Math.Abs(decided.Value - item.Values[i]) <= item.Tolerance * Math.Max(1f, Math.Abs(item.Values[i]));
            wrongTexts += sameText ? 0 : 1;
            wrongValues += sameValue ? 0 : 1;
            first = first.Length > 0 || (sameText && sameValue) ? first : $"row {i}: '{text}' with {decided.Value}, right '{item.Predicted[i]}' with {item.Values?[i]}";
        }

        if (first.Length > 0)
        {
            faults.Add($"{engine}: {wrongTexts} labels and {wrongValues} values of {item.Rows.Count} differ; {first}.");
        }
    }

    // In the reverse order where columns go by name: what is taken by position is then wrong.
    private static void WriteRows(DecisionCase item, string path)
    {
        int[] order = [.. Enumerable.Range(0, item.Features.Count)];
        if (item.IsNamed)
        {
            Array.Reverse(order);
        }

        var text = new StringBuilder();
        text.AppendJoin(',', order.Select(i => item.Features[i]).Append("predicted")).Append('\n');
        for (int row = 0; row < item.Rows.Count; row++)
        {
            text.AppendJoin(',', order.Select(i => item.Rows[row][i]).Select(value => float.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture)));
            text.Append(CultureInfo.InvariantCulture, $",{item.Predicted[row]}\n");
        }

        File.WriteAllText(path, text.ToString());
    }
}
