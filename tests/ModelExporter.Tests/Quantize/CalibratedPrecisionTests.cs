using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Pipeline;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Quantize;

/// <summary>Automatic precision bounds the decisions that the file changes: by its threshold on calibrated probabilities.</summary>
public class CalibratedPrecisionTests
{
    [Fact]
    public void The_loss_is_counted_at_the_threshold_behind_the_calibration()
    {
        // Decided at a logit of −4; no row comes near 0, where the outputs themselves pass the threshold.
        var random = new Random(3);
        float[] Draw(int length, float size) => [.. Enumerable.Range(0, length).Select(_ => (random.NextSingle() - 0.5f) * size)];
        var graph = new Graph
        {
            Metadata = new GraphMetadata
            {
                Labels = ["0", "1"],
                OutputRoles = [OutputRole.Probability],
                Floats = new Dictionary<MetadataKey, float[]> { [MetadataKey.Calibration] = [(float)CalibrationMethod.Platt, 1f, 4f] },
            },
        };
        var x = new Value("x", TensorType.Float32, 1, 24);
        graph.Inputs.Add(x);
        var builder = new GraphBuilder(graph) { Name = "n" };
        Value h = builder.Activation(ActivationKind.ReLU, builder.Dense(x, Value.Constant("w1", Draw(1440, 0.6f), 60, 24), Value.Constant("b1", Draw(60, 1f), 60)));
        graph.Outputs.Add(builder.Activation(ActivationKind.Sigmoid, builder.Dense(h, Value.Constant("w2", Draw(60, 0.5f), 1, 60), Value.Constant("b2", [-4f], 1))));
        var draft = new ModelDraft(graph, graph) { Rows = [.. Enumerable.Range(0, 600).Select(_ => Draw(24, 4f))] };
        int[] expected = Called(draft);
        Assert.InRange(expected.Sum(), 100, 500);
        double Changed(ModelDraft other) => Called(other).Zip(expected).Count(pair => pair.First != pair.Second) / (double)expected.Length;
        ModelDraft Quantized(Precision? precision, double loss) => QuantizeStep.Run(draft, new QuantizeOptions { Precision = precision, MaxLoss = loss }, new ReportedWork(null, CancellationToken.None));
        double limit = Changed(Quantized(Precision.Int8, 0)) / 2;
        Assert.True(limit > 0);
        ModelDraft mixed = Quantized(null, limit);
        Assert.InRange(Changed(mixed), 0, limit);
        Assert.Equal(Changed(mixed), mixed.Precisions!.Loss);
        Assert.Contains(mixed.Precisions.Layers, layer => layer.Precision != Precision.Float32);
    }

    private static int[] Called(ModelDraft draft)
    {
        using EdgeModel model = EdgeModel.Load(ExportPipeline.Write(draft));
        using Session session = model.CreateSession();
        DecisionRule rule = ModelRule.Of(model);
        float[] output = new float[1];
        return [.. draft.Rows.Select(row =>
        {
            session.Run(row, output);
            return RowDecision.Of(rule, output).Called;
        })];
    }
}
