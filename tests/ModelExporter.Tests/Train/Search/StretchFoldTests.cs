using EdgeInference.ModelConverter;
using EdgeInference.ModelTraining;
using EdgeInference.ModelTraining.Search;

namespace EdgeInference.Tool.Tests.Train.Search;

/// <summary>Windows that have a sample in common are never on both sides of a division.</summary>
public sealed class StretchFoldTests
{
    private const int Hop = 5;

    [Theory]
    [InlineData(1, 12)]
    [InlineData(2, 40)]
    [InlineData(6, 12)]
    [InlineData(6, 40)]
    public void No_fold_learns_from_a_sample_that_it_judges(int stretches, int length)
    {
        (RowSpan[] spans, int[] labels) = Windows(stretches, 60, length);
        (Fold[] folds, _) = StretchFolds.Of(spans, labels, 2, 5, 1);
        Assert.True(folds.Length >= 2);
        Assert.Equal(Enumerable.Range(0, spans.Length), folds.SelectMany(fold => fold.Test).Order());
        foreach (Fold fold in folds)
        {
            Assert.All(fold.Training, row => Assert.DoesNotContain(fold.Test, judged => spans[row].Overlaps(spans[judged])));
            Assert.Equal([0, 1], fold.Training.Select(row => labels[row]).Distinct().Order());
        }
    }

    [Fact]
    public void Enough_stretches_are_judged_whole()
    {
        (RowSpan[] spans, int[] labels) = Windows(4, 20, 12);
        (Fold[] folds, _) = StretchFolds.Of(spans, labels, 2, 5, 1);
        Assert.Equal(4, folds.Length);
        Assert.All(folds, fold => Assert.Empty(fold.Training.Select(row => spans[row].Stretch).Intersect(fold.Test.Select(row => spans[row].Stretch))));
        Assert.All(folds, fold => Assert.Equal([0, 1], fold.Test.Select(row => labels[row]).Distinct().Order()));
    }

    [Fact]
    public void A_network_is_stopped_by_the_end_of_each_stretch_where_that_leaves_enough()
    {
        (RowSpan[] spans, _) = Windows(2, 20, 12);
        (int[] training, int[] validation) = StretchSplit.Of(spans, 0.2);
        Assert.Equal([.. Enumerable.Range(16, 4), .. Enumerable.Range(36, 4), .. Enumerable.Range(56, 4), .. Enumerable.Range(76, 4)], validation);
        Assert.All(training, row => Assert.DoesNotContain(validation, judged => spans[row].Overlaps(spans[judged])));
        (RowSpan[] wide, _) = Windows(1, 20, 200);
        Assert.Equal(Enumerable.Range(0, 40), StretchSplit.Of(wide, 0.2).First.Order());
        Assert.Empty(StretchSplit.Of(wide, 0.2).Second);
    }

    private static (RowSpan[] Spans, int[] Labels) Windows(int stretches, int windows, int length)
    {
        RowSpan[] spans = [.. Enumerable.Range(0, 2 * stretches).SelectMany(stretch => Enumerable.Range(0, windows).Select(i => new RowSpan(stretch, i * Hop, (i * Hop) + length - 1)))];
        return (spans, Array.ConvertAll(spans, span => span.Stretch % 2));
    }
}
