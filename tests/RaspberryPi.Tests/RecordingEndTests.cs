namespace RaspberryPi.Tests;

/// <summary>However a recording ends, its rows are in the table, whole.</summary>
public sealed class RecordingEndTests : IDisposable
{
    private static readonly string[] settings = ["--Edge:Sensor:Kind=simulated", "--Edge:Loop:PeriodMilliseconds=2", "--Edge:Loop:Window=4", "--Edge:Loop:Hop=2", "--Edge:Loop:Bands=2"];

    private readonly string folder = Directory.CreateTempSubdirectory("edge-end").FullName;

    private string Table => Path.Combine(folder, "rows.csv");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("HUP")]
    public void A_hundred_rows_and_a_signal_and_all_of_them_are_in_the_table(string signal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals are sent by kill.");
        using var command = new RunningCommand(["record", Table, "still", "3600", .. settings]);
        command.Until(() => Lines() > 100);
        int before = Lines();
        (int code, string output, string errors) = command.End(signal);
        Assert.Equal(0, code);
        string[] lines = File.ReadAllLines(Table);
        Assert.True(lines.Length >= before);
        Assert.StartsWith($"{lines.Length - 1} rows in {Table}\nTrain with: ", output, StringComparison.Ordinal);
        Assert.Contains("Stopped before 3600 s were over; the rows so far are in the table.", errors, StringComparison.Ordinal);
        AssertWhole(lines);
    }

    [Fact]
    public void Samples_are_in_the_table_at_SIGTERM_too()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals are sent by kill.");
        using var command = new RunningCommand(["record", Table, "still", "3600", "--samples", .. settings]);
        command.Until(() => Lines() > 100);
        (int code, string output, _) = command.End("TERM");
        string[] lines = File.ReadAllLines(Table);
        Assert.Equal(0, code);
        Assert.Equal("time,x,y,z,label", lines[0]);
        Assert.StartsWith($"{lines.Length - 1} rows in {Table}\nTrain with: edge train {Table} --label label --sample-period 0.002 --window 4 --hop 2 --signals ", output, StringComparison.Ordinal);
        Assert.EndsWith($" -o model.edge\nTry a model on them with: edge-device replay {Table}\n", output, StringComparison.Ordinal);
        AssertWhole(lines);
    }

    [Fact]
    public void After_a_SIGKILL_the_rows_with_a_line_break_are_whole_and_the_next_recording_goes_on()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals are sent by kill.");
        using var command = new RunningCommand(["record", Table, "still", "3600", .. settings]);
        command.Until(() => Lines() > 100);
        command.End("KILL");

        // The kernel ends the write of a process that is killed between two pages, so a row may have been begun.
        string[] killed = File.ReadAllText(Table).Split('\n');
        AssertWhole(killed[..^1]);
        Assert.True(killed.Length > 100);
        string note = killed[^1].Length == 0 ? "" : $"The last row of {Table} had no line break, so it was incomplete; it is cut off: {killed[^1][..Math.Min(200, killed[^1].Length)]}\n";
        AssertGoesOn(killed.Length - 1, note);
    }

    [Theory]
    [InlineData("0.5,0.25,")]
    [InlineData("1")]
    public void After_a_SIGKILL_in_the_middle_of_a_row_the_next_recording_cuts_it_off_and_says_so(string begun)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals are sent by kill.");
        using (var command = new RunningCommand(["record", Table, "still", "1", .. settings]))
        {
            Assert.Equal(0, command.End().Code);
        }

        int whole = Lines();
        File.AppendAllText(Table, begun);
        AssertGoesOn(whole, $"The last row of {Table} had no line break, so it was incomplete; it is cut off: {begun}\n");
    }

    [Fact]
    public void A_full_disk_is_one_sentence_and_the_rows_before_it_are_whole()
    {
        string small = Directory.CreateDirectory(Path.Combine(folder, "small")).FullName;
        bool mounted = OperatingSystem.IsLinux() && Debian.Run("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", small).ExitCode == 0;
        Assert.SkipUnless(mounted, "Mounting a small tmpfs needs root on Linux.");
        try
        {
            string table = Path.Combine(small, "rows.csv");
            using var command = new RunningCommand(["record", table, "still", "3600", .. settings]);
            (int code, string output, string errors) = command.End();
            string[] lines = File.ReadAllLines(table);
            Assert.Equal((1, ""), (code, output));
            string sentence = errors.TrimEnd().Split('\n')[^1];
            Assert.StartsWith($"{table} takes no more rows: ", sentence, StringComparison.Ordinal);
            Assert.EndsWith($"; the {lines.Length - 1} rows that it got are whole.", sentence, StringComparison.Ordinal);
            AssertWhole(lines);
        }
        finally
        {
            Debian.Run("umount", small);
        }
    }

    [Fact]
    public void A_word_that_is_no_option_ends_with_the_usage()
    {
        using var command = new RunningCommand("record", Table, "still", "1", "--sample");
        (int code, _, string errors) = command.End();
        Assert.Equal(2, code);
        Assert.Contains("record FILE.csv LABEL SECONDS [--samples]", errors, StringComparison.Ordinal);
    }

    private void AssertGoesOn(int whole, string note)
    {
        // Only its length is asked: a table that is open elsewhere at the start is refused.
        long length = new FileInfo(Table).Length;
        using var next = new RunningCommand(["record", Table, "still", "3600", .. settings]);
        next.Until(() => new FileInfo(Table).Length > length);
        (int code, string output, string errors) = next.End("TERM");
        Assert.True(code == 0, errors);
        Assert.Equal(note.Length > 0, errors.Contains("it is cut off", StringComparison.Ordinal));
        Assert.Contains(note, errors, StringComparison.Ordinal);
        Assert.Equal($"{Lines() - whole} rows in {Table}", output.Split('\n')[0]);
        AssertWhole(File.ReadAllLines(Table));
    }

    private int Lines() => File.Exists(Table) ? File.ReadAllLines(Table).Length : 0;

    private static void AssertWhole(string[] lines)
    {
        int cells = lines[0].Split(',').Length;
        Assert.All(lines[1..], line => Assert.Equal(cells, line.Split(',').Length));
        Assert.All(lines[1..], line => Assert.EndsWith(",still", line, StringComparison.Ordinal));
    }
}
