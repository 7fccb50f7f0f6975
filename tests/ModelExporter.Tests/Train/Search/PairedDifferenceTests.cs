using EdgeInference.ModelTraining.Search;

namespace EdgeInference.Tool.Tests.Train.Search;

/// <summary>The mean of differences and its standard error, s/√n with n − 1 in s.</summary>
public sealed class PairedDifferenceTests
{
    [Fact]
    public void Mean_and_standard_error_are_those_of_the_differences()
    {
        // 1, 2, 3, 6: mean 3, squares 4 + 1 + 0 + 9, 14 / 3 / 4.
        var difference = PairedDifference.Of([2, 4, 6, 10], [1, 2, 3, 4]);
        Assert.Equal(3, difference.Mean, 1e-12);
        Assert.Equal(Math.Sqrt(14.0 / 12), difference.Error, 1e-12);
        Assert.Equal(-3, PairedDifference.Of([1, 2, 3, 4], [2, 4, 6, 10]).Mean, 1e-12);
    }

    [Fact]
    public void What_both_find_hard_cancels_out() => Assert.Equal(new PairedDifference(0.5, 0), PairedDifference.Of([1.5, 8.5, 0.5], [1, 8, 0]));

    [Fact]
    public void One_row_has_no_error_that_could_be_known() => Assert.Equal(new PairedDifference(2, 0), PairedDifference.Of([3], [1]));
}
