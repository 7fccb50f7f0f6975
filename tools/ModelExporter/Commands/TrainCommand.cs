using System.CommandLine;
using System.Globalization;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Data.Recordings;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Pipeline;
using EdgeInference.ModelTraining;
using EdgeInference.ModelTraining.Search;
using EdgeInference.Runtime.Signals;
using EdgeInference.Tool.Commands.Search;
using EdgeInference.Tool.Commands.Signals;
using EdgeInference.Tool.Report;
using EdgeInference.Tool.Summaries;

namespace EdgeInference.Tool.Commands;

/// <summary><c>edge train</c>: a table with labels becomes a model.</summary>
internal static class TrainCommand
{
    internal static Command Create()
    {
        var data = new Argument<string>("data") { Description = "Labelled rows as .csv; - for standard input." };
        var label = new Option<string>("--label", "-l") { Description = "The label column; the others are features.", Required = true };
        var labels = new Option<string?>("--labels") { Description = "The order of the label column's classes, separated by commas, class 0 first; ascending by default." };
        var output = new Option<string?>("--output", "-o") { Description = "The .edge file to write; - for standard output. By default the data's name with .edge, in the current folder, where no file has it." };
        var format = new CsvFormatOptions();
        var columns = new ColumnOptions();
        var search = new SearchCommandOptions();
        var network = new NetworkOptions();
        var precision = new PrecisionOptions();
        var tuning = new TuningOptions();
        var windows = new WindowOptions();
        var signals = new SignalOptions();
        var parts = new PartOptions();
        var adaptable = new AdaptableOption();
        var fineTune = new Option<bool>("--fine-tune") { Description = "Continue training with weights and activations rounded as in int8." };
        var onnx = new Option<string?>("--onnx") { Description = "Also write the float model as .onnx." };
        var history = new Option<string?>("--history") { Description = "Also write the losses by epoch as .csv, for 'edge report --history'." };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Do not print a line per epoch." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("train", "Trains a classifier on a CSV file: looks for the best small model, or trains the network that options describe.")
        {
            data, label, labels, output,
        };
        search.AddTo(command);
        network.AddTo(command);
        foreach (Option option in (Option[])[onnx, history, quiet, fineTune, json])
        {
            command.Options.Add(option);
        }

        format.AddTo(command);
        columns.AddTo(command);
        precision.AddTo(command);
        tuning.AddTo(command);
        windows.AddTo(command);
        signals.AddTo(command);
        parts.AddTo(command);
        adaptable.AddTo(command);
        command.SetAction(result =>
        {
            string path = result.GetValue(output) ?? DefaultOutput.Of(result.GetRequiredValue(data));
            OutputPaths.Check(
                [("the data", result.GetRequiredValue(data)), ("--data", tuning.Data(result))],
                [("--output", path), ("--onnx", result.GetValue(onnx)), ("--history", result.GetValue(history))]);
            DefaultOutput.CheckName("train", path, extension => extension == ".onnx" ? $", and --onnx {path} for the float model as ONNX" : "");
            bool isJson = result.GetValue(json);
            Terminal.LeaveTo(path, isJson);
            Terminal.LeaveTo(result.GetValue(onnx), isJson);
            Terminal.LeaveTo(result.GetValue(history), isJson);
            search.Check(result, signals.AreGiven(result));
            SampleWindow? window = windows.Window(result);
            SignalSettings? draft = signals.Draft(result, window);
            AdaptableOptions? learning = adaptable.Of(result);
            AdaptableOption.CheckPrecision(learning, precision.Of(result).Precision);
            CsvOptions written = format.Of(result, guessesHeader: true);
            ColumnChoice choice = columns.Of(result) with { Group = search.Group(result), Time = search.Time(result), KeepsNumbers = window is not null };
            SignalTable? recording = draft is null ? null : signals.Read(result, result.GetRequiredValue(data), result.GetRequiredValue(label), written, choice, draft);
            LabelledTable table = recording?.Table ?? TrainingTable.Read(result.GetRequiredValue(data), result.GetRequiredValue(label), written, choice);
            ClassMatch.SayAlike(table);
            table = CommonOptions.Split(result.GetValue(labels)) is { } order ? ClassMatch.InOrder(table, order) : table;
            string? oneNetwork = network.Given(result) ?? (result.GetValue(fineTune) ? "--fine-tune" : result.GetValue(history) is not null ? "--history" : null);
            if (oneNetwork is not null && search.Given(result, recording is not null) is { } searches)
            {
                throw new InputException($"{searches} says how to look for a model, and {oneNetwork} describes one network; give one of them.");
            }

            bool isQuiet = result.GetValue(quiet);
            TrainingResult? trained = null;
            SearchResult? found = null;
            Graph graph;
            if (oneNetwork is not null)
            {
                trained = Network(table, network.Of(result), result.GetValue(fineTune), isQuiet);
                graph = trained.Trained.ToGraph();
            }
            else
            {
                SearchOptions how = search.Of(result, network.Seed(result), precision.Of(result).Precision);
                found = SearchTraining.Run(table, how with { NetworksOnly = result.GetValue(onnx) is not null || learning is not null, Groups = table.Groups, Times = table.Times, Spans = table.Spans }, result.GetRequiredValue(label));
                graph = SearchTraining.Graph(found);
            }

            string name = path == OutputTarget.StandardOutput ? "model" : Path.GetFileNameWithoutExtension(path);
            graph.Metadata = Provenance.Of(graph.Metadata with { Name = name, Threshold = tuning.FixedThreshold(result) ?? graph.Metadata.Threshold, TrainingStatistics = TrainingStatistics.Write(table) }, result.GetRequiredValue(data));
            ModelContract.GiveInputs(graph, windows.Units(result), recording is null ? window : null);
            if (recording is not null)
            {
                SignalOptions.Give(graph, recording);
            }

            byte[]? exchange = result.GetValue(onnx) is null ? null : OnnxWriter.Write(graph);
            var steps = new ExportOptions
            {
                Quantization = precision.Of(result),
                Decisions = tuning.Of(result),
                TuningRows = tuning.Rows(result, result.GetRequiredValue(label), written),
                Adaptable = learning,
                Recorded = RecordedOptions.Of(result),
                LeftOut = parts.Of(result),
            };
            ExportedModel exported = ExportPipeline.Run(found is null ? trained!.Draft(graph) : SearchTraining.Draft(found, graph), steps, WorkProgress.Steps);
            PrecisionOptions.Print(exported.Draft.Precisions);
            TuningOptions.Print(exported.Draft.Tuned);
            AtomicFile.Write(path, exported.File);
            if (exchange is not null)
            {
                AtomicFile.Write(result.GetValue(onnx)!, exchange);
            }

            if (result.GetValue(history) is { } historyPath)
            {
                AtomicFile.Write(historyPath, TrainingHistory.Write(trained!.History));
            }

            Print(path, isJson, steps, trained, found, exported);
            return EdgeCommand.Done;
        });
        return command;
    }

    private static TrainingResult Network(LabelledTable table, TrainingOptions options, bool fineTunes, bool isQuiet)
    {
        TrainingResult trained = WorkProgress.Run("training", share => EdgeTrainer.Train(table, options, new EpochProgress(share, isQuiet)));
        if (fineTunes)
        {
            trained = WorkProgress.Run("fine-tuning", share => EdgeTrainer.FineTune(trained, progress: new EpochProgress(share, isQuiet)));
        }

        foreach (string notice in trained.Model.Notices)
        {
            Terminal.Say(notice);
        }

        return trained;
    }

    private static void Print(string path, bool isJson, ExportOptions steps, TrainingResult? trained, SearchResult? found, ExportedModel exported)
    {
        string asked = PrecisionOptions.Name(steps.Quantization.Precision);
        LearningSummary? learning = AdaptableOption.Prepared(exported);
        int parameters = trained?.ParameterCount ?? found!.Fitted.ParameterCount;
        if (isJson)
        {
            JsonOutput.Print(new
            {
                Output = path, Bytes = exported.File.Length, Precision = asked, Parameters = parameters, trained?.BestEpoch, Epochs = trained?.History.Count,
                Search = found is null ? null : SearchNumbers.Of(found), LeftOut = PartNames.Options(steps.LeftOut), Learning = learning, exported.Check,
            });
        }
        else
        {
            if (found is not null && SearchTraining.Cost(exported) is { } cost)
            {
                Terminal.Notes.WriteLine(cost);
            }

            // Trees have no integers to be.
            string written = exported.Precision == Precision.Float32 && steps.Quantization.Precision is Precision.Int8 or Precision.Int16 ? $"float32, since nothing in it can be {asked}" : asked;
            string how = trained is null ? "" : $", best epoch {trained.BestEpoch} of {trained.History.Count}";
            Terminal.Notes.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Wrote {path}: {exported.File.Length:N0} bytes, {written}, {parameters:N0} parameters{how}."));
            PartOptions.Print(steps.LeftOut);
            AdaptableOption.Print(learning);
            Terminal.Notes.WriteLine(exported.Check!.Line(exported.Precision));
        }

        if (exported.Check!.Warning is { } warning)
        {
            Terminal.Say(warning);
        }
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
