namespace EdgeInference.Tool.Tests;

public class SuggestionTests
{
    [Theory]
    [InlineData("benigm", "benign")]
    [InlineData("Benign", "benign")]
    [InlineData("zzz", "")]
    public void The_nearest_word_is_found(string word, string expected) =>
        Assert.Equal(expected, Suggestion.Nearest(word, ["malignant", "benign", "radius"]));

    // A third of the word's letters and one more may be wrong; of equally near words the first is meant.
    [Theory]
    [InlineData("abcdef", "abcxyz", true)]
    [InlineData("abcdef", "abwxyz", false)]
    [InlineData("ab", "ax", true)]
    [InlineData("ab", "xy", false)]
    [InlineData("abc", "ABC", true)]
    [InlineData("abcd", "bcde", true)]
    public void A_word_is_near_up_to_a_distance(string word, string candidate, bool isNear) =>
        Assert.Equal(isNear ? candidate : "", Suggestion.Nearest(word, [candidate]));

    // A file may have names of megabytes, and as many of them as it has bytes.
    [Fact]
    public void Long_words_and_candidates_without_end_are_not_compared()
    {
        string word = new('a', Suggestion.MostLetters);
        Assert.Equal(word[..^1] + "b", Suggestion.Nearest(word, [word[..^1] + "b"]));
        Assert.Equal("", Suggestion.Nearest(word + "a", [word + "b"]));
        int looked = 0;
        Assert.Equal("", Suggestion.Nearest("benigm", Candidates()));
        Assert.Equal((Suggestion.MostPairs / 36) + 1, looked);

        IEnumerable<string> Candidates()
        {
            while (true)
            {
                looked++;
                yield return "zzzzzz";
            }
        }
    }

    [Fact]
    public void Of_several_the_nearest_is_meant_and_of_equals_the_first()
    {
        Assert.Equal("labels", Suggestion.Nearest("label", ["layer", "labels"]));
        Assert.Equal("cat", Suggestion.Nearest("bat", ["cat", "rat"]));
        Assert.Equal("", Suggestion.Nearest("bat", []));
    }
}
