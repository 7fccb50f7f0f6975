using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelTraining.Encoding;
using EdgeInference.Tool.Tests.Train;

namespace EdgeInference.Tool.Tests.Learners;

public sealed class FeatureEncodingTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Even_numbers_are_standardised_and_nothing_else(bool isShaped)
    {
        LabelledTable table = TrainingData.Blobs(2, 4, 60, seed: 1);
        int[] rows = [.. Enumerable.Range(10, 40)];
        var encoding = FeatureEncoding.Fit(table, rows, isShaped ? EncodingKind.Shaped : EncodingKind.Standard);
        Assert.True(encoding.IsPlain);
        Assert.Equal(4, encoding.Length);
        Assert.Empty(encoding.Columns);
        Assert.Equal(Standardisation.Of([.. rows.Select(row => table.Rows[row])], 4).Apply(table.Rows[3]), encoding.Apply(table.Rows[3]));
    }

    // 1, 3 and 5 are present: mean 3, deviation 1.633, median 3.
    [Fact]
    public void A_missing_number_is_the_median_and_often_missing_ones_have_a_flag()
    {
        FeatureEncoding encoding = Fit(Column([1, 3, 5, float.NaN, 1, 3, 5, 1, 3, 5, float.NaN, float.NaN]), EncodingKind.Standard);
        Assert.False(encoding.IsPlain);
        Assert.Equal([0, 0], encoding.Apply([3f]));
        Assert.Equal([0, 1], encoding.Apply([float.NaN]));
        Assert.Equal([(double)(2f * (float)(1 / Math.Sqrt(8.0 / 3))), 0], encoding.Apply([5f]));
        Assert.Equal(8 * (float)(1 / Math.Sqrt(8.0 / 3)), encoding.Apply([11f])[0], 1e-5);
    }

    [Theory]
    [InlineData(2, false, false)]
    [InlineData(4, false, false)]
    [InlineData(4, true, true)]
    [InlineData(6, false, true)]
    public void A_flag_says_that_a_number_is_missing_where_that_is_not_rare_or_goes_with_the_class(int missing, bool isWithClass, bool hasFlag)
    {
        // 100 rows, the last 20 of class 1: the missing ones are all of them, or one is.
        float[] values = [.. Enumerable.Range(0, 100).Select(i => (float)(i % 7))];
        for (int i = 0; i < missing; i++)
        {
            values[isWithClass || i == 0 ? 80 + i : 7 * i] = float.NaN;
        }

        LabelledTable table = Column(values) with { Labels = [.. Enumerable.Range(0, 100).Select(i => i < 80 ? 0 : 1)] };
        Assert.Equal(hasFlag ? 2 : 1, Fit(table, EncodingKind.Standard).Length);
    }

    [Fact]
    public void Categories_have_a_column_each_and_rare_unknown_and_missing_ones_none()
    {
        float[] codes = [.. Enumerable.Range(0, 100).Select(i => i < 2 ? 3f : i % 3)];
        LabelledTable table = Column(codes) with { Categories = [["a", "b", "c", "rare"]] };
        FeatureEncoding encoding = Fit(table, EncodingKind.Standard);
        Assert.Equal([1, 0, 0], encoding.Apply([0f]));
        Assert.Equal([0, 0, 1], encoding.Apply([2f]));
        foreach (float other in new[] { 3f, 4f, float.NaN, 0.5f, -1f })
        {
            Assert.Equal([0, 0, 0], encoding.Apply([other]));
        }
    }

    [Fact]
    public void Two_categories_are_one_column()
    {
        LabelledTable table = Column([.. Enumerable.Range(0, 20).Select(i => (float)(i % 2))]) with { Categories = [["no", "yes"]] };
        FeatureEncoding encoding = Fit(table, EncodingKind.Standard);
        Assert.Equal([0], encoding.Apply([0f]));
        Assert.Equal([1], encoding.Apply([1f]));
    }

    [Fact]
    public void At_most_32_categories_have_a_column_the_most_frequent()
    {
        float[] codes = [.. Enumerable.Range(0, 40).SelectMany(code => Enumerable.Repeat((float)code, 3 + code))];
        LabelledTable table = Column(codes) with { Categories = [[.. Enumerable.Range(0, 40).Select(code => $"c{code}")]] };
        FeatureEncoding encoding = Fit(table, EncodingKind.Standard);
        Assert.Equal(Enumerable.Range(8, 32), encoding.Columns.Select(column => (int)column.X[0]));
    }

    [Fact]
    public void A_skewed_column_becomes_about_normal_and_is_clipped_at_far_quantiles()
    {
        float[] values = [.. Enumerable.Range(0, 1000).Select(i => (float)Math.Exp(3 * Math.Sin(i * 12.9898)))];
        FeatureEncoding encoding = Fit(Column(values), EncodingKind.Shaped);
        double[] shaped = [.. values.Select(value => encoding.Apply([value])[0])];
        double mean = shaped.Average();
        Assert.Equal(0, mean, 1e-4);
        Assert.Equal(1, Math.Sqrt(shaped.Average(value => value * value)), 0.1);
        Assert.InRange(shaped.Average(value => value * value * value), -0.3, 0.3);
        Assert.True(shaped.Max() < 3.5);
        Assert.Equal(encoding.Apply([1e9f]), encoding.Apply([values.Max()]));
        Assert.True(values.OrderBy(value => value).Select(value => encoding.Apply([value])[0]).Zip(values.OrderBy(value => value).Skip(1).Select(value => encoding.Apply([value])[0])).All(pair => pair.First <= pair.Second));
        Assert.False(FeatureEncoding.Fit(Column(values), [.. Enumerable.Range(0, 1000)], EncodingKind.Standard).Columns.Count > 0);
    }

    [Fact]
    public void A_column_that_is_nearly_always_one_value_still_tells_the_others()
    {
        float[] values = [.. Enumerable.Range(0, 2000).Select(i => i < 8 ? i + 1f : 0f)];
        FeatureEncoding encoding = Fit(Column(values), EncodingKind.Shaped);
        Assert.Equal(0.5, encoding.Apply([4.5f])[0] - encoding.Apply([0f])[0], 0.1);
        Assert.Equal(1, encoding.Apply([8f])[0] - encoding.Apply([0f])[0], 1e-6);
    }

    [Fact]
    public void A_column_that_never_varies_or_is_always_missing_is_left_out()
    {
        var table = new LabelledTable(["a", "b", "c"], [[1, 5, float.NaN], [2, 5, float.NaN], [float.NaN, 5, float.NaN], [4, 5, float.NaN]], [0, 1, 0, 1], ["0", "1"]);
        Assert.All(FeatureEncoding.Fit(table, [0, 1, 2, 3], EncodingKind.Standard).Columns, column => Assert.Equal(0, column.Source));
        InputException fault = Assert.Throws<InputException>(() => FeatureEncoding.Fit(table with { Rows = [.. table.Rows.Select(row => (float[])[7, .. row[1..]])] }, [0, 1, 2, 3], EncodingKind.Standard));
        Assert.Equal("No feature varies over the training rows, so nothing can be learned from them.", fault.Message);
    }

    private static LabelledTable Column(float[] values) =>
        new(["x"], [.. values.Select(value => new[] { value })], [.. values.Select((_, i) => i % 2)], ["0", "1"]);

    private static FeatureEncoding Fit(LabelledTable table, EncodingKind kind) =>
        FeatureEncoding.Fit(table, [.. Enumerable.Range(0, table.Rows.Count)], kind);
}
