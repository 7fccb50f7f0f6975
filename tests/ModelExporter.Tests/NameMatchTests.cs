using EdgeInference.ModelConverter.Data;

namespace EdgeInference.Tool.Tests;

/// <summary>Names that match loosely, and names that must not.</summary>
public sealed class NameMatchTests
{
    [Theory]
    [InlineData("mean radius", "Mean_Radius", true)]
    [InlineData("temp_c", "TempC", true)]
    [InlineData("x1_1", "x11", false)]
    [InlineData("x1 1", "x1_1", true)]
    [InlineData("a-b", "ab", false)]
    public void Case_spaces_and_underscores_do_not_count(string one, string other, bool match) =>
        Assert.Equal(match ? [0] : [], NameMatch.Loose(one, [other]));

    [Theory]
    [InlineData("1.0", "0,1", 1)]
    [InlineData("yes", "No,Yes", 1)]
    [InlineData("yes", "YES,Yes", -1)]
    [InlineData("10", "1 0,2", -1)]
    public void A_class_is_found_by_text_or_value(string text, string classes, int expected) =>
        Assert.Equal(expected, ClassMatch.Find(text, classes.Split(',')));
}
