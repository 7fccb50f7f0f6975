using EdgeInference.ModelConverter.DecisionTuning;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.ModelTraining;
using EdgeInference.Runtime;
using EdgeInference.Tool.Tests.Train;

namespace EdgeInference.Tool.Tests.DecisionTuning;

public class DecisionTunerTests
{
    private static readonly DecisionOptions everything = new()
    {
        Calibration = CalibrationMethod.Platt,
        Threshold = new ThresholdObjective(ThresholdGoal.Recall, 0.98),
        AbstainAccuracy = 0.99,
        UnlikeShare = 0.01,
    };

    [Fact]
    public void What_is_tuned_is_what_the_runtime_does()
    {
        LabelledTable train = TrainingData.Read("breast_cancer.train.csv", "benign");
        TrainedModel trained = Trainer.Train(train, new TrainingOptions { ValidationFraction = 0.3 });
        LabelledTable held = trained.ValidationRows;
        Assert.Equal(train.Rows.Count, held.Rows.Count + trained.TrainingRows.Rows.Count);
        Graph graph = trained.ToGraph();
        float[][] outputs = [.. held.Rows.Select(row => new[] { (float)trained.Probabilities(row)[1] })];
        DecisionSettings settings = DecisionTuner.Tune(held, outputs, everything, trained.TrainingRows.Rows);
        graph.Metadata = settings.ApplyTo(graph.Metadata);
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(graph));
        using var classifier = new Classifier(model);
        Assert.Equal(settings.Threshold, classifier.Threshold);
        Decision[] decisions = [.. held.Rows.Select(row => classifier.Classify(row))];
        Assert.Equal(settings.AbstainedShare, decisions.Count(decision => decision.IsAbstained) / (double)decisions.Length, 1e-12);
        int decided = decisions.Count(decision => !decision.IsAbstained);
        int right = decisions.Where((decision, i) => decision.ClassIndex == held.Labels[i]).Count();
        Assert.True(right >= 0.99 * decided, $"{right} of {decided}");
        ConfusionMatrix confusion = BinaryMetrics.Of(held.Labels, [.. decisions.Select(decision => decision.Probability)], classifier.Threshold).Confusion;
        Assert.True(confusion.Recall >= 0.98, $"{confusion.Recall}");
        Assert.True(classifier.Classify(new float[30]).IsUnlikeTrainingData);
    }

    [Fact]
    public void Several_classes_are_tuned_too()
    {
        LabelledTable table = TrainingData.Blobs(3, 6, 240, seed: 3);
        TrainedModel trained = Trainer.Train(table, new TrainingOptions { Epochs = 10, ValidationFraction = 0.4 });
        LabelledTable held = trained.ValidationRows;
        float[][] outputs = [.. held.Rows.Select(row => Array.ConvertAll(trained.Probabilities(row), p => (float)p))];
        float[] before = [.. outputs[0]];
        DecisionSettings settings = DecisionTuner.Tune(held, outputs, new DecisionOptions { Calibration = CalibrationMethod.Temperature, AbstainAccuracy = 0.99 });
        Assert.Equal(before, outputs[0]);
        Graph graph = trained.ToGraph();
        graph.Metadata = settings.ApplyTo(graph.Metadata);
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(graph));
        using var classifier = new Classifier(model);
        Decision[] decisions = [.. held.Rows.Select(row => classifier.Classify(row))];
        Assert.Equal(settings.AbstainedShare, decisions.Count(decision => decision.IsAbstained) / (double)decisions.Length, 1e-12);
        int decided = decisions.Count(decision => !decision.IsAbstained);
        Assert.True(decisions.Where((decision, i) => decision.ClassIndex == held.Labels[i]).Count() >= 0.99 * decided);
    }

    [Fact]
    public void Nothing_is_stored_that_was_not_asked_for()
    {
        LabelledTable table = TrainingData.Blobs(2, 3, 20, seed: 1);
        DecisionSettings settings = DecisionTuner.Tune(table, [.. table.Labels.Select(label => new float[] { label })], new DecisionOptions());
        Assert.Equal(new DecisionSettings(), settings);
        GraphMetadata metadata = settings.ApplyTo(new GraphMetadata { Threshold = 0.3f });
        Assert.Equal(0.3f, metadata.Threshold);
        Assert.Empty(metadata.Floats);
    }

    [Fact]
    public void Options_that_do_not_fit_are_refused()
    {
        LabelledTable two = TrainingData.Blobs(2, 3, 20, seed: 1);
        LabelledTable three = TrainingData.Blobs(3, 3, 21, seed: 1);
        float[][] outputs = [.. Enumerable.Repeat(new[] { 0.2f, 0.3f, 0.5f }, 21)];
        Assert.Throws<InputException>(() => DecisionTuner.Tune(three, outputs, new DecisionOptions { Calibration = CalibrationMethod.Platt }));
        Assert.Throws<InputException>(() => DecisionTuner.Tune(three, outputs, new DecisionOptions { Threshold = new ThresholdObjective(ThresholdGoal.F1) }));
        Assert.Throws<InputException>(() => DecisionTuner.Tune(two, outputs, new DecisionOptions { AbstainAccuracy = 1.5 }));
        Assert.Throws<InputException>(() => DecisionTuner.Tune(two, outputs, new DecisionOptions { UnlikeShare = 1 }));
    }
}
