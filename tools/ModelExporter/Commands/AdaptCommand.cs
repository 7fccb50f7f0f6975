using System.CommandLine;
using EdgeInference.ModelConverter.Data;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Adaptation;
using EdgeInference.Tool.Adaptation;
using EdgeInference.Tool.Report;

namespace EdgeInference.Tool.Commands;

/// <summary><c>edge adapt</c>: what a device would learn from the rows of a file in their order, to the bit.</summary>
internal static class AdaptCommand
{
    internal static Command Create()
    {
        var model = new Argument<string>("model") { Description = "An .edge file that was prepared with --adaptable; it is not changed." };
        var data = new Option<string>("--data", "-d") { Description = "What is learned, row by row, as .csv; - for standard input.", Required = true };
        var label = new Option<string?>("--label", "-l") { Description = "The label column; needed unless --normal is given." };
        var state = new Option<string?>("--state", "-s") { Description = "What was learned before, as .edgestate; nothing by default." };
        var output = new Option<string?>("--output", "-o") { Description = "The .edgestate file to write, which a device takes; it may be that of --state." };
        var test = new Option<string?>("--test", "-t") { Description = "Other labelled rows as .csv to try the model on; by default the rows not yet learned." };
        var normal = new Option<bool>("--normal") { Description = "All rows are normal: learn the threshold of anomalies." };
        var report = new Option<string?>("--report") { Description = "Also write a report with the learning curve as .html." };
        var format = new CsvFormatOptions();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("adapt", "Shows what a device would learn from the rows of a file, in their order and to the bit, and writes it as a state file.") { model, data, label, state, output, test, normal, report, json };
        format.AddTo(command);
        command.SetAction(result =>
        {
            string path = result.GetRequiredValue(model);
            string rows = result.GetRequiredValue(data);
            bool isJson = result.GetValue(json);
            OutputPaths.Check(
                [("the model", path), ("--data", rows), ("--test", result.GetValue(test))],
                [("--output", result.GetValue(output)), ("--report", result.GetValue(report))]);
            Terminal.LeaveTo(result.GetValue(output), isJson);
            Terminal.LeaveTo(result.GetValue(report), isJson);
            if (result.GetValue(normal) && result.GetValue(report) is not null)
            {
                throw new UsageException("--report shows the learning curve of labelled rows, and --normal takes rows without labels; give one of the two.");
            }

            using EdgeModel edge = ModelLoader.Load(path);
            using var adapted = AdaptedModel.Load(path, edge, result.GetValue(state));
            byte[] Written()
            {
                byte[] bytes = adapted.Learner.Save();
                if (result.GetValue(output) is { } target)
                {
                    AtomicFile.Write(target, bytes);
                }

                return bytes;
            }

            var inputs = new AdaptInputs(path, rows, result.GetValue(label), result.GetValue(test), format.Of(result));
            if (result.GetValue(normal))
            {
                NormalRun run = LearnNormal(adapted.Learner, edge, inputs);
                AdaptPrinter.Print(run, inputs, result.GetValue(output), Written().Length, isJson);
            }
            else
            {
                (LearningCurve curve, LabelledTable tried) = Learn(adapted, edge, inputs);
                int bytes = Written().Length;
                if (result.GetValue(report) is { } page)
                {
                    WriteReport(page, edge, curve, tried, inputs);
                }

                AdaptPrinter.Print(curve, inputs, result.GetValue(output), bytes, result.GetValue(report), isJson);
            }

            return EdgeCommand.Done;
        });
        return command;
    }

    private static (LearningCurve Curve, LabelledTable Tried) Learn(AdaptedModel adapted, EdgeModel edge, AdaptInputs inputs)
    {
        string label = inputs.Label ?? throw new UsageException("Option '--label' is required where rows are labelled; name the label column, or give --normal where all rows are normal.");
        AdaptiveClassifier learner = adapted.Learner;
        if ((learner.Heads & (LearningHeads.LastLayer | LearningHeads.AddedClasses)) == 0)
        {
            throw new InputException($"'{inputs.Model}' learns only what normal samples are like, not from labels; give --normal, or prepare it with --adaptable=layer,classes,anomalies.");
        }

        LabelledTable rows = LearningRows.Read(inputs.Data, label, edge, adapted.ClassTexts(), inputs.Format, learner.MaxAddedClasses - learner.AddedClassCount);
        LabelledTable? test = inputs.Test is null ? null : LearningRows.Read(inputs.Test, label, edge, rows.Classes, inputs.Format, room: 0, whose: $"the model or of '{inputs.Data}'");
        using var factory = AdaptedModel.Load(inputs.Model, edge, statePath: null);
        return (WorkProgress.Run("learning", share => LearningCurve.Of(adapted, factory, edge, rows, test, share)), test ?? rows);
    }

    private static NormalRun LearnNormal(AdaptiveClassifier learner, EdgeModel edge, AdaptInputs inputs)
    {
        if (!learner.Heads.HasFlag(LearningHeads.Anomalies))
        {
            throw new InputException($"'{inputs.Model}' does not learn what normal samples are like; prepare it with --adaptable=anomalies, or leave out --normal.");
        }

        var columns = ModelColumns.Of(edge);
        IReadOnlyList<float[]> rows = SampleReader.Read(inputs.Data, columns, inputs.Label, inputs.Format);
        IReadOnlyList<(string Group, float[] Row)> tried = [.. rows.Select(row => ("learned", row))];
        if (inputs.Test is { } test)
        {
            IReadOnlyList<float[]> others = SampleReader.Read(test, columns, inputs.Label, inputs.Format);
            string[] groups = inputs.Label is { } label ? LearningRows.Labels(test, label, inputs.Format) : [.. others.Select(_ => "--test")];
            tried = [.. tried, .. others.Select((row, i) => (groups[i], row))];
        }

        return WorkProgress.Run("learning", share => NormalRun.Of(learner, rows, tried, share));
    }

    // Of the rows whose classes the factory's model has; the curve is of all.
    private static void WriteReport(string path, EdgeModel edge, LearningCurve curve, LabelledTable tried, AdaptInputs inputs)
    {
        int classes = Math.Max(2, edge.OutputLength);
        int[] own = [.. Enumerable.Range(0, tried.Rows.Count).Where(row => tried.Labels[row] < classes)];
        if (own.Length == 0)
        {
            throw new InputException("No row is of a class that the model had in the factory, so there is nothing to report of it; leave out --report.");
        }

        var table = new LabelledTable(tried.Names, [.. own.Select(row => tried.Rows[row])], [.. own.Select(row => tried.Labels[row])], [.. tried.Classes.Take(classes)]) { Categories = tried.Categories };
        ReportFacts facts = ReportFacts.Of(edge, table, inputs.Test ?? inputs.Data, inputs.Label!) with { Learning = curve };
        AtomicFile.Write(path, ReportPage.Make(facts));
    }
}
