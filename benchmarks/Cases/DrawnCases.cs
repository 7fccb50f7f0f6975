using EdgeInference.Benchmarks.Models;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelTraining;

namespace EdgeInference.Benchmarks.Cases;

/// <summary>Models of random or fitted weights, which are there for their time alone.</summary>
internal static class DrawnCases
{
    private static readonly Precision[] all = [Precision.Float32, Precision.Int8, Precision.Int16];

    internal static IEnumerable<(string Name, Func<ModelCase> Create)> All { get; } =
    [
        ("resnet8", () => Drawn("resnet8") with { Precisions = all, Goals = Images(1.2) }),
        ("mobilenet025_96", () => Drawn("mobilenet025_96") with { Precisions = all, Goals = Images(1.3) }),
        ("lstm64x50", () => Drawn("lstm64x50") with { HasFastMath = true, Goals = Recurrent() }),
        ("gru64x50", () => Drawn("gru64x50") with { HasFastMath = true, Goals = Recurrent() }),
        ("svm_rbf_500", () => Distances("svm_rbf_500")),
        ("knn_569", () => Distances("knn_569")),
        ("mlp_8_16_1", () => Network("mlp_8_16_1", 8, 16, 1) with { Peers = [Engine.OnnxInt8, Engine.CSharp, Engine.C], Goals = [new(Engine.Float32, Engine.CSharp, 1)] }),
        ("dense_64x64", () => Network("dense_64x64", 64, 64) with { Precisions = all, Goals = [new(Engine.Int16, Engine.Float32, 1 / 1.5)] }),
        .. new[] { 64, 512, 1024, 2048 }.Select(width => ($"runbatch_256x{width}", (Func<ModelCase>)(() => Batch(width)))),
    ];

    /// <summary>An untrained multilayer perceptron.</summary>
    internal static ModelCase Network(string name, int features, params int[] units)
    {
        Graph graph = Mlp.Create(name, features, units);
        float[][] rows = CaseRows.Draw(features);
        return new ModelCase(name, graph, OnnxWriter.Write(graph), RowSet.Of(rows.Take(CaseRows.Asked))) { Calibration = rows };
    }

    /// <summary>A model of ../shared/cases/speed.</summary>
    internal static ModelCase Drawn(string name)
    {
        string path = SharedFiles.Find(Path.Combine("cases", "speed"), name + ".onnx");
        Graph graph = GraphOptimizer.Optimize(ModelImporter.Import(path));
        float[][] rows = CaseRows.Draw(graph.Inputs[0].Elements);
        return new ModelCase(name, graph, File.ReadAllBytes(path), RowSet.Of([rows[0]])) { Calibration = rows };
    }

    private static ModelCase Distances(string name) => Drawn(name) with
    {
        Precisions = [Precision.Float32],
        Peers = [Engine.C],
        HasFastMath = true,
        Goals = [new(Engine.Float32, Engine.OnnxFloat32, 1.5)],
    };

    private static ModelCase Batch(int width)
    {
        const int Rows = 256;
        ModelCase model = Network($"runbatch_256x{width}", width, width);
        Goal[] goals = [new(Engine.Float32, Engine.OnnxFloat32, 1), new(Engine.Int8, Engine.Float32, 2)];
        return model with
        {
            Rows = new RowSet([.. CaseRows.Draw(width, Rows).SelectMany(row => row)], width * Rows),
            Batch = Rows,
            Goals = width >= 512 ? goals : goals[1..],
        };
    }

    private static Goal[] Images(double int8) => [new(Engine.Float32, Engine.OnnxFloat32, 1.2), new(Engine.Int8, Engine.OnnxInt8, int8), new(Engine.Int16, Engine.Float32, 1 / 1.5)];

    private static Goal[] Recurrent() => [new(Engine.Float32, Engine.C, 1), new(Engine.Float32, Engine.OnnxFloat32, 2), new(Engine.Int8, Engine.Float32, 1)];
}
