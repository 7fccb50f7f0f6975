namespace EdgeInference.Mutation.Tests;

public class FaultListTests
{
    private const string Text = """
        # A remark.
        fault index-one-past
        file src/A.cs
        member Check
        - index >= size
        + index > size
        test ATests BTests.One

        fault flush-lost
        file src/B.cs
        rebuild
        - stream.Flush();
        +
        test BTests
        """;

    [Fact]
    public void A_paragraph_is_a_fault()
    {
        Fault[] faults = [.. FaultList.Read(Text, "rules", "rules.txt")];
        Assert.Equal(2, faults.Length);
        Fault first = faults[0];
        Assert.Equal(("rules", "index-one-past", "src/A.cs", "Check"), (first.Area, first.Name, first.File, first.Member));
        Assert.Equal(("index >= size", "index > size"), (first.Original, first.Replacement));
        Assert.Equal(["ATests", "BTests.One"], first.Tests);
        Assert.False(first.Rebuild);
        Assert.Equal("rules.txt:2", first.Where);
        Assert.Equal("", faults[1].Replacement);
        Assert.Null(faults[1].Member);
        Assert.True(faults[1].Rebuild);
    }

    [Theory]
    [InlineData("fault a\nfile b.cs\n- x", "rules.txt:1: a fault needs the lines")]
    [InlineData("fault a\nfiles b.cs\n- x\n+ y", "rules.txt:2: 'files' is no word")]
    public void A_paragraph_that_says_too_little_or_something_else_is_refused(string text, string sentence)
    {
        MutationException refused = Assert.Throws<MutationException>(() => FaultList.Read(text, "rules", "rules.txt").ToList());
        Assert.StartsWith(sentence, refused.Message, StringComparison.Ordinal);
    }
}
