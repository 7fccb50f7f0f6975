using System.CommandLine;
using System.Globalization;
using EdgeRuntime;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Decide;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Plan;
using ModelFormat;

namespace ModelExporter.Commands;

/// <summary>The options that tune how a model decides, shared by the commands that write models.</summary>
internal sealed class TuningOptions
{
    private readonly Option<string?> threshold = new("--threshold") { Description = "Probability from which on class 1 is decided: 0 to 1, or auto to tune it on --data." };
    private readonly Option<string> objective = new("--objective") { Description = "What auto tunes for: f1, youden, cost:R (a missed 1 costs R false alarms) or recall:R.", DefaultValueFactory = _ => "youden" };
    private readonly Option<CalibrationMethod?> calibrate = new("--calibrate-probability") { Description = "Platt, Isotonic or Temperature, fitted on --data." };
    private readonly Option<double?> abstain = new("--abstain-below") { Description = "Accuracy that decisions must have on --data; the least certain ones are not taken." };
    private readonly Option<double?> unlike = new("--unlike-share") { Description = "Store input statistics so that about this share of typical inputs is called unlike the data, for example 0.01." };
    private readonly Option<string?> data = new("--data", "-d") { Description = "Labelled rows to tune on, best ones that the model was not trained on." };

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

    /// <summary>Whether rows are read to tune on.</summary>
    internal bool ReadsRows(ParseResult result) => Data(result) is not null;

    /// <summary>The threshold that was given as a number, else null.</summary>
    internal float? FixedThreshold(ParseResult result)
    {
        string? text = result.GetValue(threshold);
        if (text is null or "auto")
        {
            return null;
        }

        return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && value is >= 0 and <= 1
            ? value
            : throw new InputException($"The threshold '{text}' is neither a number from 0 to 1 nor auto.");
    }

    /// <summary>Tunes a finished graph's decision records, as asked for.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="graph">The graph as it will be written.</param>
    /// <param name="label">The label column, or null.</param>
    /// <param name="fallback">Rows to tune on where no --data is given, or null.</param>
    /// <param name="hasHeader">Whether the first row of --data names its columns.</param>
    /// <exception cref="InputException">Rows are missing or do not fit.</exception>
    internal void Apply(ParseResult result, Graph graph, string? label, LabelledTable? fallback, bool hasHeader = true)
    {
        var options = new DecisionOptions
        {
            Threshold = result.GetValue(threshold) == "auto" ? ThresholdObjective.Parse(result.GetRequiredValue(objective)) : null,
            Calibration = result.GetValue(calibrate),
            AbstainAccuracy = result.GetValue(abstain),
            UnlikeShare = result.GetValue(unlike),
        };
        if (options == new DecisionOptions())
        {
            return;
        }

        using EdgeModel model = EdgeModel.Load(ProgramWriter.Write(graph));
        if (model.File.Decision.Role(0) == ModelFormat.OutputRole.Score && (options.Threshold is not null || options.Calibration is not null || options.AbstainAccuracy is not null))
        {
            throw new InputException("The model gives scores, not probabilities, so that neither threshold, calibration nor abstain band can be tuned; leave these options out.");
        }

        LabelledTable rows = Rows(result.GetValue(data), label, fallback, model, hasHeader);
        using IEngine engine = Engines.Create(Engines.Names[0], model);
        DecisionSettings settings = DecisionTuner.Tune(rows, engine.RunAll(model, rows.Rows), options, fallback?.Rows);
        graph.Metadata = settings.ApplyTo(graph.Metadata);
        if (settings.Threshold is { } tuned)
        {
            Terminal.Notes.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Threshold {tuned:0.0000}, tuned for {options.Threshold} on {rows.Rows.Count} rows."));
        }

        if (settings.AbstainBand is [var low, var high])
        {
            Terminal.Notes.WriteLine(string.Create(CultureInfo.InvariantCulture, $"No decision from {low:0.0000} to below {high:0.0000}: {settings.AbstainedShare:0.0%} of {rows.Rows.Count} rows."));
        }
    }

    private static LabelledTable Rows(string? path, string? label, LabelledTable? fallback, EdgeModel model, bool hasHeader)
    {
        if (path is null)
        {
            return fallback ?? throw new InputException("Tuning decisions needs labelled rows; give a CSV with --data and its label column with --label.");
        }

        return label is null
            ? throw new InputException($"'{path}' needs a label column to tune on; name it with --label.")
            : EvaluateCommand.Read(path, label, model, hasHeader: hasHeader);
    }
}
