using EdgeInference.Benchmarks.Contenders;
using EdgeInference.Benchmarks.Models;
using EdgeInference.ModelConverter.Import.Onnx;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Trees;
using EdgeInference.ModelFormat;
using Microsoft.ML;
using Microsoft.ML.Trainers.LightGbm;

namespace EdgeInference.Benchmarks.Cases;

/// <summary>Trees, asked many rows in turn, and one again and again, whose branches a processor learns.</summary>
internal static class TreeCases
{
    private const int Varied = 3000;
    private const int Trees = 100;
    private const int Depth = 4;

    internal static IEnumerable<(string Name, Func<ModelCase> Create)> All { get; } =
    [
        ("rf100_d8_3000_inputs", () => Forest() with { Name = "rf100_d8_3000_inputs" }),
        ("rf100_d8_one_input", () => Repeated(Forest(), "rf100_d8_one_input")),
        ("boosted_100x4_3000_inputs", () => Boosted() with { Name = "boosted_100x4_3000_inputs" }),
        ("boosted_100x4_one_input", () => Repeated(Boosted(), "boosted_100x4_one_input")),
    ];

    private static ModelCase Repeated(ModelCase model, string name) => model with { Name = name, Rows = model.Rows.First(), Goals = [new(Engine.Float32, Engine.CSharp, 0.9)] };

    private static ModelCase Forest()
    {
        ModelCase model = DrawnCases.Drawn("rf100_d8");
        Forest forest = EdgeInference.ModelConverter.Trees.Forest.Of(model.Graph.Nodes.First(node => node.Opcode == Opcode.TreeEnsemble));
        return WithGoals(model, RowSet.Of(Among(forest, model.Graph.Inputs[0].Elements)));
    }

    private static ModelCase Boosted()
    {
        var ml = new MLContext(seed: 1);
        var trained = ml.BinaryClassification.Trainers.LightGbm(new LightGbmBinaryTrainer.Options
        {
            NumberOfIterations = Trees,
            NumberOfLeaves = 1 << Depth,
            Booster = new GradientBooster.Options { MaximumTreeDepth = Depth },
            NumberOfThreads = 1,
            Silent = true,
        }).Fit(MlNetCases.Table(ml));
        byte[] onnx = TreeModel.Write(trained.Model.SubModel.TrainedTreeEnsemble, MlNetRow.Length);
        ModelCase model = new("boosted", GraphOptimizer.Optimize(OnnxImporter.Import(onnx, "boosted")), onnx, RowSet.Of(CaseRows.Normal(MlNetRow.Length, Varied, seed: 7)));
        return WithGoals(model, model.Rows) with
        {
            Peers = [Engine.MlNet, Engine.CSharp, Engine.C],
            Own = asked => new MlNetContender(ml, trained, asked.Rows, isProbability: false),
        };
    }

    private static ModelCase WithGoals(ModelCase model, RowSet rows) => model with
    {
        Rows = rows,
        Precisions = [Precision.Float32],
        Peers = [Engine.CSharp, Engine.C],
        IsProducts = false,
        Goals = [new(Engine.Float32, Engine.CSharp, 2)],
    };

    // Each feature somewhere between two of the thresholds that it is compared with, so that rows part on many splits.
    private static IEnumerable<float[]> Among(Forest forest, int features)
    {
        var random = new Random(3);
        float[][] thresholds = [.. Enumerable.Range(0, features).Select(feature => forest.Thresholds.Where((_, split) => forest.Features[split] == feature).DefaultIfEmpty(0).ToArray())];
        for (int row = 0; row < Varied; row++)
        {
            yield return [.. thresholds.Select(some => (some[random.Next(some.Length)] + some[random.Next(some.Length)]) / 2)];
        }
    }
}
