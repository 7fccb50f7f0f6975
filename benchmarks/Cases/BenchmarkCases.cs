using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelConverter.Import.Tflite;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelTraining;

namespace EdgeInference.Benchmarks.Cases;

/// <summary>The models that are compared. One that cannot be made is left out, with the reason on standard error.</summary>
internal static class BenchmarkCases
{
    private const int CalibrationRows = 64;

    internal static IEnumerable<BenchmarkCase> All()
    {
        foreach (Func<BenchmarkCase> create in new[] { BreastCancer, DigitsMlp, DigitsCnn, Mlp784, AnomalyDetection, KeywordSpotting, ResNet8, MobileNet, LSTM, GRU, Forest, SupportVectors, Neighbours })
        {
            BenchmarkCase? benchmark = null;
            try
            {
                benchmark = create();
            }
            catch (Exception failure) when (failure is InputException or EdgeInference.ModelFormat.ModelFormatException or FileNotFoundException)
            {
                Console.Error.WriteLine($"{create.Method.Name} is left out: {failure.Message}");
            }

            if (benchmark is not null)
            {
                yield return benchmark;
            }
        }
    }

    private static BenchmarkCase BreastCancer() => Trained("breast_cancer_mlp", "breast_cancer", "benign") with { Float32Bar = 30, Int8Bar = 30 };

    private static BenchmarkCase DigitsMlp() => Trained("digits_mlp", "digits", "digit") with { Float32Bar = 15 };

    private static BenchmarkCase DigitsCnn() => Trained("digits_cnn", "digits", "digit") with { Float32Bar = 3 };

    private static BenchmarkCase Mlp784()
    {
        Graph graph = Mlp.Create("mlp_784_128_64_10", 784, 128, 64, 10);
        return Build(graph, OnnxWriter.Write(graph), Draw(784)) with { Float32Bar = 1.5, Int8Bar = 3 };
    }

    private static BenchmarkCase AnomalyDetection()
    {
        Graph graph = GraphOptimizer.Optimize(TfliteImporter.Import(Shared("mlperf-tiny", "ad01_fp32.tflite")));
        byte[] int8 = ModelWriter.Write(GraphOptimizer.Optimize(TfliteImporter.Import(Shared("mlperf-tiny", "ad01_int8.tflite"))));
        return new BenchmarkCase("mlperf_tiny_ad01", ModelWriter.Write(graph), int8, OnnxWriter.Write(graph), graph, Draw(graph.Inputs[0].Elements)[0])
        {
            Float32Bar = 1.2,
            Int8Bar = 2.5,
        };
    }

    // The published float32 file has int8 weights, which the importer dequantizes: both engines get the same float32 network.
    private static BenchmarkCase KeywordSpotting()
    {
        Graph graph = GraphOptimizer.Optimize(TfliteImporter.Import(Shared("mlperf-tiny", "kws_ref_model_float32.tflite")));
        byte[] int8 = ModelWriter.Write(GraphOptimizer.Optimize(TfliteImporter.Import(Shared("mlperf-tiny", "kws_ref_model.tflite"))));
        return new BenchmarkCase("mlperf_tiny_kws", ModelWriter.Write(graph), int8, OnnxWriter.Write(graph), graph, Draw(graph.Inputs[0].Elements)[0])
        {
            Float32Bar = 1,
            Int8Bar = 1.5,
        };
    }

    private static BenchmarkCase ResNet8() => Drawn("resnet8") with { Float32Bar = 1.2 };

    private static BenchmarkCase MobileNet() => Drawn("mobilenet025_96") with { Float32Bar = 1.2 };

    private static BenchmarkCase LSTM() => Drawn("lstm64x50") with { Float32Bar = 2 };

    private static BenchmarkCase GRU() => Drawn("gru64x50") with { Float32Bar = 2 };

    private static BenchmarkCase Forest() => Drawn("rf100_d8", isQuantized: false);

    private static BenchmarkCase SupportVectors() => Drawn("svm_rbf_500", isQuantized: false) with { Float32Bar = 1.5 };

    private static BenchmarkCase Neighbours() => Drawn("knn_569", isQuantized: false) with { Float32Bar = 1.5 };

    // Random or fitted weights: for time only.
    private static BenchmarkCase Drawn(string model, bool isQuantized = true)
    {
        string path = Shared(Path.Combine("cases", "speed"), model + ".onnx");
        Graph graph = GraphOptimizer.Optimize(ModelImporter.Import(path));
        graph.Metadata = graph.Metadata with { Name = model };
        float[][] rows = Draw(graph.Inputs[0].Elements);
        return isQuantized ? Build(graph, File.ReadAllBytes(path), rows) : new BenchmarkCase(model, ModelWriter.Write(graph), null, File.ReadAllBytes(path), graph, rows[0]);
    }

    private static BenchmarkCase Trained(string model, string table, string label)
    {
        string onnx = Path.Combine(AppContext.BaseDirectory, "data", model + ".onnx");
        Graph graph = GraphOptimizer.Optimize(ModelImporter.Import(onnx));
        graph.Metadata = graph.Metadata with { Name = model };
        string rows = Path.Combine(AppContext.BaseDirectory, "data", table + ".train.csv");
        return Build(graph, File.ReadAllBytes(onnx), SampleReader.Read(rows, graph.Inputs[0].Elements, graph.Metadata.InputNames, label));
    }

    private static BenchmarkCase Build(Graph graph, byte[] onnx, IReadOnlyList<float[]> rows)
    {
        byte[] int8 = ModelWriter.Write(Quantizer.Quantize(graph, [.. rows.Take(CalibrationRows)], Precision.Int8));
        return new BenchmarkCase(graph.Metadata.Name, ModelWriter.Write(graph), int8, onnx, graph, rows[0]);
    }

    private static float[][] Draw(int features)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, CalibrationRows).Select(_ => Enumerable.Range(0, features).Select(_ => random.NextSingle()).ToArray())];
    }

    // Test data lies beside the checkout, whichever folder below it this runs in.
    private static string Shared(string folder, string file)
    {
        for (string? directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            string path = Path.Combine(directory, "shared", folder, file);
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException($"shared/{folder}/{file} is not beside this checkout");
    }
}
