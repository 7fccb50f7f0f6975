namespace EdgeInference.Tool.Tests.Commands.Signals;

/// <summary>What can be understood in two ways of a recording or its options is refused in a sentence that says what to do.</summary>
public sealed class SignalRefusalTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-signals-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("rms,highpass:1", "has the filter 'highpass:1' after a feature")]
    [InlineData("rms,rms", "names 'rms' twice")]
    [InlineData("rmss", "'rmss' is no filter or feature; did you mean 'rms'?")]
    [InlineData("highpass:1", "names no feature")]
    [InlineData("highpass,rms", "'highpass' is not highpass:HERTZ or highpass:HERTZ:ORDER")]
    [InlineData("highpass:x,rms", "'x' of 'highpass:x' is no number")]
    [InlineData("rms:8", "'rms:8' has a number, and rms takes none")]
    [InlineData("band_power", "'band_power' is not band_power:BANDS")]
    [InlineData("band_power:8:1", "'1' of 'band_power:8:1' is no range of hertz")]
    [InlineData("mel_power:x", "'x' of 'mel_power:x' is no whole number")]
    public void A_text_that_is_no_pipeline_is_a_fault_of_the_command_line(string text, string sentence)
    {
        (int exitCode, string error) = CommandLine.Run(out _, "train", Write(Recording.Csv(1, 1, 60)), "--label", "label", "-o", Path.Combine(folder, "m.edge"), "--sample-period", "0.01", "--window", "32", "--signals", text);
        Assert.Equal(2, exitCode);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("highpass:60,rms", "has the frequency 60 Hz; it is above 0 and below 50 Hz, half the sample rate")]
    [InlineData("highpass:1:3,rms", "has the order 3; it takes 2, 4, 6 or 8")]
    [InlineData("band_power:40", "has 40 bands but the spectrum only 16 bins")]
    public void A_pipeline_that_does_not_fit_the_recording_is_refused(string text, string sentence) => Refused(Recording.Csv(1, 1, 60), sentence, "--signals", text);

    [Fact]
    public void Options_that_need_one_another_say_so()
    {
        string csv = Write(Recording.Csv(1, 1, 60));
        Misused("--signals makes features of windows; give their samples with --window", csv, "--signals", "rms");
        Misused("--count-size says what a count of a recording is, and goes with --signals", csv, "--count-size", "1");
        Misused("--count-size '0' is no number above 0", csv, "--signals", "rms", "--window", "8", "--count-size", "0");
        Misused("--categorical names columns of categories, and the channels of --signals are numbers", csv, "--signals", "rms", "--window", "8", "--categorical", "x");
        Refused(Recording.Csv(1, 1, 60), "--count-size has 3 sizes but", "--signals", "rms", "--count-size", "1,2,3");
    }

    [Fact]
    public void Samples_that_are_no_counts_need_a_size()
    {
        string csv = Recording.Csv(1, 1, 60, scale: 1, form: "0.0000");
        Refused(csv, "the values of 'x' are not all whole numbers from -32768 to 32767", "--signals", "rms");
        Refused(csv, "for example --count-size 2E-05 (values reach 0.", "--signals", "rms");
    }

    [Fact]
    public void Values_that_a_count_cannot_hold_or_hardly_shows_are_said()
    {
        string csv = Write(Recording.Csv(1, 1, 60, scale: 1, form: "0.0000"));
        Assert.Contains("of 'y' are beyond 32,767 counts of 1E-05 and cut there; --count-size 0.0001", Said("0.00001"), StringComparison.Ordinal);
        Assert.Contains("the values of 'x' reach 0.", Said("0.1"), StringComparison.Ordinal);

        string Said(string size)
        {
            string path = Path.Combine(folder, "m.edge");
            File.Delete(path);
            (int exitCode, string error) = CommandLine.Run(out _, "train", csv, "--label", "label", "-o", path, "--sample-period", "0.01", "--window", "16", "--signals", "rms", "--learner", "logistic", "--count-size", size);
            Assert.Equal(0, exitCode);
            return error;
        }
    }

    [Fact]
    public void A_recording_in_another_unit_than_the_counts_of_the_model_is_said()
    {
        Done(Recording.Csv(1, 1, 100));
        string model = Path.Combine(folder, "m.edge");
        (int exitCode, string error) = CommandLine.Run(out _, "evaluate", model, "--data", Write(Recording.Csv(1, 1, 100, scale: 1, form: "0.0000")), "--label", "label");
        Assert.Equal(0, exitCode);
        Assert.Contains("the values of 'x' are not all whole numbers, and reach 0.", error, StringComparison.Ordinal);
        Assert.Contains("the model counts in steps of 1 and they are rounded to them.", error, StringComparison.Ordinal);
        (exitCode, error) = CommandLine.Run(out _, "evaluate", model, "--data", Write(Recording.Csv(1, 1, 100)), "--label", "label");
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("whole numbers", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_that_do_not_fit_the_period_are_refused()
    {
        Refused(Recording.Csv(1, 1, 60), "only 0 of 118 times in column 'time' are 0.02 s apart, as the sample period says, most of them 0.01 s apart", "--signals", "rms", "--sample-period", "0.02");
        Refused(Recording.Csv(1, 1, 60, hasTime: false), "has no column 'time' that would say how long a sample takes; give the seconds with --sample-period", "--signals", "rms", "--sample-period", null!);
    }

    [Fact]
    public void A_column_that_only_rises_is_no_channel_unless_it_is_said_to_be_one()
    {
        string csv = Recording.Csv(1, 1, 200).Replace("time,", "stamp,", StringComparison.Ordinal);
        Refused(csv, "the column 'stamp' only ever rises, as a time or a counter does", "--signals", "rms", "--numeric", null!);
        Done(csv, "--time", "stamp");
        Done(csv, "--ignore", "stamp");
        Done(csv, "--numeric", "stamp", "--count-size", "0.001");
    }

    [Fact]
    public void A_damaged_sample_is_named_with_its_line()
    {
        string csv = Recording.Csv(1, 1, 60);
        string[] lines = csv.Split('\n');
        string[] cells = lines[5].Split(',');
        lines[5] = string.Join(',', cells[0], "", cells[2], cells[3]);
        Refused(string.Join('\n', lines), "line 6, column 'x': the cell has no value but other channels of the sample have one", "--signals", "rms");
        lines[5] = string.Join(',', cells[0], "off", cells[2], cells[3]);
        Refused(string.Join('\n', lines), "line 6, column 'x': 'off' is not a finite number", "--signals", "rms");
    }

    [Fact]
    public void Too_short_recordings_are_refused()
    {
        Refused(Recording.Csv(1, 2, 20), "has no window of 32 samples: the longest stretch of one label without a gap, from line 2, has 20", "--signals", "rms");
        Refused(Recording.Csv(1, 1, 60) + "0,1,2,rare\n", "no stretch of the label 'rare' without a gap has the 32 samples of a window", "--signals", "rms");
    }

    [Fact]
    public void A_table_for_a_model_with_a_pipeline_is_told_by_its_columns()
    {
        Done(Recording.Csv(1, 1, 100));
        string model = Path.Combine(folder, "m.edge");
        Run("x,y,x_rms,y_rms\n1,2,3,4\n", "has the channels 'x', 'y' and the features 'x_rms', 'y_rms' of the model; delete the columns of one of them");
        Run("a,b\n1,2\n", "has the columns 'a', 'b'; the model takes samples of 'x', 'y', of which it makes windows, or rows of its features");
        Run("1,2\n3,4\n", "is read without a header", "--no-header");

        void Run(string text, string sentence, params string[] options)
        {
            (int exitCode, string error) = CommandLine.Run(out _, ["run", model, "--input", Write(text), .. options]);
            Assert.Equal(1, exitCode);
            Assert.Contains(sentence, error, StringComparison.Ordinal);
        }
    }

    private void Done(string csv, params string[] options)
    {
        File.Delete(Path.Combine(folder, "m.edge"));
        (int exitCode, string error) = Train(csv, options);
        Assert.True(exitCode == 0, error);
    }

    private void Refused(string csv, string sentence, params string[] options)
    {
        (int exitCode, string error) = Train(csv, options);
        Assert.Equal(1, exitCode);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
    }

    private void Misused(string sentence, string path, params string[] options)
    {
        (int exitCode, string error) = CommandLine.Run(out _, ["train", path, "--label", "label", "-o", Path.Combine(folder, "m.edge"), .. options]);
        Assert.Equal(2, exitCode);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
    }

    // An option without a value is one that the command line is to be without.
    private (int ExitCode, string Error) Train(string csv, string[] options)
    {
        (string Name, string? Value)[] own = [.. options.Chunk(2).Select(pair => (pair[0], (string?)pair[1]))];
        (string, string?)[] usual = [("--sample-period", "0.01"), ("--window", "32"), ("--hop", "16"), ("--signals", "rms"), ("--learner", "logistic")];
        string[] words = [.. own.Concat(usual.Where(pair => own.All(given => given.Name != pair.Item1))).Where(pair => pair.Item2 is not null).SelectMany(pair => new[] { pair.Item1, pair.Item2! })];
        (int exitCode, string error) = CommandLine.Run(out _, ["train", Write(csv), "--label", "label", "-o", Path.Combine(folder, "m.edge"), .. words]);
        return (exitCode, error);
    }

    private string Write(string text)
    {
        string path = Path.Combine(folder, "a.csv");
        File.WriteAllText(path, text);
        return path;
    }
}
