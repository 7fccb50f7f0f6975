using System.Globalization;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using EdgeInference.Tool.Adaptation;

namespace EdgeInference.Tool.Commands.Rows;

/// <summary>What the columns of a model's answers are called, and the texts of its classes.</summary>
internal sealed class AnswerForm
{
    private readonly string[] classes;

    private AnswerForm(EdgeModel model, AdaptedModel? adapted)
    {
        ModelFile file = model.File;
        string[] texts = file.Metadata.TextList(MetadataKey.Labels);
        Decides = file.Decision.Refusal is null;
        int count = Math.Max(2, model.OutputLength);
        classes = Decides ? [.. Enumerable.Range(0, count).Select(i => i < texts.Length ? texts[i] : Number(i))] : [];
        classes = adapted is null ? classes : adapted.ClassTexts();
        HasAnomalies = adapted is { KnowsNormal: true };
        IsScore = Decides && file.Decision.Role(0) == OutputRole.Score;

        // Of two classes the value is that of class 1, whichever is decided for, and a reader has to know whose it is.
        ValueOf = count == 2 && Decides && classes.Length == 2 ? classes[1] : null;
        string prefix = Decides ? "output " : "";
        Outputs = texts.Length == model.OutputLength ? [.. texts.Select(text => prefix + text)]
            : texts.Length == 2 && model.OutputLength == 1 ? [prefix + texts[1]]
            : Names(file, model.OutputLength);
    }

    /// <summary>Whether the model decides between classes.</summary>
    internal bool Decides { get; }

    /// <summary>Whether answers say how unlike normal samples a row is.</summary>
    internal bool HasAnomalies { get; }

    /// <summary>Whether it decides on a score, which is no probability.</summary>
    internal bool IsScore { get; }

    /// <summary>The class whose probability is given, where it is one and the same in every row; else null: that of the class that is decided for.</summary>
    internal string? ValueOf { get; }

    /// <summary>A name for each output.</summary>
    internal IReadOnlyList<string> Outputs { get; }

    /// <summary>A name for each column of a table of answers.</summary>
    internal IEnumerable<string> Columns => Decides
        ? [.. (string[])["decision", "class", (IsScore ? "score" : "probability") + (ValueOf is null ? "" : $" of {ValueOf}")], .. HasAnomalies ? (string[])["anomaly", "anomaly score"] : [], .. Outputs]
        : Outputs;

    /// <summary>The form of a model's answers.</summary>
    /// <param name="model">The model.</param>
    /// <param name="adapted">The same with what it learned, or null.</param>
    internal static AnswerForm Of(EdgeModel model, AdaptedModel? adapted = null) => new(model, adapted);

    /// <summary>The text of a class, its number where the model has none; empty for no decision.</summary>
    internal string Class(int decision) => decision < 0 ? "" : classes[decision];

    private static string[] Names(ModelFile file, int length)
    {
        string[] names =
        [
            .. Enumerable.Range(0, file.Outputs.Length).SelectMany(port => file.Outputs[port].Elements == 1
                ? [file.OutputName(port)]
                : Enumerable.Range(0, file.Outputs[port].Elements).Select(i => file.OutputName(port) is { Length: > 0 } name ? $"{name}[{Number(i)}]" : "")),
        ];
        return names.Length == length && names.Distinct().Count() == length && !names.Contains("") ? names : [.. Enumerable.Range(0, length).Select(i => "output" + Number(i))];
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
