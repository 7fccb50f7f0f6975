using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Pipeline;
using EdgeInference.ModelTraining;
using EdgeInference.Runtime;
using EdgeInference.Tool.Execution;
using Spectre.Console;

namespace EdgeInference.Tool.Commands;

/// <summary><c>edge demo</c>: the whole path on real data, from a trained classifier to decisions in float and in fixed point.</summary>
internal static class DemoCommand
{
    private const string Label = "benign";
    private static readonly string[] classes = ["malignant", "benign"];

    internal static Command Create()
    {
        var folder = new Option<string>("--output", "-o") { Description = "Folder for the models that it makes and the data that they are made from.", DefaultValueFactory = _ => "edge-demo" };
        var command = new Command("demo", "The whole path on real data, in under a minute.") { folder };
        command.SetAction(result => Run(result.GetRequiredValue(folder)));
        return command;
    }

    private static int Run(string folder)
    {
        var clock = Stopwatch.StartNew();
        string data = DataCommand.Installed;
        CopyData(data, folder);
        LabelledTable train = CsvTable.ReadLabelled(Path.Combine(data, "breast_cancer.train.csv"), Label);
        LabelledTable test = CsvTable.ReadLabelled(Path.Combine(data, "breast_cancer.test.csv"), Label);
        Console.Out.WriteLine($"Wisconsin Diagnostic Breast Cancer: {train.Rows.Count} rows to train on, {test.Rows.Count} held out, {train.Names.Count} features.");

        Console.Out.WriteLine("Importing breast_cancer_mlp.onnx, which PyTorch trained …");
        Graph imported = ExportPipeline.ImportDecisive(Path.Combine(data, "breast_cancer_mlp.onnx"));
        Console.Out.WriteLine("Training one of our own on the same rows …");
        Graph own = Trainer.Train(train, new TrainingOptions()).ToGraph();

        IReadOnlyList<float[]> expected = SampleReader.Read(Path.Combine(data, "breast_cancer_mlp.expected.npy"), 1, []);
        Row[] rows =
        [
            Stored("PyTorch's stored outputs", test, expected),
            Export("imported, float32", imported, Precision.Float32, Path.Combine(folder, "breast_cancer.edge"), train, test, expected),
            Export("imported, int8", imported, Precision.Int8, Path.Combine(folder, "breast_cancer.int8.edge"), train, test, expected),
            Export("edge train, float32", own, Precision.Float32, Path.Combine(folder, "trained.edge"), train, test, null),
            Export("edge train, int8", own, Precision.Int8, Path.Combine(folder, "trained.int8.edge"), train, test, null),
        ];

        // An int8 model is compared with the float model it came from.
        rows[4] = rows[4] with { Deviation = Evaluation.Deviation(rows[4].Outputs, rows[3].Outputs) };
        Print(rows);
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Done in {clock.Elapsed.TotalSeconds:0.0} s. The models and their data are in {folder}. What is in the int8 model, and what it decides:"));
        string model = Path.Combine(folder, "breast_cancer.int8.edge");
        Console.Out.WriteLine($"  edge inspect {Word(model)}");
        Console.Out.WriteLine($"  edge run {Word(model)} --input {Word(Path.Combine(folder, "breast_cancer.test.csv"))} --label {Label}");
        return EdgeCommand.Done;
    }

    // Before all work: a folder that takes no files ends it.
    private static void CopyData(string data, string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"--output '{folder}' cannot be made a folder: {exception.Message.TrimEnd('.')}; give a folder that you may write to.", exception);
        }

        foreach (string name in (string[])["breast_cancer.train.csv", "breast_cancer.test.csv", "breast_cancer_mlp.onnx"])
        {
            AtomicFile.Write(Path.Combine(folder, name), File.ReadAllBytes(Path.Combine(data, name)));
        }
    }

    private static string Word(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;

    private static Row Stored(string name, LabelledTable test, IReadOnlyList<float[]> outputs)
    {
        var evaluation = Evaluation.Of(test, outputs, 0.5f);
        return new Row(name, evaluation, outputs, null, null, null, null);
    }

    private static Row Export(string name, Graph graph, Precision precision, string path, LabelledTable train, LabelledTable test, IReadOnlyList<float[]>? other)
    {
        graph.Metadata = graph.Metadata with { Name = Path.GetFileNameWithoutExtension(path), Labels = classes, InputNames = train.Names };
        byte[] file = ExportPipeline.Run(ExportPipeline.Of(graph, train), new ExportOptions { Quantization = new QuantizeOptions { Precision = precision } }, new ReportedWork(null, CancellationToken.None)).File;
        AtomicFile.Write(path, file);
        using EdgeModel model = EdgeModel.Load(path);
        using IEngine engine = Engines.Create(EngineKind.Fast, model);
        float[][] outputs = engine.RunAll(model, test.Rows);
        double? deviation = other is null ? null : Evaluation.Deviation(outputs, other);
        return new Row(name, Evaluation.Of(test, outputs, ModelRule.Of(model)), outputs, deviation, file.Length, model.File.ArenaBytes, Latency.Microseconds(model, test.Rows));
    }

    private static void Print(Row[] rows)
    {
        var table = new Spectre.Console.Table { Border = Terminal.Border };
        table.AddColumns("model", "accuracy", "AUC", "worst diff.", "bytes", "arena", "µs");
        for (int i = 1; i < table.Columns.Count; i++)
        {
            table.Columns[i].RightAligned();
        }

        foreach (Row row in rows)
        {
            table.AddRow(
                row.Name,
                row.Evaluation.Accuracy.ToString("0.000", CultureInfo.InvariantCulture),
                row.Evaluation.Auc!.Value.ToString("0.0000", CultureInfo.InvariantCulture),
                row.Deviation?.ToString("0.0E+0", CultureInfo.InvariantCulture) ?? "",
                row.Bytes?.ToString("N0", CultureInfo.InvariantCulture) ?? "",
                row.Arena?.ToString("N0", CultureInfo.InvariantCulture) ?? "",
                row.Microseconds?.ToString("0.000", CultureInfo.InvariantCulture) ?? "");
        }

        Terminal.Console.Write(table);
        Console.Out.WriteLine("worst diff.: largest difference of a probability, to PyTorch for the imported models, to the float model for int8 of our own.");
    }

    private sealed record Row(
        string Name, Evaluation Evaluation, IReadOnlyList<float[]> Outputs, double? Deviation, int? Bytes, int? Arena, double? Microseconds);
}
