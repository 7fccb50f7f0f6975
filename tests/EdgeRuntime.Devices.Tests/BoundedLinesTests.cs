using EdgeInference.Devices.Recordings;

namespace EdgeInference.Devices.Tests;

/// <summary>Lines are those of <see cref="TextReader.ReadLine"/>, up to a length.</summary>
public sealed class BoundedLinesTests
{
    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\r")]
    [InlineData("a")]
    [InlineData("a\n")]
    [InlineData("a\r\nb\rc\n\nd\r\n\r\n")]
    [InlineData("\r\r\n\n\ra")]
    public void Lines_are_those_of_a_text_reader(string text)
    {
        // Before, on and behind the end of a block.
        foreach (int before in new[] { 0, 4095 - text.Length, 4095, 4096, 4097 })
        {
            string all = new string('x', Math.Max(0, before)) + text + text;
            using var expected = new StringReader(all);
            using var reader = new StringReader(all);
            var lines = new BoundedLines(reader, "t.csv");
            string? line;
            do
            {
                line = expected.ReadLine();
                Assert.Equal(line, lines.Next());
            }
            while (line is not null);
        }
    }

    [Fact]
    public void A_line_without_an_end_is_no_line()
    {
        using var reader = new Endless();
        Assert.Equal("t.csv is no table: it has a line of more than 4000000 letters.", Assert.Throws<InvalidDataException>(() => new BoundedLines(reader, "t.csv").Next()).Message);
    }

    [Theory]
    [InlineData("/dev/zero", "/dev/zero is no table: it has a line of more than 4000000 letters.")]
    [InlineData("/tmp", "/tmp is a folder; name the table in it.")]
    public void A_device_or_a_folder_is_no_recording(string path, string sentence)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It needs the devices of Linux.");
        Assert.Equal(sentence, Assert.Throws<InvalidDataException>(() => new LoopReplay(path, ["x"], new DecisionLoopOptions { Period = TimeSpan.FromMilliseconds(1) })).Message);
    }

    private sealed class Endless : TextReader
    {
        public override int Read(char[] buffer, int index, int count) => count;

        public override int Read(Span<char> buffer)
        {
            buffer.Fill('x');
            return buffer.Length;
        }
    }
}
