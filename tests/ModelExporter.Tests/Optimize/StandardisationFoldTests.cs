using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Check;
using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Onnx;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelFormat;
using EdgeInference.ModelTraining;
using EdgeInference.Tool.Tests.Import.Keras;
using EdgeInference.Tool.Tests.Train;

namespace EdgeInference.Tool.Tests.Optimize;

/// <summary>Which standardisations are folded, and that those which are not stay as exact as the source.</summary>
public class StandardisationFoldTests
{
    private const double Pressure = 101325;

    [Theory]
    [InlineData(50, 10, false)]
    [InlineData(Pressure, 1, true)]
    [InlineData(1e-3, 1e-9, true)]
    public void A_standardisation_in_front_of_a_layer_keeps_its_subtraction_where_it_would_cancel(double mean, double deviation, bool kept)
    {
        foreach (bool scaleFirst in new[] { false, true })
        {
            Graph graph = NewGraph(out GraphBuilder builder, out Value x);
            Value z = scaleFirst
                ? builder.Arithmetic(Opcode.Add, builder.Arithmetic(Opcode.Mul, x, All(1 / deviation)), All(-mean / deviation))
                : builder.Arithmetic(Opcode.Div, builder.Arithmetic(Opcode.Sub, x, All(mean)), All(deviation));
            graph.Outputs.Add(builder.Dense(z, Weights(3, 4), Value.Constant("b", [0.1f, -0.2f, 0.3f], 3)));
            Check(graph, mean, deviation);
            Assert.Equal(kept ? [Opcode.Sub, Opcode.Dense] : [Opcode.Dense], graph.Nodes.Select(node => node.Opcode));
        }
    }

    [Fact]
    public void What_follows_a_layer_is_folded_since_its_sum_is_rounded_anyway()
    {
        Graph graph = NewGraph(out GraphBuilder builder, out Value x);
        Value y = builder.Dense(x, Weights(4, 4), Value.Constant("b", [1000.1f, 1000.2f, 1000.3f, 1000.7f], 4));
        graph.Outputs.Add(builder.Arithmetic(Opcode.Div, builder.Arithmetic(Opcode.Sub, y, All(1000)), All(0.5)));
        GraphOptimizer.Optimize(graph);
        Assert.Equal(Opcode.Dense, Assert.Single(graph.Nodes).Opcode);
    }

    [Fact]
    public void A_layer_that_picks_features_keeps_the_subtraction_behind_it()
    {
        Graph graph = NewGraph(out GraphBuilder builder, out Value x);
        float[] picks = [0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0];
        Value picked = builder.Dense(x, Value.Constant("pick", picks, 4, 4), null);
        graph.Outputs.Add(builder.Arithmetic(Opcode.Sub, picked, All(Pressure)));
        Check(graph, Pressure, 1);
        Assert.Contains(graph.Nodes, node => node.Opcode == Opcode.Sub);
    }

    [Fact]
    public void BatchNormalization_of_a_large_mean_is_exact_with_and_without_a_layer_behind_it()
    {
        foreach (bool layer in new[] { false, true })
        {
            var onnx = new OnnxGraphBuilder();
            string y = onnx.Node("BatchNormalization", ["x", Row(1.5f), Row(0.25f), Row((float)Pressure), Row(1f)]);
            y = layer ? onnx.Node("Gemm", [y, onnx.Constant(Weights(4, 4).Floats, 4, 4)]) : y;
            y = onnx.NodeTo("y", "Tanh", [y]);
            Graph graph = OnnxImporter.Import(onnx.Build("m", "test", "x", [4], y, [4]), "m");
            Check(graph, Pressure, 1);

            string Row(float value) => onnx.Constant([value, value, value, value], 4);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Keras_Normalization_of_a_large_mean_is_exact_with_and_without_a_layer_behind_it(bool layer)
    {
        KerasArchiveBuilder builder = new KerasArchiveBuilder()
            .Layer("InputLayer", "in", """{"batch_shape":[null,4]}""")
            .Layer("Normalization", "n", """{"axis":[-1],"mean":[101325,101325,101325,101325],"variance":[1,1,1,1]}""");
        if (layer)
        {
            builder.Layer("Dense", "d", """{"units":2,"activation":"sigmoid","use_bias":false}""")
                .Weights("dense", new float[,] { { 0.3f, 1 }, { -0.7f, 0.2f }, { 1.1f, -0.4f }, { 0.9f, 0.6f } });
        }

        Graph graph = builder.Import();
        Check(graph, Pressure, 1);
    }

    [Fact]
    public void A_trained_network_folds_ordinary_features_and_keeps_the_mean_of_others()
    {
        LabelledTable table = TrainingData.Blobs(2, 3, 200, seed: 2);
        Assert.DoesNotContain(Train(table).ToGraph().Nodes, node => node.Opcode == Opcode.Sub);
        LabelledTable far = table with { Rows = [.. table.Rows.Select(row => Array.ConvertAll(row, value => (float)(value + Pressure)))] };
        TrainedModel model = Train(far);
        Graph graph = model.ToGraph();
        Assert.Equal(Opcode.Sub, graph.Nodes[0].Opcode);
        using var session = new Microsoft.ML.OnnxRuntime.InferenceSession(OnnxWriter.Write(graph));
        float[][] outputs = GraphRunner.RunAll(graph, far.Rows);
        for (int i = 0; i < outputs.Length; i++)
        {
            double expected = model.Probabilities(far.Rows[i])[1];
            Assert.Equal(expected, outputs[i][0], 1e-6);
            using var results = session.Run([Microsoft.ML.OnnxRuntime.NamedOnnxValue.CreateFromTensor(
                "input", new Microsoft.ML.OnnxRuntime.Tensors.DenseTensor<float>(far.Rows[i], [1, 3]))]);
            Assert.Equal(expected, results[0].AsEnumerable<float>().Single(), 1e-6);
        }

        static TrainedModel Train(LabelledTable table) => Trainer.Train(table, new TrainingOptions { Epochs = 30 });
    }

    // Optimises, and compares with the source in double precision on rows of the given mean and deviation.
    private static void Check(Graph graph, double mean, double deviation)
    {
        ExportCheck check = ExportCheck.Of(graph)!;
        GraphOptimizer.Optimize(graph);
        var random = new Random(9);
        float[][] rows = [.. Enumerable.Range(0, 32).Select(_ => Enumerable.Range(0, 4).Select(_ => (float)(mean + (deviation * 4 * (random.NextDouble() - 0.5)))).ToArray())];
        CheckResult result = check.Compare(graph, graph, rows, "test");
        Assert.Equal("float64", result.Reference);
        Assert.InRange(result.Float32Deviation, 0, 5e-6);
    }

    private static Graph NewGraph(out GraphBuilder builder, out Value x)
    {
        var graph = new Graph();
        x = new Value("x", TensorType.Float32, 1, 4);
        graph.Inputs.Add(x);
        builder = new GraphBuilder(graph) { Name = "n" };
        return graph;
    }

    private static Value All(double value) => Value.Constant("c", [.. Enumerable.Repeat((float)value, 4)], 4);

    private static Value Weights(int units, int depth)
    {
        var random = new Random(1);
        return Value.Constant("w", [.. Enumerable.Range(0, units * depth).Select(_ => (float)((random.NextDouble() * 4) - 2))], units, depth);
    }
}
