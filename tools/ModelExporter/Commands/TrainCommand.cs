using System.CommandLine;
using System.Globalization;
using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Pipeline;
using EdgeInference.ModelFormat;
using EdgeInference.ModelTraining;
using EdgeInference.Tool.Report;

namespace EdgeInference.Tool.Commands;

/// <summary><c>edge train</c>: a table with labels becomes a model.</summary>
internal static class TrainCommand
{
    internal static Command Create()
    {
        var defaults = new TrainingOptions();
        var data = new Argument<string>("data") { Description = "Labelled rows as .csv with a header; - for standard input." };
        var label = new Option<string>("--label", "-l") { Description = "The label column; the others are features.", Required = true };
        var labels = new Option<string?>("--labels") { Description = "The order of the label column's classes, separated by commas, class 0 first; ascending by default." };
        Option<string> output = CommonOptions.Output("The .edge file to write; - for standard output.");
        var hidden = new Option<string>("--hidden") { Description = "Units of each hidden layer, for example 16,8.", DefaultValueFactory = _ => string.Join(',', defaults.HiddenSizes) };
        var activation = new Option<string>("--activation") { Description = "Activation of the hidden layers.", DefaultValueFactory = _ => "relu" };
        var optimizer = new Option<OptimizerKind>("--optimizer") { Description = "Adam, or Sgd: plain gradient descent.", DefaultValueFactory = _ => defaults.Optimizer };
        var epochs = new Option<int>("--epochs") { Description = "Maximum number of passes over the data.", DefaultValueFactory = _ => defaults.Epochs };
        var rate = new Option<double?>("--learning-rate") { Description = "Step size." };
        var batch = new Option<int>("--batch") { Description = "Rows per step.", DefaultValueFactory = _ => defaults.BatchSize };
        var l2 = new Option<double>("--l2") { Description = "Penalty on the squares of the weights.", DefaultValueFactory = _ => defaults.L2 };
        var validation = new Option<double>("--validation") { Description = "Share of the rows used to decide when to stop.", DefaultValueFactory = _ => defaults.ValidationFraction };
        var patience = new Option<int>("--patience") { Description = "Epochs without a better validation loss before training stops.", DefaultValueFactory = _ => defaults.Patience };
        var seed = new Option<ulong>("--seed") { Description = "The same seed gives the same model, to the bit.", DefaultValueFactory = _ => defaults.Seed };
        var precision = new PrecisionOptions();
        var tuning = new TuningOptions();
        var windows = new WindowOptions();
        var fineTune = new Option<bool>("--fine-tune") { Description = "Continue training with weights and activations rounded as in int8." };
        var onnx = new Option<string?>("--onnx") { Description = "Also write the float model as .onnx." };
        var history = new Option<string?>("--history") { Description = "Also write the losses by epoch as .csv, for 'edge report --history'." };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Do not print a line per epoch." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("train", "Trains a multilayer perceptron on a CSV file.")
        {
            data, label, labels, output, hidden, activation, optimizer, epochs, rate, batch, l2, validation, patience, seed, onnx, history, quiet, fineTune, json,
        };
        precision.AddTo(command);
        tuning.AddTo(command);
        windows.AddTo(command);
        command.SetAction(result =>
        {
            string path = result.GetRequiredValue(output);
            OutputPaths.Check(
                [("the data", result.GetRequiredValue(data)), ("--data", tuning.Data(result))],
                [("--output", path), ("--onnx", result.GetValue(onnx)), ("--history", result.GetValue(history))]);
            bool isJson = result.GetValue(json);
            Terminal.LeaveTo(path, isJson);
            Terminal.LeaveTo(result.GetValue(onnx), isJson);
            Terminal.LeaveTo(result.GetValue(history), isJson);
            LabelledTable table = CsvTable.ReadLabelled(result.GetRequiredValue(data), result.GetRequiredValue(label));
            ClassMatch.SayAlike(table);
            table = CommonOptions.Split(result.GetValue(labels)) is { } order ? ClassMatch.InOrder(table, order) : table;
            var options = new TrainingOptions
            {
                HiddenSizes = ParseHidden(result.GetRequiredValue(hidden)),
                HiddenActivation = ParseActivation(result.GetRequiredValue(activation)),
                Optimizer = result.GetValue(optimizer),
                Epochs = result.GetValue(epochs),
                LearningRate = result.GetValue(rate),
                BatchSize = result.GetValue(batch),
                L2 = result.GetValue(l2),
                ValidationFraction = result.GetValue(validation),
                Patience = result.GetValue(patience),
                Seed = result.GetValue(seed),
            };
            bool isQuiet = result.GetValue(quiet);
            TrainingResult trained = WorkProgress.Run("training", share => EdgeTrainer.Train(table, options, new EpochProgress(share, isQuiet)));
            if (result.GetValue(fineTune))
            {
                trained = WorkProgress.Run("fine-tuning", share => EdgeTrainer.FineTune(trained, progress: new EpochProgress(share, isQuiet)));
            }

            foreach (string notice in trained.Model.Notices)
            {
                Terminal.Say(notice);
            }

            Graph graph = trained.Trained.ToGraph();
            string name = path == OutputTarget.StandardOutput ? "model" : Path.GetFileNameWithoutExtension(path);
            graph.Metadata = Provenance.Of(graph.Metadata with { Name = name, Threshold = tuning.FixedThreshold(result) }, result.GetRequiredValue(data));
            ModelContract.GiveInputs(graph, windows.Units(result), windows.Window(result));
            byte[]? exchange = result.GetValue(onnx) is null ? null : OnnxWriter.Write(graph);
            var steps = new ExportOptions
            {
                Quantization = precision.Of(result),
                Decisions = tuning.Of(result),
                TuningRows = tuning.Rows(result, result.GetRequiredValue(label)),
                Recorded = RecordedOptions.Of(result),
            };
            ExportedModel exported = ExportPipeline.Run(trained.Draft(graph), steps, WorkProgress.Steps);
            PrecisionOptions.Print(exported.Draft.Precisions);
            TuningOptions.Print(exported.Draft.Tuned);
            AtomicFile.Write(path, exported.File);
            if (exchange is not null)
            {
                AtomicFile.Write(result.GetValue(onnx)!, exchange);
            }

            if (result.GetValue(history) is { } historyPath)
            {
                AtomicFile.Write(historyPath, TrainingHistory.Write(trained.History));
            }

            string asked = PrecisionOptions.Name(steps.Quantization.Precision);
            if (isJson)
            {
                JsonOutput.Print(new { Output = path, Bytes = exported.File.Length, Precision = asked, Parameters = trained.ParameterCount, trained.BestEpoch, Epochs = trained.History.Count, exported.Check });
            }
            else
            {
                Terminal.Notes.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"Wrote {path}: {exported.File.Length:N0} bytes, {asked}, {trained.ParameterCount:N0} parameters, best epoch {trained.BestEpoch} of {trained.History.Count}."));
                Terminal.Notes.WriteLine(exported.Check!.Line(exported.Precision));
            }

            if (exported.Check!.Warning is { } warning)
            {
                Terminal.Say(warning);
            }

            return EdgeCommand.Done;
        });
        return command;
    }

    private static int[] ParseHidden(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return Array.ConvertAll(parts, part => int.TryParse(part, CultureInfo.InvariantCulture, out int units)
            ? units
            : throw new InputException($"The hidden sizes '{text}' are not integers separated by commas; write for example 16,8."));
    }

    private static ActivationKind ParseActivation(string text)
    {
        if (ActivationFunctions.Find(text) is { } function)
        {
            return function.Kind;
        }

        string nearest = Suggestion.Nearest(text, ActivationFunctions.All.Select(f => f.Name));
        throw new InputException($"Unknown activation '{text}'; {(nearest.Length > 0 ? $"did you mean '{nearest}'?" : $"choose one of {string.Join(", ", ActivationFunctions.All.Select(f => f.Name))}.")}");
    }

    // A bar on a terminal, a line for each epoch elsewhere.
    private sealed class EpochProgress(IProgress<double> share, bool isQuiet) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            share.Report((double)value.Epoch / value.Epochs);
            if (!isQuiet && !Terminal.IsInteractive)
            {
                Terminal.Notes.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"epoch {value.Epoch,4} of {value.Epochs}  training loss {value.TrainingLoss:0.000000}{(double.IsNaN(value.ValidationLoss) ? "" : $"  validation loss {value.ValidationLoss:0.000000}")}"));
            }
        }
    }
}
