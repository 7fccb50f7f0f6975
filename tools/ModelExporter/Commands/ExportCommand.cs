using System.CommandLine;
using System.Globalization;
using EdgeInference.ModelConverter.Check;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Streaming;

namespace ModelExporter.Commands;

/// <summary><c>edge export</c>: a trained model of another tool as an .edge file.</summary>
internal static class ExportCommand
{
    // Enough to see a wrong kernel, few enough for a small flash.
    private const int SelfTestVectors = 3;

    internal static Command Create()
    {
        var model = new Argument<string>("model") { Description = $"A trained model: {string.Join(", ", ModelImporter.Extensions)}." };
        Option<string> output = CommonOptions.Output("The .edge file to write; - for standard output.");
        var precision = new PrecisionOptions();
        var calibrate = new Option<string?>("--calibrate", "-c") { Description = "Typical inputs as .csv or .npy, needed for int8, int16 and auto." };
        var label = new Option<string?>("--label", "-l") { Description = "The label column of the calibration CSV, which is no feature; auto then keeps the accuracy." };
        Option<string?> labels = CommonOptions.Labels();
        Option<bool> noHeader = CommonOptions.NoHeader();
        var tuning = new TuningOptions();
        var windows = new WindowOptions();
        var source = new SourceOptions();
        var features = new Option<string?>("--features") { Description = "A name for each input value, with commas between, where the model has none; CSV columns are taken by them." };
        var name = new Option<string?>("--name") { Description = "The model's name; the file's where it is left out." };
        Option<bool> json = CommonOptions.Json();
        var head = new Option<string?>("--head") { Description = "What a bare output means: logits (a sigmoid or softmax is added), probability, scores or value." };
        head.AcceptOnlyFromAmong(OutputMeaning.Heads);
        var streaming = new Option<bool>("--streaming") { Description = "For sequence models: take --frames of a sequence a call, and keep the state between calls." };
        var frames = new Option<int>("--frames") { Description = "Frames a call, with --streaming.", DefaultValueFactory = _ => 1 };
        var command = new Command("export", "Turns a trained model into an .edge file.") { model, output, calibrate, label, labels, noHeader, name, head, features, streaming, frames, json };
        source.AddTo(command);
        precision.AddTo(command);
        tuning.AddTo(command);
        windows.AddTo(command);
        command.SetAction(result =>
        {
            string path = result.GetRequiredValue(output);
            OutputPaths.Check(
                [("the model", result.GetRequiredValue(model)), ("--calibrate", result.GetValue(calibrate)), ("--layers", source.Layers(result)), ("--data", tuning.Data(result))],
                [("--output", path)]);
            Terminal.LeaveTo(path, result.GetValue(json));
            Graph imported = result.GetValue(streaming)
                ? OpenSequence.Import(result.GetRequiredValue(model), source.Of(result), result.GetValue(frames), result.GetValue(calibrate) is not null || tuning.ReadsRows(result))
                : ModelImporter.Import(result.GetRequiredValue(model), source.Of(result));
            bool isStreamed = result.GetValue(streaming);
            OutputMeaning.Apply(imported, result.GetValue(head), isStreamed);
            string? several = isStreamed ? null : SeveralResults.Settle(imported);
            var check = ExportCheck.Of(imported);
            Graph graph = GraphOptimizer.Optimize(imported);
            foreach (string note in graph.Metadata.Notes)
            {
                Terminal.Say(note);
            }

            if (several is not null)
            {
                Terminal.Say(several);
            }

            graph.Metadata = graph.Metadata with
            {
                Name = result.GetValue(name) ?? graph.Metadata.Name,
                Threshold = tuning.FixedThreshold(result) is { } threshold ? CheckThreshold(graph, threshold) : graph.Metadata.Threshold,
            };
            ClassTexts.Give(graph, CommonOptions.Split(result.GetValue(labels)));
            NameFeatures(graph, CommonOptions.Split(result.GetValue(features)));

            bool needsClasses = precision.Precision(result) == "auto";
            (IReadOnlyList<float[]> rows, int[]? classes) = Calibration(graph, result.GetValue(calibrate), result.GetValue(label), needsClasses, !result.GetValue(noHeader));
            Graph final = precision.Apply(result, graph, rows, classes);
            tuning.Apply(result, final, result.GetValue(label), null, !result.GetValue(noHeader));
            windows.Apply(result, final);
            CheckResult? checkedResult = check?.Compare(graph, final, rows, "calibration");
            Provenance.AddTo(final, result.GetRequiredValue(model), result, final.Metadata.InputNames, rows, classes);
            if (isStreamed)
            {
                // Calibration and tuning have seen whole sequences; a call takes their frames one after the other.
                final = StreamingGraph.Rewrite(final, result.GetValue(frames));
                rows = Frames(rows, final.Inputs[0].Elements);
                if (SeveralResults.Settle(final) is { } frame)
                {
                    Terminal.Say(frame);
                }
            }

            byte[] file = Write(final, rows);
            AtomicFile.Write(path, file);
            if (result.GetValue(json))
            {
                JsonOutput.Print(new { Output = path, Bytes = file.Length, Precision = final.Metadata.Precision, Check = checkedResult });
            }
            else
            {
                Terminal.Notes.WriteLine($"Wrote {path}: {file.Length.ToString("N0", CultureInfo.InvariantCulture)} bytes, {final.Metadata.Precision}.");
                Terminal.Notes.WriteLine(checkedResult?.Line(final.Metadata.Precision) ?? "Not checked against the source: it does not run unoptimised.");
            }

            if (checkedResult?.Warning is { } warning)
            {
                Terminal.Say(warning);
            }

            return EdgeCommand.Done;
        });
        return command;
    }

    /// <summary>The bytes of a file for a graph, with self-test vectors from the calibration rows.</summary>
    internal static byte[] Write(Graph graph, IReadOnlyList<float[]> calibration)
    {
        graph.Metadata = graph.Metadata with { SelfTestInputs = [.. calibration.Take(SelfTestVectors)] };
        return ProgramWriter.Write(graph);
    }

    // Any values do for a self-test, whatever axis they came from.
    private static List<float[]> Frames(IReadOnlyList<float[]> rows, int length) => [.. rows.Take(1).SelectMany(row => row.Chunk(length)).Where(frame => frame.Length == length)];

    private static void NameFeatures(Graph graph, string[]? given)
    {
        ModelColumns columns = ModelColumns.Of(graph);
        if (given is not null)
        {
            if (given.Length != columns.Length || given.Contains("") || given.Distinct().Count() < given.Length)
            {
                throw new InputException($"--features names {given.Distinct().Count(text => text.Length > 0)} values where the model takes {columns.Length}; give each a name of its own.");
            }

            if (columns.FeatureNames.Count > 0 && !columns.FeatureNames.SequenceEqual(given))
            {
                throw new InputException($"The model names its features itself, {NameMatch.List(columns.FeatureNames, 3)}; leave --features out.");
            }
        }

        if ((given ?? columns.FeatureNames) is { Count: > 0 } names)
        {
            graph.Metadata = graph.Metadata with { InputNames = names };
        }
    }

    private static float CheckThreshold(Graph graph, float threshold)
    {
        int classes = ModelColumns.Of(graph).ClassCount;
        return ModelColumns.KnowsClasses(graph) && classes != 2 ? throw new InputException($"The model has {classes} classes and decides for the highest; leave --threshold out.") : threshold;
    }

    private static (IReadOnlyList<float[]> Rows, int[]? Labels) Calibration(Graph graph, string? path, string? label, bool needsClasses, bool hasHeader)
    {
        if (path is null)
        {
            return ([], null);
        }

        var model = ModelColumns.Of(graph);
        if (SampleReader.IsArray(path))
        {
            return (SampleReader.Read(path, model), null);
        }

        CsvCells cells = CsvCells.Read(path, hasHeader);
        int column = label is null ? -1 : cells.LabelColumn(label);
        int[] features = cells.FeatureColumns(column);
        if (hasHeader && model.FeatureNames.Count == 0 && features.Length == model.Length)
        {
            string[] names = [.. features.Select(feature => cells.Header[feature])];
            model = model with { FeatureNames = names };
            graph.Metadata = graph.Metadata with { InputNames = names };
            Terminal.Say($"The model has no names for its inputs and takes those of '{path}': {NameMatch.List(names, 3)}.");
        }

        IReadOnlyList<float[]> rows = SampleReader.Select(cells, model, column);
        return (rows, column < 0 || !needsClasses ? null : ClassMatch.Labels(cells, column, model).Labels);
    }
}
