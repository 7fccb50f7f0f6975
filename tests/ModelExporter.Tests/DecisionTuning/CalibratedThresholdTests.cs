using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Pipeline;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.DecisionTuning;

/// <summary>A threshold is tuned on what it is compared with: calibrated probabilities, where the model has a calibration already.</summary>
public sealed class CalibratedThresholdTests
{
    [Fact]
    public void A_threshold_is_tuned_behind_the_calibration_that_the_model_has()
    {
        var graph = new Graph
        {
            Metadata = new GraphMetadata { Labels = ["0", "1"], InputNames = ["x"], OutputRoles = [OutputRole.Probability], Floats = new Dictionary<MetadataKey, float[]> { [MetadataKey.Calibration] = [(float)CalibrationMethod.Platt, 1f, 2f] } },
        };
        var input = new Value("input", TensorType.Float32, 1, 1);
        graph.Inputs.Add(input);
        graph.Outputs.Add(new GraphBuilder(graph) { Name = "p" }.Activation(ActivationKind.Sigmoid, input));
        float[][] rows = [.. Enumerable.Range(0, 60).Select(i => new[] { (i - 30) / 10f })];
        var table = new LabelledTable(["x"], rows, [.. rows.Select(row => row[0] >= -1 ? 1 : 0)], ["0", "1"]);
        ModelDraft tuned = TuneStep.Run(ExportPipeline.Of(graph, table), new DecisionOptions { Threshold = new ThresholdObjective(ThresholdGoal.Youden) }, table);
        using EdgeModel model = EdgeModel.Load(ExportPipeline.Write(tuned));
        using Session session = model.CreateSession();
        DecisionRule rule = ModelRule.Of(model);
        float[] output = new float[1];
        Assert.Equal(table.Labels, rows.Select(row =>
        {
            session.Run(row, output);
            return RowDecision.Of(rule, output).Called;
        }));
    }
}
