using System.CommandLine;
using System.Globalization;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Pipeline;
using EdgeInference.Runtime;
using EdgeInference.Tool.Execution;
using EdgeInference.Tool.Report;

namespace EdgeInference.Tool.Commands;

/// <summary><c>edge report</c>: all that can be said of a classifier, as one HTML file.</summary>
internal static class ReportCommand
{
    internal static Command Create()
    {
        var model = new Argument<string>("model") { Description = "An .edge file that holds a classifier." };
        var other = new Argument<string?>("other") { Description = "Another .edge file of the same inputs and classes to compare with.", DefaultValueFactory = _ => null };
        var data = new Option<string>("--data", "-d") { Description = "Labelled rows as .csv, preferably not used for training.", Required = true };
        var label = new Option<string>("--label", "-l") { Description = "The label column.", Required = true };
        Option<string> output = CommonOptions.Output("The .html file to write; - for standard output.");
        var source = new Option<string?>("--source", "-s") { Description = "The model that the file was exported from, or its float32 .edge, to compare precisions with; not needed for a float32 file." };
        var history = new Option<string?>("--history") { Description = "Losses by epoch, written by 'edge train --history'." };
        var calibrate = new Option<string?>("--calibrate", "-c") { Description = "Rows to calibrate int8 and int16 on for the comparison of precisions, best the training rows." };
        var cost = new Option<double?>("--cost") { Description = "What a missed class 1 costs, in false alarms: a further line of the table of costs." };
        var noTimings = new Option<bool>("--no-timings") { Description = "Omit measured times, so that the same input gives the same bytes." };
        Option<string?> board = BoardOption.Create();
        Option<string?> classes = CommonOptions.Classes();
        var format = new CsvFormatOptions();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("report", "Writes one HTML file on a classifier: decisions, calibration, precision, memory, time.") { model, other, data, label, classes, output, source, calibrate, history, cost, board, noTimings, json };
        format.AddTo(command);
        command.SetAction(result =>
        {
            string path = result.GetRequiredValue(output);
            OutputPaths.Check(
                [("the model", result.GetRequiredValue(model)), ("--data", result.GetRequiredValue(data)), ("--source", result.GetValue(source)), ("--history", result.GetValue(history)), ("the other model", result.GetValue(other)), ("--calibrate", result.GetValue(calibrate))],
                [("--output", path)]);
            if (result.GetValue(cost) is { } ratio && !(ratio > 0 && double.IsFinite(ratio)))
            {
                throw new UsageException($"--cost {ratio} is not a number above 0.");
            }

            NanoBoard? asked = BoardOption.Of(result, board);
            Terminal.LeaveTo(path, result.GetValue(json));
            using EdgeModel edge = ModelLoader.Load(result.GetRequiredValue(model));
            if (edge.File.Decision.Role(0) == EdgeInference.ModelFormat.OutputRole.Score)
            {
                throw new InputException("The model returns scores, but a report needs probabilities; use 'edge evaluate'.");
            }

            string rows = result.GetRequiredValue(data);
            string column = result.GetRequiredValue(label);
            LabelledTable table = LabelledRows.Read(rows, column, edge, CommonOptions.Split(result.GetValue(classes)), format.Of(result));
            var measured = ReportFacts.Of(edge, table, rows, column, asked);
            measured = measured with
            {
                Quality = WorkProgress.Run("studying decisions", _ => QualityStudy.Of(measured, result.GetValue(cost))),
                Comparison = result.GetValue(other) is { } second ? Compare(edge, measured, second, columns => SampleReader.Read(rows, columns, column, format.Of(result))) : null,
            };
            ReportFacts facts = With(measured, result.GetValue(source), result.GetValue(calibrate), column, format.Of(result), result.GetValue(history), !result.GetValue(noTimings));
            string page = ReportPage.Make(facts);
            AtomicFile.Write(path, page);
            if (result.GetValue(json))
            {
                JsonOutput.Print(ReportNumbers.Of(facts, path, page.Length));
            }
            else
            {
                Terminal.Notes.WriteLine($"Wrote {path}: {page.Length.ToString("N0", CultureInfo.InvariantCulture)} characters.");
            }

            return EdgeCommand.Done;
        });
        return command;
    }

    private static ModelComparison Compare(EdgeModel model, ReportFacts facts, string path, Func<ModelColumns, IReadOnlyList<float[]>> again)
    {
        using EdgeModel other = ModelLoader.Load(path);
        return ModelComparison.Of(model, facts.Table, facts.Evaluation, path, other, again);
    }

    private static ReportFacts With(ReportFacts facts, string? source, string? calibration, string label, CsvOptions format, string? history, bool timings)
    {
        EdgeModel model = facts.Model;
        Graph? real = source is not null ? Source(source) : IsFloat(model) && (calibration is not null || PrecisionStudy.IsQuick(model)) ? GraphReader.Read(model.File) : null;
        if (source is not null)
        {
            ComparedModel.CheckSource(source, ModelColumns.Of(model), ModelColumns.Of(real!));
        }

        IReadOnlyList<float[]>? rows = calibration is null ? null : SampleReader.Read(calibration, ModelColumns.Of(model), label, format);
        return facts with
        {
            History = history is null ? null : TrainingHistory.Read(history),
            Precisions = real is null ? null : WorkProgress.Run("comparing precisions", share => PrecisionStudy.Of(real, facts, rows, share)),
            Times = timings ? OperatorTimes.Measure(model, facts.Table.Rows) : null,
        };
    }

    private static Graph Source(string path)
    {
        if (!string.Equals(Path.GetExtension(path), ".edge", StringComparison.OrdinalIgnoreCase))
        {
            return ExportPipeline.ImportDecisive(path);
        }

        using EdgeModel model = ModelLoader.Load(path);
        return IsFloat(model)
            ? GraphReader.Read(model.File)
            : throw new InputException($"'{path}' is quantized, so precisions cannot be compared with it; give the float32 model.");
    }

    private static bool IsFloat(EdgeModel model) => !model.File.Tensors.Any(tensor => tensor.IsQuantized);
}
