using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeInference.Tool.Commands.Rows;

/// <summary>Answers as a table or as JSON.</summary>
internal static class AnswerWriter
{
    private static readonly SearchValues<char> quoted = SearchValues.Create(",\"\r\n");

    // A row a line: a program reads it, and a person can.
    private static readonly JsonSerializerOptions oneLine = new(JsonOutput.Options) { WriteIndented = false, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>A CSV with a header that names the columns.</summary>
    internal static string Csv(AnswerForm form, Answer[] answers)
    {
        var text = new StringBuilder().AppendJoin(',', form.Columns.Select(Quote)).Append('\n');
        foreach (Answer answer in answers)
        {
            if (form.Decides)
            {
                text.Append(CultureInfo.InvariantCulture, $"{answer.Decision},{Quote(form.Class(answer.Decision))},{answer.Probability:R},");
            }

            if (form.HasAnomalies)
            {
                text.Append(CultureInfo.InvariantCulture, $"{(answer.IsAnomaly == true ? 1 : 0)},{answer.AnomalyScore:R},");
            }

            text.AppendJoin(',', answer.Outputs.Select(value => value.ToString("R", CultureInfo.InvariantCulture))).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A JSON array with an object for each row.</summary>
    internal static string Json(AnswerForm form, Answer[] answers)
    {
        var text = new StringBuilder("[\n");
        for (int i = 0; i < answers.Length; i++)
        {
            text.Append(JsonSerializer.Serialize(Row(form, answers[i], i + 1), oneLine)).Append(i < answers.Length - 1 ? ",\n" : "\n");
        }

        return text.Append("]\n").ToString();
    }

    private static JsonRow Row(AnswerForm form, Answer answer, int number)
    {
        if (!form.Decides)
        {
            return new JsonRow(number, answer.Outputs);
        }

        string of = form.ValueOf ?? form.Class(answer.Decision);
        return new JsonRow(number, answer.Outputs)
        {
            Decision = answer.Decision,
            Class = form.Class(answer.Decision),
            Probability = form.IsScore ? null : answer.Probability,
            ProbabilityOf = form.IsScore ? null : of,
            Score = form.IsScore ? answer.Probability : null,
            ScoreOf = form.IsScore ? of : null,
            Anomaly = answer.IsAnomaly,
            AnomalyScore = answer.AnomalyScore,
            Reason = JsonNamingPolicy.SnakeCaseLower.ConvertName(answer.Reason.ToString()),
        };
    }

    private static string Quote(string text) =>
        text.AsSpan().ContainsAny(quoted) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    // In the order of the properties; what a model has not is left out.
    private sealed record JsonRow(int Row, [property: JsonPropertyOrder(1)] float[] Outputs)
    {
        public int? Decision { get; init; }

        public string? Class { get; init; }

        public float? Probability { get; init; }

        public string? ProbabilityOf { get; init; }

        public float? Score { get; init; }

        public string? ScoreOf { get; init; }

        public bool? Anomaly { get; init; }

        public float? AnomalyScore { get; init; }

        public string? Reason { get; init; }
    }
}
