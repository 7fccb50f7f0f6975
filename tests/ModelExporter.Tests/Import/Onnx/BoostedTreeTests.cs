using System.Globalization;
using EdgeRuntime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ModelExporter.Graphs;
using ModelExporter.Import;
using ModelExporter.Optimize;
using ModelExporter.Plan;
using ModelFormat;

namespace ModelExporter.Tests.Import.Onnx;

/// <summary>Tree classifiers in the shapes that converters of LightGBM, XGBoost and CatBoost write: label, text and probability against ONNX Runtime. TestData/import/generate.py writes them.</summary>
public class BoostedTreeTests
{
    [Theory]
    [InlineData("lightgbm")]
    [InlineData("lightgbm_texts")]
    [InlineData("lightgbm_three")]
    [InlineData("xgboost")]
    [InlineData("xgboost_id1")]
    [InlineData("xgboost_three")]
    [InlineData("catboost")]
    [InlineData("catboost_three")]
    [InlineData("negative")]
    [InlineData("both_classes")]
    [InlineData("each_logistic")]
    public void Label_and_probabilities_are_ONNX_Runtimes(string name)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "TestData", "import", $"boosted_{name}.onnx");
        Graph graph = ModelImporter.Import(path);
        Assert.Equal([OutputRole.Probability], graph.Metadata.OutputRoles);
        using EdgeModel model = EdgeModel.Load(ProgramWriter.Write(GraphOptimizer.Optimize(graph)));
        using var classifier = new Classifier(model);
        using var peer = new InferenceSession(path);
        var random = new Random(1);
        for (int run = 0; run < 200; run++)
        {
            float[] row = [.. Enumerable.Range(0, 4).Select(_ => (4 * random.NextSingle()) - 2)];
            using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = peer.Run([NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(row, [1, 4]))]);
            string label = results[0].Value is Tensor<string> texts ? texts.Single() : results[0].AsTensor<long>().Single().ToString(CultureInfo.InvariantCulture);
            Decision decision = classifier.Classify(row);
            Assert.Equal(results[1].AsTensor<float>(), classifier.Probabilities.ToArray(), (a, b) => Math.Abs(a - b) < 1e-5f);
            Assert.Equal(label, graph.Metadata.Labels[decision.ClassIndex]);
        }
    }

    [Fact]
    public void Margins_are_no_probabilities()
    {
        Graph graph = ModelImporter.Import(Path.Combine(AppContext.BaseDirectory, "TestData", "import", "boosted_margins.onnx"));
        Assert.NotEqual([OutputRole.Probability], graph.Metadata.OutputRoles);
    }
}
