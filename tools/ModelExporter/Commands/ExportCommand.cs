using System.CommandLine;
using System.Globalization;
using ModelExporter.Data;
using ModelExporter.Graphs;
using ModelExporter.Import;
using ModelExporter.Optimize;
using ModelExporter.Plan;
using ModelExporter.Quantize;

namespace ModelExporter.Commands;

/// <summary><c>edge export</c>: a trained model of another tool as an .edge file.</summary>
internal static class ExportCommand
{
    // Enough to see a wrong kernel, few enough for a small flash.
    private const int SelfTestVectors = 3;

    internal static Command Create()
    {
        var model = new Argument<string>("model") { Description = $"A trained model: {string.Join(", ", ModelImporter.Extensions)}." };
        Option<string> output = CommonOptions.Output("The .edge file to write.");
        var precision = new Option<string>("--precision", "-p") { Description = "float32 or int8.", DefaultValueFactory = _ => "float32" };
        precision.AcceptOnlyFromAmong("float32", "int8");
        var calibrate = new Option<string?>("--calibrate", "-c") { Description = "Typical inputs as .csv or .npy, needed for int8." };
        var method = new Option<RangeMethod>("--calibration-method") { Description = "How ranges are chosen: MinMax, Percentile, MeanSquareError or Entropy.", DefaultValueFactory = _ => RangeMethod.MinMax };
        var label = new Option<string?>("--label") { Description = "The label column of the calibration CSV, which is no feature." };
        Option<string?> labels = CommonOptions.Labels();
        var threshold = new Option<string?>("--threshold") { Description = "Probability from which on class 1 is decided, 0 to 1." };
        var name = new Option<string?>("--name") { Description = "The model's name; the file's where it is left out." };
        var command = new Command("export", "Turns a trained model into an .edge file.") { model, output, precision, calibrate, method, label, labels, threshold, name };
        command.SetAction(result =>
        {
            Graph graph = GraphOptimizer.Optimize(ModelImporter.Import(result.GetRequiredValue(model)));
            graph.Metadata = graph.Metadata with
            {
                Name = result.GetValue(name) ?? graph.Metadata.Name,
                Labels = result.GetValue(labels)?.Split(',', StringSplitOptions.TrimEntries) ?? graph.Metadata.Labels,
                Threshold = ParseThreshold(result.GetValue(threshold)) ?? graph.Metadata.Threshold,
            };
            string? calibration = result.GetValue(calibrate);
            IReadOnlyList<float[]> rows = calibration is null
                ? []
                : SampleReader.Read(calibration, graph.Inputs.Sum(input => input.Elements), graph.Metadata.InputNames, result.GetValue(label));
            byte[] file = Write(graph, result.GetRequiredValue(precision), rows, new QuantizationOptions { Method = result.GetValue(method) });
            AtomicFile.Write(result.GetRequiredValue(output), file);
            Console.Out.WriteLine($"Wrote {result.GetRequiredValue(output)}: {file.Length.ToString("N0", CultureInfo.InvariantCulture)} bytes, {result.GetRequiredValue(precision)}.");
            return EdgeCommand.Done;
        });
        return command;
    }

    /// <summary>The bytes of a file for a float graph in a precision, with self-test vectors from the calibration rows.</summary>
    internal static byte[] Write(Graph graph, string precision, IReadOnlyList<float[]> calibration, QuantizationOptions options)
    {
        if (precision == "int8" && calibration.Count == 0)
        {
            throw new InputException("Quantization needs to see typical inputs; give a CSV or .npy with --calibrate.");
        }

        Graph final = precision == "int8" ? Quantizer.Quantize(graph, calibration, Precision.Int8, options) : graph;
        final.Metadata = final.Metadata with { SelfTestInputs = [.. calibration.Take(SelfTestVectors)] };
        return ProgramWriter.Write(final);
    }

    private static float? ParseThreshold(string? text)
    {
        if (text is null)
        {
            return null;
        }

        return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && value is >= 0 and <= 1
            ? value
            : throw new InputException($"The threshold '{text}' is not a number from 0 to 1.");
    }
}
