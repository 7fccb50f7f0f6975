using System.CommandLine;
using System.Globalization;
using System.Text;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using EdgeInference.Tool.Execution;

namespace EdgeInference.Tool.Commands;

/// <summary><c>edge run</c>: the model's outputs for rows of a file.</summary>
internal static class RunCommand
{
    internal static Command Create()
    {
        var model = new Argument<string>("model") { Description = "An .edge file." };
        var input = new Option<string>("--input", "-i") { Description = "Rows as .csv with a header, or .npy whose first dimension is the batch; - for a CSV on standard input.", Required = true };
        var output = new Option<string?>("--output", "-o") { Description = "Where the outputs go, .csv or .npy; standard output as CSV by default or with -." };
        var label = new Option<string?>("--label") { Description = "A column of the CSV that is not a feature." };
        var format = new CsvFormatOptions();
        Option<string> engine = CommonOptions.Engine();
        var sequence = new Option<int>("--sequence") { Description = "For a model that keeps state: rows per sequence, after which the state is reset; all rows by default." };
        var command = new Command("run", "Runs a model on rows of a file.") { model, input, output, label, engine, sequence };
        format.AddTo(command);
        command.SetAction(result => Run(
            result.GetRequiredValue(model), result.GetRequiredValue(input), result.GetValue(output), result.GetValue(label), format.Of(result), CommonOptions.EngineOf(result, engine), result.GetValue(sequence)));
        return command;
    }

    private static int Run(string modelPath, string inputPath, string? outputPath, string? label, CsvOptions format, EngineKind engineKind, int sequence)
    {
        if (sequence < 0)
        {
            throw new InputException($"A sequence cannot have {sequence} rows; give 1 or more with --sequence.");
        }

        OutputPaths.Check([("the model", modelPath), ("--input", inputPath)], [("--output", outputPath)]);
        Terminal.LeaveTo(outputPath, json: false);
        using EdgeModel model = ModelLoader.Load(modelPath);
        IReadOnlyList<float[]> rows = SampleReader.Read(inputPath, ModelColumns.Of(model), label, format);
        using IEngine engine = Engines.Create(engineKind, model);
        float[][] outputs = engine.RunAll(model, rows, sequence);
        if (outputPath is null)
        {
            Console.Out.Write(Csv(model, outputs));
        }
        else if (string.Equals(Path.GetExtension(outputPath), ".npy", StringComparison.OrdinalIgnoreCase))
        {
            AtomicFile.Write(outputPath, NpyFile.Write([outputs.Length, model.OutputLength], [.. outputs.SelectMany(row => row)]));
        }
        else
        {
            AtomicFile.Write(outputPath, Csv(model, outputs));
        }

        return EdgeCommand.Done;
    }

    private static string Csv(EdgeModel model, float[][] outputs)
    {
        string[] labels = model.File.Metadata.TextList(MetadataKey.Labels);
        IEnumerable<string> header = Enumerable.Range(0, model.OutputLength)
            .Select(i => labels.Length == model.OutputLength ? labels[i] : labels.Length == 2 && model.OutputLength == 1 ? labels[1] : $"output{i}");
        var text = new StringBuilder(string.Join(',', header.Select(Quote))).Append('\n');
        foreach (float[] row in outputs)
        {
            text.AppendJoin(',', row.Select(value => value.ToString("R", CultureInfo.InvariantCulture))).Append('\n');
        }

        return text.ToString();
    }

    private static string Quote(string text) =>
        text.AsSpan().ContainsAny(",\"\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
