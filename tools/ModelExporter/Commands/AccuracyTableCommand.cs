using System.CommandLine;
using System.Globalization;
using System.Text;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelConverter.Pipeline;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelTraining;
using EdgeInference.Runtime;
using EdgeInference.Tool.Execution;

namespace EdgeInference.Tool.Commands;

/// <summary><c>edge accuracy-table</c>: what each precision costs on every data set that the tool carries, as the table in docs/numerics.md.</summary>
internal static class AccuracyTableCommand
{
    private const double MaxLoss = 0.002;

    // Without a precision the cheapest of each layer is chosen.
    private static readonly Precision?[] precisions = [Precision.Float32, Precision.Int16, Precision.Int8, null];

    private static readonly (string Name, string Label)[] sets =
    [
        ("breast_cancer", "benign"), ("digits", "digit"), ("breast_original", "malignant"), ("house_votes", "republican"), ("ionosphere", "good_return"), ("sonar", "mine"),
    ];

    internal static Command Create()
    {
        Option<bool> json = CommonOptions.Json();
        var command = new Command("accuracy-table", "Accuracy, AUC, Brier score, worst deviation and bytes of each precision on the tool's data sets.") { json };
        command.SetAction(result =>
        {
            Line[] lines = WorkProgress.Run("training and quantizing", progress => Measure(progress).ToArray());
            if (result.GetValue(json))
            {
                JsonOutput.Print(lines);
            }
            else
            {
                Console.Out.Write(Text(lines));
            }

            return EdgeCommand.Done;
        });
        return command;
    }

    private static IEnumerable<Line> Measure(IProgress<double> progress)
    {
        for (int i = 0; i < sets.Length; i++)
        {
            (string name, string label) = sets[i];
            string data = Path.Combine(AppContext.BaseDirectory, "data");
            LabelledTable train = CsvTable.ReadLabelled(Path.Combine(data, name + ".train.csv"), label);
            LabelledTable test = CsvTable.ReadLabelled(Path.Combine(data, name + ".test.csv"), label, train.Classes);
            ModelDraft draft = ExportPipeline.Of(Trainer.Train(train, new TrainingOptions()).ToGraph(), train);
            QuantizationChoice best = QuantizationSearch.Best(draft.Float32, train.Rows);
            float[][]? real = null;
            foreach (Precision? precision in precisions)
            {
                byte[] file = ExportPipeline.Write(QuantizeStep.Run(draft, new QuantizeOptions { Precision = precision, MaxLoss = MaxLoss }, new ReportedWork(null, CancellationToken.None), best));
                using EdgeModel model = EdgeModel.Load(file);
                using IEngine engine = Engines.Create(EngineKind.Fast, model);
                float[][] outputs = engine.RunAll(model, test.Rows);
                real ??= outputs;
                yield return new Line(name, PrecisionOptions.Name(precision), file.Length, Evaluation.Of(test, outputs, 0.5f, real));
            }

            progress.Report((i + 1.0) / sets.Length);
        }
    }

    private static string Text(IEnumerable<Line> lines)
    {
        var text = new StringBuilder("| data set | precision | accuracy | AUC | Brier | worst deviation | bytes |\n|---|---|---|---|---|---|---|\n");
        foreach ((string name, string precision, int bytes, Evaluation evaluation) in lines)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {precision} | {evaluation.Accuracy:0.0000} | {evaluation.Auc:0.0000} | {evaluation.Brier:0.0000} | {evaluation.WorstDeviation:0.0E+0} | {bytes} |\n");
        }

        return text.ToString();
    }

    private sealed record Line(string DataSet, string Precision, int Bytes, Evaluation Evaluation);
}
