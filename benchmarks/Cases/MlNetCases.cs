using EdgeInference.Benchmarks.Contenders;
using EdgeInference.Benchmarks.Models;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelTraining;
using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace EdgeInference.Benchmarks.Cases;

/// <summary>Logistic regression that ML.NET trains, so that it is a peer with the same numbers.</summary>
internal static class MlNetCases
{
    private const int TrainingRows = 4000;

    internal static IEnumerable<(string Name, Func<ModelCase> Create)> All { get; } = [("logistic_30_1", Logistic)];

    /// <summary>Rows whose label is not linear in their features.</summary>
    internal static IDataView Table(MLContext ml) =>
        ml.Data.LoadFromEnumerable(CaseRows.Normal(MlNetRow.Length, TrainingRows, seed: 5).Select(row => new MlNetRow
        {
            Features = row,
            Label = (row[0] * row[1]) + row[2] - (row[3] * row[3]) + (row[4] / 2) > 0,
        }));

    private static ModelCase Logistic()
    {
        var ml = new MLContext(seed: 1);
        var trained = ml.BinaryClassification.Trainers.LbfgsLogisticRegression().Fit(Table(ml));
        LinearBinaryModelParameters found = trained.Model.SubModel;
        var x = new Value("input", TensorType.Float32, 1, MlNetRow.Length);
        var y = new Value("y", TensorType.Float32, 1, 1);
        var graph = new Graph { Metadata = new GraphMetadata { Name = "logistic_30_1" } };
        graph.Inputs.Add(x);
        graph.Outputs.Add(y);
        graph.Nodes.Add(new Node(Opcode.Dense, "dense", [x, Value.Constant("w", [.. found.Weights], 1, MlNetRow.Length), Value.Constant("b", [found.Bias], 1)], y)
            .WithActivation(DenseRule.Activation, ActivationKind.Sigmoid));
        float[][] rows = CaseRows.Normal(MlNetRow.Length, CaseRows.Calibration, seed: 6);
        return new ModelCase("logistic_30_1", graph, OnnxWriter.Write(graph), RowSet.Of(rows.Take(CaseRows.Asked)))
        {
            Calibration = rows,
            Peers = [Engine.OnnxInt8, Engine.MlNet, Engine.CSharp, Engine.C],
            Own = model => new MlNetContender(ml, trained, model.Rows, isProbability: true),
            Goals = [new(Engine.Float32, Engine.CSharp, 1)],
        };
    }
}
