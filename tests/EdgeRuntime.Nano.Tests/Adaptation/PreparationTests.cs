using EdgeInference.ModelTraining;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Adaptation;

namespace EdgeInference.Nano.Tests.Adaptation;

/// <summary>What cannot learn, or not within such limits, is refused in a sentence; what can decides as before until it has learned.</summary>
public class PreparationTests
{
    private static readonly LabelledTable table = AdaptableModels.Clouds(3, 5, 120, 3);

    private static ConvertedModel Float32 => AdaptableModels.Train("clouds 3", table, new TrainingOptions { HiddenSizes = [8], Epochs = 40 }).Model;

    [Fact]
    public void A_model_in_float32_is_refused() =>
        Assert.Contains("needs int8 or int16", Assert.Throws<InputException>(() => Float32.MakeAdaptable(table)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(nameof(AdaptableOptions.AddedClasses), 33, "The number of classes that can be added is 33; give 0 to 32.")]
    [InlineData(nameof(AdaptableOptions.StoredSamples), 1025, "The number of stored samples is 1025; give 0 to 1024.")]
    [InlineData(nameof(AdaptableOptions.Passes), -1, "The number of passes is -1; give 0 to 32.")]
    [InlineData(nameof(AdaptableOptions.Neighbours), 2, "The number of neighbours is 2; give an odd number, or 0 for means of classes.")]
    [InlineData(nameof(AdaptableOptions.Neighbours), 17, "The number of neighbours is 17; give 0 to 15.")]
    [InlineData(nameof(AdaptableOptions.WarmUp), 1, "The number of normal samples before the first threshold is 1; give 2 to 4096.")]
    [InlineData(nameof(AdaptableOptions.SelfTestSamples), 1025, "The number of labelled self-test rows is 1025; give 0 to 1024.")]
    [InlineData(nameof(AdaptableOptions.LearningRate), 0.0, "The learning rate is 0; give a number above 0, at most 4.")]
    [InlineData(nameof(AdaptableOptions.LearningRate), double.NaN, "The learning rate is NaN; give a number above 0, at most 4.")]
    [InlineData(nameof(AdaptableOptions.MaxLogitChange), 1025.0, "The most that a logit may change is 1025; give a number above 0, at most 1024.")]
    [InlineData(nameof(AdaptableOptions.AnomalyQuantile), 1.5, "The quantile of anomalies is 1.5; give a number above 0, at most 1.")]
    public void An_option_out_of_range_is_named(string option, object value, string sentence)
    {
        var options = new AdaptableOptions();
        typeof(AdaptableOptions).GetProperty(option)!.SetValue(options, value);
        Assert.Equal(sentence, Assert.Throws<InputException>(() => Float32.MakeAdaptable(table, options)).Message);
    }

    [Fact]
    public void Options_that_do_not_fit_together_are_refused()
    {
        ConvertedModel model = Float32.Quantize(table.Rows);
        Assert.Contains("9 neighbours vote but 8 samples are stored", Message(new AdaptableOptions { Neighbours = 9, StoredSamples = 8 }), StringComparison.Ordinal);
        Assert.Contains("With 3 neighbours each class needs 2 self-test rows", Message(new AdaptableOptions { Neighbours = 3, SelfTestSamples = 3 }), StringComparison.Ordinal);
        Assert.Contains("Nothing is to be learned", Message(new AdaptableOptions { LastLayer = false, AddedClasses = 0, Anomalies = false }), StringComparison.Ordinal);
        Assert.Contains("rows of 5 values", Assert.Throws<InputException>(() => model.MakeAdaptable(table with { Rows = [[1, 2]], Labels = [0] })).Message, StringComparison.Ordinal);
        Assert.Contains("give labels 0 to 2", Assert.Throws<InputException>(() => model.MakeAdaptable(table with { Rows = [table.Rows[0]], Labels = [3] })).Message, StringComparison.Ordinal);

        string Message(AdaptableOptions options) => Assert.Throws<InputException>(() => model.MakeAdaptable(table, options)).Message;
    }

    [Theory]
    [InlineData(Precision.Int8)]
    [InlineData(Precision.Int16)]
    public void A_model_that_can_learn_gives_what_it_gave(Precision precision)
    {
        ConvertedModel model = Float32.Quantize(table.Rows, new QuantizeOptions { Precision = precision });
        using EdgeModel before = EdgeModel.Load(model.ToBytes());
        using EdgeModel after = EdgeModel.Load(model.MakeAdaptable(table).ToBytes());
        Assert.Equal(LearningHeads.None, AdaptiveClassifier.HeadsOf(before));
        Assert.Equal(LearningHeads.LastLayer | LearningHeads.AddedClasses | LearningHeads.Anomalies | LearningHeads.Anchored, AdaptiveClassifier.HeadsOf(after));
        Assert.Contains("edge train --adaptable", Assert.Throws<ArgumentException>(() => new AdaptiveClassifier(before)).Message, StringComparison.Ordinal);
        using var factory = new Classifier(before);
        using var same = new Classifier(after);
        using var learner = new AdaptiveClassifier(after);
        Assert.All(table.Rows, row => Assert.Equal((factory.Classify(row), factory.Classify(row)), (same.Classify(row), learner.Classify(row))));
        Assert.True(SelfTest.Run(after));
        Assert.Equal(16, SelfTest.Count(after));
        Assert.Equal("Nothing was learned; the model decides as the factory made it.", learner.Reason);
    }
}
