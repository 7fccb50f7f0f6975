using System.Globalization;
using System.Text;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelTraining;

namespace EdgeInference.Tool.Report;

/// <summary>The losses of each epoch as a CSV file beside the model: epoch, training_loss, validation_loss (empty if no rows were kept out).</summary>
internal static class TrainingHistory
{
    private const string Header = "epoch,training_loss,validation_loss";

    /// <summary>The file's text.</summary>
    internal static string Write(IReadOnlyList<TrainingProgress> history)
    {
        bool validated = history.Count > 0 && !double.IsNaN(history[0].ValidationLoss);
        var text = new StringBuilder(validated ? Header : Header[..Header.LastIndexOf(',')]).Append('\n');
        foreach (TrainingProgress epoch in history)
        {
            text.Append(CultureInfo.InvariantCulture, $"{epoch.Epoch},{epoch.TrainingLoss:R}");
            text.Append(validated ? string.Create(CultureInfo.InvariantCulture, $",{epoch.ValidationLoss:R}\n") : "\n");
        }

        return text.ToString();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InputException">The file is missing or is none of these.</exception>
    internal static IReadOnlyList<TrainingProgress> Read(string path)
    {
        Table table = CsvTable.Read(path);
        bool validated = string.Join(',', table.Names) == Header;
        return validated || Header.StartsWith(string.Join(',', table.Names) + ",validation", StringComparison.Ordinal)
            ? [.. table.Rows.Select(row => new TrainingProgress((int)row[0], table.Rows.Count, row[1], validated ? row[2] : double.NaN))]
            : throw new InputException($"'{path}' is not a training history: its columns are not {Header}; write one with 'edge train --history'.");
    }
}
