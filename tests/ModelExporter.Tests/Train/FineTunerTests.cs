using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelTraining;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Train;

public class FineTunerTests
{
    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (string name in new[] { "ReLU", "Tanh", "SiLU", "PReLU", "LeakyReLU", "ReLU6", "GELU" })
            {
                cases.Add(name, 2);
                cases.Add(name, 3);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_rounded_network_gives_what_the_int8_model_gives(string activation, int classes)
    {
        LabelledTable table = TrainingData.Blobs(classes, 6, 200, seed: 12);
        TrainedModel model = Trainer.Train(table, new TrainingOptions { Epochs = 30, HiddenActivation = ActivationFunctions.Find(activation)!.Kind });
        var tuner = new FineTuner(model);
        float[][] quantized = Int8Outputs(model, table);
        double worst = 0;
        double fromRounded = 0;
        double fromExact = 0;
        for (int row = 0; row < table.Rows.Count; row++)
        {
            double rounded = tuner.RoundedProbabilities(row)[^1];
            worst = Math.Max(worst, Math.Abs(rounded - quantized[row][^1]));
            fromRounded += Math.Abs(rounded - quantized[row][^1]);
            fromExact += Math.Abs(model.Probabilities(table.Rows[row])[^1] - quantized[row][^1]);
        }

        // The network rounds in double where the engine multiplies by 31 bits: now and then a value lands one step aside.
        Assert.True(worst < 0.05, $"{worst}");
        Assert.True(fromRounded < 0.6 * fromExact, $"{fromRounded / fromExact}");
    }

    [Fact]
    public void Gradients_pass_straight_through_rounding_but_not_where_it_clips()
    {
        var quantizer = new FakeQuantizer(new EdgeInference.ModelConverter.Graphs.Quantization(0.5f, -128));
        Assert.Equal(1.5, quantizer.Round(1.4));
        Assert.Equal(0, quantizer.Round(-3));
        Assert.Equal(127.5, quantizer.Round(1000));
        var layer = new LayerQuantizer(3, quantizer, null);
        double[] values = [-3, 1.4, 200];
        layer.RoundBefore(values);
        Assert.Equal([0, 1.5, 127.5], values);
        double[] delta = [1, 2, 3];
        layer.Block(delta);
        Assert.Equal([0.0, 2, 0], delta);
    }

    [Theory]
    [InlineData("ReLU")]
    [InlineData("SiLU")]
    public void Fine_tuning_lowers_the_loss_of_the_int8_model(string activation)
    {
        LabelledTable table = TrainingData.Blobs(3, 6, 400, seed: 13);
        TrainedModel model = Trainer.Train(table, new TrainingOptions
        {
            Epochs = 60, HiddenSizes = [6, 4], HiddenActivation = ActivationFunctions.Find(activation)!.Kind, ValidationFraction = 0.3, L2 = 0,
        });
        TrainedModel tuned = Trainer.FineTune(model);
        Assert.Equal(model.ParameterCount, tuned.ParameterCount);
        Assert.Equal(model.ValidationRows.Rows, tuned.ValidationRows.Rows);
        double before = MulticlassMetrics.Of(model.ValidationRows.Labels, Int8Outputs(model, model.ValidationRows)).LogLoss;
        double after = MulticlassMetrics.Of(model.ValidationRows.Labels, Int8Outputs(tuned, model.ValidationRows)).LogLoss;
        Assert.True(after < before, $"{before} to {after}");
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_the_model_itself_stays()
    {
        LabelledTable table = TrainingData.Blobs(2, 4, 120, seed: 14);
        TrainedModel model = Trainer.Train(table, new TrainingOptions { Epochs = 20 });
        double before = model.Probabilities(table.Rows[0])[1];
        var options = new FineTuningOptions { Epochs = 5, LearningRate = 0.01 };
        byte[] first = ModelWriter.Write(Trainer.FineTune(model, options).ToGraph());
        Assert.Equal(first, ModelWriter.Write(Trainer.FineTune(model, options).ToGraph()));
        Assert.Equal(before, model.Probabilities(table.Rows[0])[1]);
        Assert.Throws<InputException>(() => Trainer.FineTune(model, new FineTuningOptions { LearningRate = -1 }));
    }

    private static float[][] Int8Outputs(TrainedModel model, LabelledTable table)
    {
        using EdgeModel file = EdgeModel.Load(ModelWriter.Write(Quantizer.Quantize(model.ToGraph(), model.TrainingRows.Rows, Precision.Int8, new QuantizationOptions { BiasCorrection = false })));
        using Session session = file.CreateSession();
        return [.. table.Rows.Select(row =>
        {
            var output = new float[session.OutputLength];
            session.Run(row, output);
            return output;
        })];
    }
}
