using System.Text.Json;

namespace EdgeInference.Tool.Tests.Decisions;

/// <summary>Classifiers of scikit-learn as skl2onnx writes them, held to scikit-learn's own predict() and predict_proba().</summary>
public sealed class ScikitLearnTests : IDisposable
{
    private static readonly Dictionary<string, DecisionCase> All = Read("breast_original", DecisionData.BreastOriginal)
        .Concat(Read("iris", DecisionData.Iris))
        .ToDictionary(item => item.Name);

    private readonly DecisionCheck check = new();

    public static TheoryData<string> Names => [.. All.Keys];

    public void Dispose() => check.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_row_is_decided_as_scikit_learn_does(string name) => check.Check(All[name]);

    [Theory]
    [InlineData("svc_probability_three")]
    [InlineData("svc_probability_texts_three")]
    [InlineData("svc_probability_signed_three")]
    [InlineData("nu_svc_probability_three")]
    public void Votes_decide_where_they_are_asked_for(string name)
    {
        DecisionCase item = All[name];
        Assert.Contains("--head scores", check.Check(item), StringComparison.Ordinal);
        check.Check(item with { Options = ["--head", "scores"], Predicted = item.SourceLabels!, Values = null });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ONNX_Runtime_has_the_same_labels(string name)
    {
        DecisionCase item = All[name];
        string[] labels = OnnxRuntimeAnswers.Of(item.Model, item.Rows);
        int[] other = [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] != (item.SourceLabels ?? item.Predicted)[i])];
        Assert.True(other.Length == 0, $"{name}: {other.Length} differ, {string.Join(", ", other.Take(5).Select(i => $"row {i} {labels[i]} not {item.Predicted[i]}"))}");
    }

    private static IEnumerable<DecisionCase> Read(string file, string data)
    {
        float[][] rows = DecisionData.Rows(data);
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(DecisionData.Folder, "sklearn", file + ".json")));
        foreach (JsonElement item in json.RootElement.EnumerateArray())
        {
            string name = item.GetProperty("name").GetString()!;
            string[] classes = [.. item.GetProperty("classes").EnumerateArray().Select(text => text.GetString()!)];
            int[] predicted = [.. item.GetProperty("predicted").EnumerateArray().Select(label => label.GetInt32())];
            float[][] own = [.. rows.Select(row => row.ToArray())];
            if (item.TryGetProperty("missing", out JsonElement missing))
            {
                for (int i = 0; i < own.Length; i++)
                {
                    foreach (JsonElement column in missing[i].EnumerateArray())
                    {
                        own[i][column.GetInt32()] = float.NaN;
                    }
                }
            }

            string model = Path.Combine(DecisionData.Folder, "sklearn", name + ".onnx");
            float[]? values = item.TryGetProperty("values", out JsonElement given)
                ? given.ValueKind == JsonValueKind.String ? OnnxRuntimeAnswers.Values(model, own, predicted) : [.. given.EnumerateArray().Select((value, i) => (value.ValueKind == JsonValueKind.Array ? value[predicted[i]] : value).GetSingle())]
                : null;
            yield return new DecisionCase(name, model, DecisionData.Features(data), own, [.. predicted.Select(label => classes[label])])
            {
                Values = values,
                IsNamed = item.TryGetProperty("named", out _),

                // Scores are sums of many terms that are larger than they, in float32.
                Tolerance = name.Contains("svc", StringComparison.Ordinal) || name.Contains("nb", StringComparison.Ordinal) ? 1e-4f : 1e-5f,
                SourceLabels = item.TryGetProperty("votes", out JsonElement votes) ? [.. votes.EnumerateArray().Select(label => classes[label.GetInt32()])] : null,
            };
        }
    }
}
