using EdgeInference.Benchmarks.Models;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelConverter.Import.Tflite;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelTraining;

namespace EdgeInference.Benchmarks.Cases;

/// <summary>The repository's own trained models, and those of MLPerf Tiny.</summary>
internal static class TrainedCases
{
    internal static IEnumerable<(string Name, Func<ModelCase> Create)> All { get; } =
    [
        ("breast_cancer_mlp", () => Trained("breast_cancer_mlp", "breast_cancer", "benign") with { Goals = Bars(30, 30) }),
        ("digits_mlp", () => Trained("digits_mlp", "digits", "digit") with { Goals = Bars(15, 0) }),
        ("digits_cnn", () => Trained("digits_cnn", "digits", "digit") with { Goals = Bars(3, 0) }),
        ("mlp_784_128_64_10", () => DrawnCases.Network("mlp_784_128_64_10", 784, 128, 64, 10) with { Goals = Bars(1.5, 3) }),
        ("mlperf_tiny_ad01", () => Tiny("mlperf_tiny_ad01", "ad01_fp32.tflite", "ad01_int8.tflite") with { Goals = Bars(1.2, 2.5) }),

        // The published float32 file has int8 weights, which the importer dequantizes: both engines get the same float32 network.
        ("mlperf_tiny_kws", () => Tiny("mlperf_tiny_kws", "kws_ref_model_float32.tflite", "kws_ref_model.tflite") with { Goals = Bars(1, 1.5) }),
    ];

    private static Goal[] Bars(double float32, double int8) =>
        [.. new Goal[] { new(Engine.Float32, Engine.OnnxFloat32, float32), new(Engine.Int8, Engine.OnnxFloat32, int8) }.Where(goal => goal.Ratio > 0)];

    private static ModelCase Trained(string model, string table, string label)
    {
        string onnx = Path.Combine(AppContext.BaseDirectory, "data", model + ".onnx");
        Graph graph = GraphOptimizer.Optimize(ModelImporter.Import(onnx));
        string csv = Path.Combine(AppContext.BaseDirectory, "data", table + ".train.csv");
        IReadOnlyList<float[]> rows = SampleReader.Read(csv, graph.Inputs[0].Elements, graph.Metadata.InputNames, label);
        return new ModelCase(model, graph, File.ReadAllBytes(onnx), RowSet.Of([rows[0]]))
        {
            Calibration = [.. rows.Take(CaseRows.Calibration)],
            Peers = [Engine.OnnxInt8, Engine.CSharp, Engine.C],
        };
    }

    private static ModelCase Tiny(string name, string float32, string int8)
    {
        Graph graph = GraphOptimizer.Optimize(TfliteImporter.Import(SharedFiles.Find("mlperf-tiny", float32)));
        float[][] rows = CaseRows.Draw(graph.Inputs[0].Elements);
        return new ModelCase(name, graph, OnnxWriter.Write(graph), RowSet.Of([rows[0]]))
        {
            Calibration = rows,
            Int8File = ModelWriter.Write(GraphOptimizer.Optimize(TfliteImporter.Import(SharedFiles.Find("mlperf-tiny", int8)))),
        };
    }
}
