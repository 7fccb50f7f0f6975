using System.Globalization;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EdgeInference.Tool.Tests.Import.Onnx;

/// <summary>Tree classifiers in the shapes that converters of LightGBM, XGBoost and CatBoost write: label, text and probability against ONNX Runtime. TestData/import/generate.py writes them.</summary>
public class BoostedTreeTests
{
    [Theory]
    [InlineData("lightgbm")]
    [InlineData("lightgbm_texts")]
    [InlineData("lightgbm_three")]
    [InlineData("xgboost")]
    [InlineData("xgboost_three")]
    [InlineData("catboost")]
    [InlineData("catboost_three")]
    [InlineData("negative")]
    [InlineData("each_logistic")]
    public void Label_and_probabilities_are_ONNX_Runtimes(string name)
    {
        string path = Source(name);
        string zipped = Source(name + "_zipmap");
        Graph graph = ModelImporter.Import(File.Exists(zipped) ? zipped : path);
        Assert.Equal([OutputRole.Probability], graph.Metadata.OutputRoles);
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(GraphOptimizer.Optimize(graph)));
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

    // ONNX Runtime's label contradicts its own probabilities where two classes have scores of their own or all leaves are above
    // 0, and its probabilities do not add up to 1 where the leaves name the second class; the rest of each is compared.
    [Theory]
    [InlineData("positive")]
    [InlineData("both_classes")]
    [InlineData("id1")]
    public void The_probability_of_the_second_class_decides(string name)
    {
        Graph graph = ModelImporter.Import(Source(name));
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(GraphOptimizer.Optimize(graph)));
        using var classifier = new Classifier(model);
        var random = new Random(1);
        for (int run = 0; run < 200; run++)
        {
            float[] row = [.. Enumerable.Range(0, 4).Select(_ => (4 * random.NextSingle()) - 2)];
            float[] expected = Peer.Run(Source(name), "probabilities", ("x", [1, 4], row));
            int label = classifier.Classify(row).ClassIndex;
            Assert.Equal(expected[1], classifier.Probabilities[1], 1e-5f);
            Assert.Equal(expected[1] > 0.5f ? 1 : 0, label);
        }
    }

    // ONNX Runtime adds the second base value to the first score where leaves name both classes; the standard adds each to its own,
    // as CatBoost means it. The trees are those of the model without base values.
    [Fact]
    public void Each_class_gets_its_own_base_value()
    {
        Graph graph = ModelImporter.Import(Source("catboost_bias_zipmap"));
        Assert.Equal(["c0", "c1"], graph.Metadata.Labels);
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(graph));
        using Session session = model.CreateSession();
        float[] actual = new float[2];
        var random = new Random(1);
        for (int run = 0; run < 50; run++)
        {
            float[] row = [.. Enumerable.Range(0, 4).Select(_ => (4 * random.NextSingle()) - 2)];
            float plain = Peer.Run(Source("catboost"), "probabilities", ("x", [1, 4], row))[1];
            double odds = plain / (1.0 - plain) * Math.Exp(0.3);
            session.Run(row, actual);
            Assert.Equal(odds / (1 + odds), actual[1], 1e-5);
        }
    }

    [Fact]
    public void A_base_value_that_could_belong_to_either_class_is_refused() =>
        Assert.Contains("one base value for two classes", Assert.Throws<InputException>(() => ModelImporter.Import(Source("xgboost_id1"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Missing_values_go_where_the_trees_say()
    {
        Graph graph = ModelImporter.Import(Source("catboost_zipmap"));
        Assert.True(graph.Metadata.AcceptsMissing);
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(graph));
        using Session session = model.CreateSession();
        float[] actual = new float[2];
        for (int missing = 0; missing < 4; missing++)
        {
            float[] row = [0.1f, -0.2f, 0.3f, 0.7f];
            row[missing] = float.NaN;
            session.Run(row, actual);
            Assert.Equal(Peer.Run(Source("catboost"), "probabilities", ("x", [1, 4], row)), actual, (a, b) => Math.Abs(a - b) < 1e-5f);
        }
    }

    [Fact]
    public void Margins_are_no_probabilities()
    {
        Graph graph = ModelImporter.Import(Source("margins"));
        Assert.NotEqual([OutputRole.Probability], graph.Metadata.OutputRoles);
    }

    private static string Source(string name) => Path.Combine(AppContext.BaseDirectory, "TestData", "import", $"boosted_{name}.onnx");
}
