using EdgeInference.ModelTraining.Search;

namespace EdgeInference.Tool.Tests.Train.Search;

/// <summary>Each row is judged once a repeat, never by a model that was fitted to it.</summary>
public class FoldTests
{
    private static readonly int[] labels = [.. Enumerable.Range(0, 103).Select(i => i % 10 == 0 ? 1 : 0)];

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Stratified_folds_hold_each_row_once_and_the_classes_in_proportion(int count)
    {
        Fold[] folds = Folds.Stratified(labels, 2, count, 3, 7);
        Assert.Equal(3 * count, folds.Length);
        for (int repeat = 0; repeat < 3; repeat++)
        {
            Assert.Equal(Enumerable.Range(0, labels.Length), folds.Skip(repeat * count).Take(count).SelectMany(fold => fold.Test).Order());
        }

        Assert.All(folds, fold =>
        {
            Assert.Empty(fold.Training.Intersect(fold.Test));
            Assert.Equal(labels.Length, fold.Training.Length + fold.Test.Length);
            Assert.InRange(fold.Test.Count(row => labels[row] == 1), 11 / count, (11 / count) + 1);
        });
        Assert.False(folds[0].Test.SequenceEqual(folds[count].Test));
    }

    [Fact]
    public void Groups_are_never_divided()
    {
        int[] groups = [.. Enumerable.Range(0, 60).Select(i => i * i % 7)];
        Fold[] folds = Folds.Grouped(groups, 3, 1);
        Assert.Equal(Enumerable.Range(0, 60), folds.SelectMany(fold => fold.Test).Order());
        Assert.All(folds, fold => Assert.Empty(fold.Training.Select(row => groups[row]).Intersect(fold.Test.Select(row => groups[row]))));
    }

    [Fact]
    public void Time_runs_forward_only()
    {
        double[] times = [.. Enumerable.Range(0, 50).Select(i => (double)(i * 37 % 50))];
        Fold[] folds = Folds.Forward(times, 4);
        Assert.Equal(4, folds.Length);
        Assert.All(folds, fold => Assert.True(fold.Training.Max(row => times[row]) < fold.Test.Min(row => times[row])));
        Assert.Equal(40, folds.SelectMany(fold => fold.Test).Distinct().Count());
    }
}
