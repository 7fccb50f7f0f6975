using System.CommandLine;
using System.Globalization;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using EdgeInference.Tool.Adaptation;
using EdgeInference.Tool.Commands.Rows;
using EdgeInference.Tool.Execution;

namespace EdgeInference.Tool.Commands;

/// <summary><c>edge run</c>: what a model says of the rows of a file: its decisions and its outputs.</summary>
internal static class RunCommand
{
    internal static Command Create()
    {
        var model = new Argument<string>("model") { Description = "An .edge file." };
        var input = new Option<string>("--input", "-i") { Description = "Rows as .csv with a header, or .npy whose first dimension is the batch; - for either on standard input.", Required = true };
        var output = new Option<string?>("--output", "-o") { Description = "Where the answers go: .csv, .json, or .npy for the outputs alone; standard output by default or with -." };
        var label = new Option<string?>("--label", "-l") { Description = "A column of the CSV that is not a feature." };
        var format = new CsvFormatOptions();
        Option<string> engine = CommonOptions.Engine();
        var sequence = new Option<int>("--sequence") { Description = "For a model that keeps state: rows per sequence, after which the state is reset; all rows by default." };
        Option<string?> state = CommonOptions.State();
        var json = new Option<bool>("--json") { Description = "JSON instead of CSV, an object for each row." };
        var command = new Command("run", "Decides on the rows of a file: class, its text and its probability, and the model's outputs.") { model, input, output, label, engine, sequence, state, json };
        format.AddTo(command);
        command.SetAction(result => Run(
            result.GetRequiredValue(model), result.GetRequiredValue(input), result.GetValue(label), format.Of(result), CommonOptions.EngineOf(result, engine), result.GetValue(sequence), result.GetValue(state), result.GetValue(output), result.GetValue(json)));
        return command;
    }

    private static int Run(string modelPath, string inputPath, string? label, CsvOptions format, EngineKind engineKind, int sequence, string? state, string? outputPath, bool json)
    {
        if (sequence < 0)
        {
            throw new InputException($"A sequence cannot have {sequence} rows; give 1 or more with --sequence.");
        }

        OutputPaths.Check([("the model", modelPath), ("--input", inputPath), ("--state", state)], [("--output", outputPath)]);
        var target = AnswerTarget.Of(outputPath, json);
        if (label is not null && SampleReader.IsArray(inputPath))
        {
            throw new UsageException($"--label {label} names a column of a CSV, and '{inputPath}' is a .npy array, which has no names; omit --label and give an array of the features alone.");
        }

        Terminal.LeaveTo(outputPath, json: false);
        using EdgeModel model = ModelLoader.Load(modelPath);
        IReadOnlyList<float[]> rows = SampleReader.Read(inputPath, ModelColumns.Of(model), label, format);
        if (state is null)
        {
            using IEngine engine = Engines.Create(engineKind, model);
            Answer[] answers = Answer.Of(model, engine.RunAll(model, rows, sequence));
            target.Write(AnswerForm.Of(model), answers);
            SayUndecided(model, answers);
            return EdgeCommand.Done;
        }

        using var adapted = AdaptedModel.Load(modelPath, model, state, CommonOptions.KernelsOf(engineKind));
        adapted.SayFallback(Terminal.Say);
        Answer[] decided = Answer.Of(adapted, rows);
        target.Write(AnswerForm.Of(model, adapted), decided);
        SayUndecided(model, decided);
        return EdgeCommand.Done;
    }

    private static void SayUndecided(EdgeModel model, Answer[] answers)
    {
        foreach (IGrouping<DecisionReason, Answer> group in answers.Where(answer => answer.Reason != DecisionReason.Decided).GroupBy(answer => answer.Reason))
        {
            DecisionMetadata decision = model.File.Decision;
            string why = group.Key == DecisionReason.AbstainBand
                ? string.Create(CultureInfo.InvariantCulture, $"the model abstains from {decision.AbstainLow} to below {decision.AbstainHigh}")
                : "an output is not finite";
            Terminal.Say(string.Create(CultureInfo.InvariantCulture, $"{group.Count()} of {answers.Length} rows have no decision (-1): {why}."));
        }
    }
}
