using System.CommandLine;
using System.Globalization;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelConverter.Pipeline;
using EdgeInference.Tool.Summaries;

namespace EdgeInference.Tool.Commands;

/// <summary><c>edge export</c>: a trained model of another tool as an .edge file.</summary>
internal static class ExportCommand
{
    private const string Int16 = "int16";

    internal static Command Create()
    {
        var model = new Argument<string>("model") { Description = $"A trained model: {string.Join(", ", ModelImporter.Extensions)}." };
        var output = new Option<string?>("--output", "-o") { Description = "The .edge file to write; - for standard output. By default the model's name with .edge, in the current folder, where no file has it." };
        var precision = new PrecisionOptions();
        var calibrate = new Option<string?>("--calibrate", "-c") { Description = "Typical inputs as .csv or .npy, needed for int8, int16 and auto." };
        var label = new Option<string?>("--label", "-l") { Description = "The label column of the calibration CSV, which is not a feature: the accuracy before and after quantizing is printed, and auto keeps it." };
        Option<string?> labels = CommonOptions.Labels();
        var format = new CsvFormatOptions();
        var tuning = new TuningOptions();
        var trees = new Option<string>("--tree-thresholds") { Description = "float32, or int16: 2 bytes a split less, where no split changes side on the rows of --calibrate.", DefaultValueFactory = _ => "float32" };
        trees.AcceptOnlyFromAmong("float32", Int16);
        var windows = new WindowOptions();
        var parts = new PartOptions();
        var adaptable = new AdaptableOption();
        var source = new SourceOptions();
        var features = new Option<string?>("--features") { Description = "A name for each input value, separated by commas, if the model has none; CSV columns are matched by them." };
        var name = new Option<string?>("--name") { Description = "The model's name; the file name by default." };
        Option<bool> json = CommonOptions.Json();
        var head = new Option<string?>("--head") { Description = "What an output without sigmoid or softmax means: logits (a sigmoid or softmax is added), probability, scores or value." };
        head.AcceptOnlyFromAmong(OutputMeaning.Heads);
        var streaming = new Option<bool>("--streaming") { Description = "For sequence models: take --frames of a sequence per call, and keep the state between calls." };
        var frames = new Option<int>("--frames") { Description = "Frames per call, with --streaming.", DefaultValueFactory = _ => 1 };
        var command = new Command("export", "Turns a trained model into an .edge file.") { model, output, calibrate, label, labels, trees, name, head, features, streaming, frames, json };
        format.AddTo(command);
        source.AddTo(command);
        precision.AddTo(command);
        tuning.AddTo(command);
        windows.AddTo(command);
        parts.AddTo(command);
        adaptable.AddTo(command);
        command.SetAction(result =>
        {
            string path = result.GetValue(output) ?? PathBesideModel(result.GetRequiredValue(model));
            OutputPaths.Check(
                [("the model", result.GetRequiredValue(model)), ("--calibrate", result.GetValue(calibrate)), ("--layers", source.Layers(result)), ("--data", tuning.Data(result))],
                [("--output", path)]);
            DefaultOutput.CheckName("export", path);
            Terminal.LeaveTo(path, result.GetValue(json));
            CsvOptions written = format.Of(result);
            RowFile? calibration = result.GetValue(calibrate) is { } file ? new RowFile(file, result.GetValue(label), written) : null;
            ImportOptions said = source.Of(result) with
            {
                Name = result.GetValue(name),
                Head = result.GetValue(head) is { } kind ? Enum.Parse<HeadKind>(kind, ignoreCase: true) : null,
                ClassTexts = CommonOptions.Split(result.GetValue(labels)),
                FeatureNames = CommonOptions.Split(result.GetValue(features)),
                Units = windows.Units(result),
                Window = windows.Window(result),
                Threshold = tuning.FixedThreshold(result),
                FramesPerCall = result.GetValue(streaming) ? result.GetValue(frames) : null,
            };
            var options = new ExportOptions
            {
                Calibration = calibration,
                Quantization = precision.Of(result) with { Int16TreeThresholds = result.GetValue(trees) == Int16 },
                Decisions = tuning.Of(result),
                TuningRows = tuning.Rows(result, result.GetValue(label), written),
                Adaptable = adaptable.Of(result),
                Recorded = RecordedOptions.Of(result),
                LeftOut = parts.Of(result),
            };
            ModelDraft draft = ExportPipeline.Import(result.GetRequiredValue(model), said, readsRows: calibration is not null || options.TuningRows is not null);
            ExportedModel exported = ExportPipeline.Run(draft, options, WorkProgress.Steps);
            PrecisionOptions.Print(exported.Draft.Precisions);
            TuningOptions.Print(exported.Draft.Tuned);
            AtomicFile.Write(path, exported.File);
            LearningSummary? learning = AdaptableOption.Prepared(exported);
            QuantizingCost? cost = QuantizingCost.Of(exported.Draft, options.TuningRows ?? calibration);
            if (result.GetValue(json))
            {
                JsonOutput.Print(new { Output = path, Bytes = exported.File.Length, Precision = PrecisionText.Of(exported.Precision), LeftOut = PartNames.Options(options.LeftOut), Learning = learning, exported.Check, Accuracy = cost is null ? null : new { cost.Data, cost.Before.Rows, Before = cost.Before.Accuracy, After = cost.After?.Accuracy, DecidedOtherwise = cost.Otherwise } });
            }
            else
            {
                Terminal.Notes.WriteLine($"Wrote {path}: {exported.File.Length.ToString("N0", CultureInfo.InvariantCulture)} bytes, {PrecisionText.Of(exported.Precision)}.");
                PartOptions.Print(options.LeftOut);
                AdaptableOption.Print(learning);
                Terminal.Notes.WriteLine(exported.Check?.Line(exported.Precision) ?? "Not checked against the source, which cannot run unoptimised.");
                if (cost is not null)
                {
                    Terminal.Notes.WriteLine(cost.Sentence);
                }
            }

            if (exported.Check?.Warning is { } warning)
            {
                Terminal.Say(warning);
            }

            return EdgeCommand.Done;
        });
        return command;
    }

    // What the input is speaks before the name that nobody typed.
    private static string PathBesideModel(string model)
    {
        ModelImporter.Check(model);
        return DefaultOutput.Of(model);
    }
}
