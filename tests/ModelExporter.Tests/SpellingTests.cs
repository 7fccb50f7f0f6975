namespace ModelExporter.Tests;

public class SpellingTests
{
    [Theory]
    [InlineData("benigm", "benign")]
    [InlineData("Benign", "benign")]
    [InlineData("zzz", "")]
    public void The_nearest_word_is_found(string word, string expected) =>
        Assert.Equal(expected, Spelling.Nearest(word, ["malignant", "benign", "radius"]));
}
