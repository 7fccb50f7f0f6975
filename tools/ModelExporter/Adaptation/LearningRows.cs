using System.Globalization;
using EdgeInference.ModelConverter.Data;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Adaptation;

/// <summary>Labelled rows whose classes are those of a model, and others in the order in which they came first.</summary>
internal static class LearningRows
{
    // As many as a state file has room for.
    private const int MaxText = 24;

    /// <summary>Reads rows in the order of a model's inputs.</summary>
    /// <param name="path">A CSV file; - for standard input.</param>
    /// <param name="label">Its label column.</param>
    /// <param name="model">The model.</param>
    /// <param name="known">The texts of its classes, those that it was taught included.</param>
    /// <param name="format">How the file is written.</param>
    /// <param name="room">How many classes may be added.</param>
    /// <param name="whose">Whose classes these are, for messages, where rows are tried and not learned; null for the model's, where they are learned.</param>
    /// <exception cref="InputException">The file does not fit the model, or has classes that cannot be added.</exception>
    internal static LabelledTable Read(string path, string label, EdgeModel model, IReadOnlyList<string> known, CsvOptions format, int room, string? whose = null)
    {
        CsvFile file = CsvFile.Open(path, format, label);
        var columns = ModelColumns.Of(model);
        int column = file.LabelColumn(label);
        CsvLabels labels = new CsvLoad(file, [], column).Read().Labels!;
        string[] added = Added(labels, columns, known);
        CheckRoom(path, label, added, known, room, whose ?? "the model", isTried: whose is not null);
        IReadOnlyList<string> all = columns.ClassTexts.Count == 0 && known.Count == columns.ClassCount && added.Length == 0 ? [] : [.. known, .. added];
        LabelledTable table = ClassMatch.Read(file, label, columns with { ClassTexts = all });
        return table with { Classes = [.. known, .. added] };
    }

    /// <summary>The label of each row, whatever it is.</summary>
    internal static string[] Labels(string path, string label, CsvOptions format)
    {
        CsvFile file = CsvFile.Open(path, format, label);
        CsvLabels labels = new CsvLoad(file, [], file.LabelColumn(label)).Read().Labels!;
        return Array.ConvertAll(labels.Rows([.. Enumerable.Range(0, labels.Distinct.Length)]), row => labels.Distinct[row]);
    }

    private static string[] Added(CsvLabels labels, ModelColumns columns, IReadOnlyList<string> known)
    {
        // Numbers of classes that have texts, as tables often write them.
        bool areIndices = columns.ClassTexts.Count > 0 && !columns.ClassTexts.Any(text => double.TryParse(text, CultureInfo.InvariantCulture, out _))
            && labels.Distinct.All(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < known.Count);
        return areIndices ? [] : [.. labels.Distinct.Where(text => ClassMatch.Find(text, known) < 0)];
    }

    private static void CheckRoom(string path, string label, string[] added, IReadOnlyList<string> known, int room, string whose, bool isTried)
    {
        if (added.Length == 0)
        {
            return;
        }

        string which = $"'{path}' has {NameMatch.List(added, 5)} in column '{label}', which {(added.Length == 1 ? "is not a class" : "are not classes")} of {whose} ({NameMatch.List([.. known], 10)})";
        if (room == 0)
        {
            throw new InputException($"{which}, {(isTried ? "so that no head can be right; correct the label, or learn rows of it first" : $"and it has no room for {(added.Length == 1 ? "one" : "them")}; correct the label, or prepare the model with 'edge train --adaptable=layer,classes'")}.");
        }

        if (added.Length > room)
        {
            throw new InputException($"{which}, and it has room for {room} more; correct the labels, or prepare the model with more room, as in --adaptable=layer,classes:{Math.Min(32, added.Length)}.");
        }

        if (added.FirstOrDefault(text => text.Length is 0 or > MaxText) is { } text)
        {
            throw new InputException($"{which}; '{text}' has {text.Length} characters, and an added class may have 1 to {MaxText}.");
        }
    }
}
