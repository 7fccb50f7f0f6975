using System.CommandLine;
using System.Globalization;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Pipeline;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Commands;

/// <summary>The options that tune how a model decides, shared by the commands that write models.</summary>
internal sealed class TuningOptions
{
    private readonly Option<string?> threshold = new Option<string?>("--threshold") { Description = "Probability from which class 1 is decided: 0 to 1, or auto to tune it on --data." }.Offer(["auto"]);
    private readonly Option<string?> objective = new Option<string?>("--objective") { Description = "What auto tunes for: f1, youden, cost:R (a missed 1 costs R false alarms) or recall:R.", DefaultValueFactory = _ => "youden" }.Offer(["f1", "youden", "cost:", "recall:"]);
    private readonly Option<CalibrationMethod?> calibrate = new("--calibrate-probability") { Description = "Platt, Isotonic or Temperature, fitted on --data." };
    private readonly Option<double?> abstain = new("--abstain-below") { Description = "Accuracy that decisions must reach on --data; the least certain ones abstain." };
    private readonly Option<double?> unlike = new("--unlike-share") { Description = "Store input statistics so that about this share of typical inputs is reported as unlike the data, for example 0.01." };
    private readonly Option<string?> data = new("--data", "-d") { Description = "Labelled rows to tune on, preferably not used for training." };

    /// <summary>Adds the options to a command.</summary>
    internal void AddTo(Command command)
    {
        command.Add(threshold);
        command.Add(objective);
        command.Add(calibrate);
        command.Add(abstain);
        command.Add(unlike);
        command.Add(data);
    }

    /// <summary>The file of --data, or null.</summary>
    internal string? Data(ParseResult result) => result.GetValue(data);

    /// <summary>The threshold that was given as a number, else null.</summary>
    /// <exception cref="UsageException">It is neither a number from 0 to 1 nor auto.</exception>
    internal float? FixedThreshold(ParseResult result)
    {
        string? text = result.GetValue(threshold);
        if (text is null or "auto")
        {
            return null;
        }

        return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && value is >= 0 and <= 1
            ? value
            : throw new UsageException($"The threshold '{text}' is neither a number from 0 to 1 nor auto.");
    }

    /// <summary>What is to be tuned.</summary>
    /// <exception cref="InputException">The objective is none.</exception>
    internal DecisionOptions Of(ParseResult result) => new()
    {
        Threshold = result.GetValue(threshold) == "auto" ? ThresholdObjective.Parse(result.GetRequiredValue(objective)!) : null,
        Calibration = result.GetValue(calibrate),
        AbstainAccuracy = result.GetValue(abstain),
        UnlikeShare = result.GetValue(unlike),
    };

    /// <summary>The rows of --data, or null.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="label">The label column, or null.</param>
    /// <param name="format">How the file is written, as far as it is known.</param>
    internal RowFile? Rows(ParseResult result, string? label, CsvOptions format) => Data(result) is { } path ? new RowFile(path, label, format) : null;

    /// <summary>Prints what was tuned; nothing where nothing was.</summary>
    internal static void Print(TunedDecisions? tuned)
    {
        if (tuned?.Settings.Threshold is { } threshold)
        {
            Terminal.Notes.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Threshold {threshold:0.0000}, tuned for {tuned.Options.Threshold} on {tuned.Rows} rows."));
        }

        if (tuned?.Settings.AbstainBand is [var low, var high])
        {
            Terminal.Notes.WriteLine(string.Create(CultureInfo.InvariantCulture, $"No decision from {low:0.0000} to below {high:0.0000}: {tuned.Settings.AbstainedShare:0.0%} of {tuned.Rows} rows."));
        }
    }
}
