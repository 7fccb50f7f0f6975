using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.Devices.Tests;

/// <summary>Which values lie within what a model was trained on, by the record that <c>edge train</c> writes.</summary>
public sealed class TrainingRangesTests
{
    // From 8 to 14 in training, with a standard deviation of 2.
    [Theory]
    [InlineData(6.01f, true)]
    [InlineData(5.99f, false)]
    [InlineData(15.99f, true)]
    [InlineData(16.01f, false)]
    [InlineData(float.NaN, true)]
    [InlineData(float.PositiveInfinity, false)]
    public void A_number_may_lie_a_standard_deviation_outside(float value, bool holds) =>
        Assert.Equal(holds, Ranges(TestModels.WithTrainingRows(TestModels.TrainingRow(10f, 2f, 1f, 2f)))!.Hold([value]));

    [Theory]
    [InlineData(0.5f, -0.49f, true)]
    [InlineData(0.5f, 1.51f, false)]
    [InlineData(20f, 39.9f, true)]
    [InlineData(20f, -0.1f, false)]
    public void A_constant_may_lie_its_size_outside(float mean, float value, bool holds) =>
        Assert.Equal(holds, Ranges(TestModels.WithTrainingRows(TestModels.TrainingRow(mean, 0f, 0f, 0f)))!.Hold([value]));

    [Theory]
    [InlineData(0f, true)]
    [InlineData(1f, true)]
    [InlineData(2f, false)]
    [InlineData(-1f, false)]
    [InlineData(float.NaN, true)]
    public void A_category_that_training_did_not_know_is_outside(float value, bool holds) =>
        Assert.Equal(holds, Ranges(TestModels.WithTrainingRows(new byte[5], "red", "green"))!.Hold([value]));

    [Fact]
    public void A_model_with_a_score_or_without_the_record_has_none()
    {
        Assert.Null(Ranges(TestModels.WithStatistics(1f)));
        Assert.Null(Ranges(TestModels.Create()));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(12)]
    [InlineData(0)]
    public void A_record_of_another_length_is_damaged(int length) =>
        Assert.Throws<ModelFormatException>(() => Ranges(TestModels.WithTrainingRows(new byte[length])));

    [Fact]
    public void A_record_of_numbers_that_are_none_is_damaged() =>
        Assert.Throws<ModelFormatException>(() => Ranges(TestModels.WithTrainingRows(TestModels.TrainingRow(0f, float.PositiveInfinity, 0f, 0f))));

    private static TrainingRanges? Ranges(byte[] file)
    {
        using var model = EdgeModel.Load(file);
        return TrainingRanges.Of(model.File);
    }
}
