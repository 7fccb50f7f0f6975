using System.CommandLine;
using System.Globalization;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelConverter.Pipeline;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using EdgeInference.Tool.Commands.Rows;
using EdgeInference.Tool.Execution;
using Spectre.Console;

namespace EdgeInference.Tool.Commands;

/// <summary><c>edge evaluate</c>: how well a model decides on labelled data.</summary>
internal static class EvaluateCommand
{
    internal static Command Create()
    {
        var model = new Argument<string>("model") { Description = "An .edge file." };
        var data = new Option<string>("--data", "-d") { Description = "Labelled rows as .csv; - for standard input.", Required = true };
        var label = new Option<string>("--label", "-l") { Description = "The label column.", Required = true };
        var against = new Option<string?>("--against", "-a") { Description = "Another model (.edge, .onnx, …) or its stored outputs (.npy) to compare with." };
        var threshold = new Option<float?>("--threshold") { Description = "Probability of class 1 from which on it is decided for, 0 to 1; the file's by default." };
        Option<string?> classes = CommonOptions.Classes();
        Option<string?> state = CommonOptions.State();
        var format = new CsvFormatOptions();
        Option<string> engine = CommonOptions.Engine();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("evaluate", "Accuracy, AUC, log loss, Brier score and confusion of a model.") { model, data, label, classes, against, threshold, state, engine, json };
        format.AddTo(command);
        command.SetAction(result =>
        {
            using EdgeModel edge = ModelLoader.Load(result.GetRequiredValue(model));
            if (result.GetValue(state) is { } learned)
            {
                var inputs = new AdaptInputs(result.GetRequiredValue(model), result.GetRequiredValue(data), result.GetRequiredValue(label), Test: null, format.Of(result));
                AdaptedEvaluation.Print(edge, learned, inputs, CommonOptions.EngineOf(result, engine), result.GetValue(threshold), result.GetValue(against) ?? result.GetValue(classes), result.GetValue(json));
                return EdgeCommand.Done;
            }

            LabelledTable table = LabelledRows.Read(result.GetRequiredValue(data), result.GetRequiredValue(label), edge, CommonOptions.Split(result.GetValue(classes)), format.Of(result));
            using IEngine runner = Engines.Create(CommonOptions.EngineOf(result, engine), edge);
            DecisionRule rule = Rule(edge, result.GetValue(threshold));
            float[][] outputs = runner.RunAll(edge, table.Rows);
            string? other = result.GetValue(against);
            float[][]? others = other is null ? null : OtherOutputs(other, ModelColumns.Of(edge), table.Rows, edge.OutputLength, Again);
            Evaluation evaluation = Evaluation.Of(table, outputs, rule, others);
            IReadOnlyList<float[]> Again(ModelColumns columns) => SampleReader.Read(result.GetRequiredValue(data), columns, result.GetRequiredValue(label), format.Of(result));
            if (edge.File.Decision.Role(0) == OutputRole.Score)
            {
                evaluation = evaluation with { LogLoss = null, Brier = null };
            }

            if (result.GetValue(json))
            {
                JsonOutput.Print(evaluation);
            }
            else
            {
                Print(evaluation, Undecided(edge, outputs));
            }

            TrainedRows.Say(edge, table);

            return EdgeCommand.Done;
        });
        return command;
    }

    // Only scores have thresholds of any size.
    internal static DecisionRule Rule(EdgeModel model, float? threshold)
    {
        try
        {
            return ModelRule.Of(model, threshold);
        }
        catch (InputException exception) when (threshold is { } value && !(value is >= 0 and <= 1))
        {
            throw new UsageException(exception.Message);
        }
    }

    private static float[][] OtherOutputs(string path, ModelColumns columns, IReadOnlyList<float[]> rows, int width, Func<ModelColumns, IReadOnlyList<float[]>> again)
    {
        switch (Path.GetExtension(path).ToUpperInvariant())
        {
            case ".NPY":
                IReadOnlyList<float[]> stored = SampleReader.Read(path, width, []);
                return stored.Count == rows.Count
                    ? [.. stored]
                    : throw new InputException($"'{path}' has outputs for {stored.Count} rows but the data has {rows.Count}; give the outputs of the same rows.");
            case ".EDGE":
                using (EdgeModel model = ModelLoader.Load(path))
                {
                    return Outputs(path, model, columns, rows, width, again);
                }

            default:
                using (EdgeModel model = EdgeModel.Load(ModelWriter.Write(ExportPipeline.ImportDecisive(path))))
                {
                    return Outputs(path, model, columns, rows, width, again);
                }
        }
    }

    private static float[][] Outputs(string path, EdgeModel model, ModelColumns columns, IReadOnlyList<float[]> rows, int width, Func<ModelColumns, IReadOnlyList<float[]>> again)
    {
        if (model.InputLength != rows[0].Length || model.OutputLength != width)
        {
            throw new InputException($"'{path}' takes {model.InputLength} values and returns {model.OutputLength} but this model takes {rows[0].Length} and returns {width}; compare with a model that has the same inputs and outputs.");
        }

        IReadOnlyList<float[]> inputs = ComparedModel.Rows(path, columns, ModelColumns.Of(model), rows, again);
        using IEngine engine = Engines.Create(EngineKind.Fast, model);
        return engine.RunAll(model, inputs);
    }

    // Of a model that abstains the classes are counted that it leans to.
    private static string? Undecided(EdgeModel model, float[][] outputs)
    {
        int count = Answer.Of(model, outputs).Count(answer => answer.Reason == DecisionReason.AbstainBand);
        return count == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{count} of {outputs.Length} rows, counted by the class that the model leans to");
    }

    internal static void Print(Evaluation evaluation, string? undecided)
    {
        IAnsiConsole console = Terminal.Console;
        var facts = new Grid().AddColumn().AddColumn();
        facts.AddRow("rows", evaluation.Rows.ToString(CultureInfo.InvariantCulture));
        facts.AddRow("accuracy", Number(evaluation.Accuracy));
        facts.AddRow("AUC", evaluation.Auc is { } auc ? Number(auc) : Markup.Escape(NoArea(evaluation)));
        AddIfThere(facts, "log loss", evaluation.LogLoss);
        AddIfThere(facts, "Brier score", evaluation.Brier);
        if (evaluation.Threshold is { } threshold)
        {
            facts.AddRow("threshold", Markup.Escape($"{Number(threshold)} for '{Class(evaluation, 1)}'"));
        }

        if (undecided is not null)
        {
            facts.AddRow("no decision", undecided);
        }

        AddIfThere(facts, "agreement", evaluation.Agreement);
        if (evaluation.WorstDeviation is { } worst)
        {
            facts.AddRow("worst deviation", worst.ToString("0.0E+0", CultureInfo.InvariantCulture));
        }

        console.Write(facts);
        var table = new Spectre.Console.Table { Border = Terminal.Border };
        table.AddColumn("true \\ decided");
        foreach (int i in Enumerable.Range(0, evaluation.Confusion.Count))
        {
            table.AddColumn(Markup.Escape(Class(evaluation, i)));
        }

        table.AddColumn("recall");

        for (int row = 0; row < evaluation.Confusion.Count; row++)
        {
            table.AddRow([Markup.Escape(Class(evaluation, row)), .. evaluation.Confusion[row].Select(count => count.ToString(CultureInfo.InvariantCulture)), Share(evaluation.Confusion[row][row], evaluation.Confusion[row].Sum())]);
        }

        table.AddRow(["precision", .. Enumerable.Range(0, evaluation.Confusion.Count).Select(i => Share(evaluation.Confusion[i][i], evaluation.Confusion.Sum(row => row[i]))), ""]);

        console.Write(table);
    }

    private static string NoArea(Evaluation evaluation)
    {
        if (evaluation.Confusion.Count != 2)
        {
            return "none: it is for two classes, and the model has " + evaluation.Confusion.Count.ToString(CultureInfo.InvariantCulture);
        }

        int only = evaluation.Confusion[0].Sum() == 0 ? 1 : 0;
        return $"none: all rows are of class '{Class(evaluation, only)}'";
    }

    private static string Share(int part, int all) => all == 0 ? "no row" : ((double)part / all).ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Class(Evaluation evaluation, int index) =>
        index < evaluation.Classes.Count ? evaluation.Classes[index] : index.ToString(CultureInfo.InvariantCulture);

    private static void AddIfThere(Grid facts, string name, double? value)
    {
        if (value is { } number)
        {
            facts.AddRow(name, Number(number));
        }
    }

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
