using System.Globalization;
using System.Text.Json;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Signals;

namespace EdgeInference.Tool.Tests.Commands.Signals;

/// <summary>A recording of samples goes into <c>edge train</c>, and the model's pipeline makes the same windows of another one.</summary>
public sealed class SignalTrainTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-signals-").FullName;

    private string Model => Path.Combine(folder, "m.edge");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("float32")]
    [InlineData("int8")]
    public void What_is_decided_on_another_recording_is_what_the_pipeline_and_the_classifier_give(string precision)
    {
        string said = Done("train", Write("a.csv", Recording.Csv(1, 4, 160)), "-o", Model, "--precision", precision);
        Assert.Contains("1280 samples of 'x', 'y' become 72 windows of 32, one every 16, from 8 stretches of one label without a gap.", said, StringComparison.Ordinal);
        Assert.Contains("Cross-validation by stretch, in 4 parts: windows of one stretch of samples are never both learned from and judged.", said, StringComparison.Ordinal);
        string other = Write("b.csv", Recording.Csv(50, 2, 100));
        string answers = Path.Combine(folder, "answers.json");
        Assert.Equal(0, CommandLine.Run(out _, "run", Model, "--input", other, "--label", "label", "-o", answers).ExitCode);
        using var json = JsonDocument.Parse(File.ReadAllText(answers));
        int[] decided = [.. json.RootElement.EnumerateArray().Select(row => row.GetProperty("decision").GetInt32())];
        (int[] expected, string[] labels) = Decide(other);
        Assert.Equal(20, expected.Length);
        Assert.Equal(expected, decided);
        Assert.Equal(0, CommandLine.Run(out string text, "evaluate", Model, "--data", other, "--label", "label", "--json").ExitCode);
        double accuracy = JsonDocument.Parse(text).RootElement.GetProperty("accuracy").GetDouble();
        Assert.Equal(expected.Zip(labels).Average(pair => pair.First == (pair.Second == "shake" ? 1 : 0) ? 1.0 : 0), accuracy, 9);
        Assert.True(accuracy > 0.85, $"{accuracy}");
    }

    [Fact]
    public void The_model_holds_the_pipeline_and_inspect_shows_it()
    {
        Done("train", Write("a.csv", Recording.Csv(1, 3, 160, scale: 1, form: "0.0000")), "-o", Model, "--count-size", "0.001,0.002");
        using var model = EdgeModel.Load(Model);
        var pipeline = SignalPipeline.Of(model.File)!;
        Assert.Equal([new SignalChannel("x", 0.001f), new SignalChannel("y", 0.002f)], pipeline.Channels);
        Assert.Equal((0.01f, 32, 16), (pipeline.SamplePeriod, pipeline.Length, pipeline.Hop));
        Assert.Equal(["x_mean", "x_variance", "x_rms", "x_band_power_0", "x_band_power_1", "x_band_power_2", "x_band_power_3"], pipeline.FeatureNames.Take(7));
        Assert.Equal(pipeline.FeatureNames, model.File.Metadata.TextList(MetadataKey.InputNames));
        Assert.Equal(0, CommandLine.Run(out string text, "inspect", Model).ExitCode);
        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("'x' in counts of 0.001, 'y' in counts of 0.002", line, StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"highpass 1 Hz (quality 0.707); within {pipeline.FilterError:0.###} counts of exact arithmetic"), line, StringComparison.Ordinal);
        Assert.InRange(pipeline.FilterError, 0.5, 5);
        Assert.Contains("mean, variance, rms, band_power in 4 bands from 0 to 50 Hz", line, StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{pipeline.RamBytes:N0} bytes of RAM"), line, StringComparison.Ordinal);
        Assert.Equal(0, CommandLine.Run(out string json, "inspect", Model, "--json").ExitCode);
        JsonElement signals = JsonDocument.Parse(json).RootElement.GetProperty("contract").GetProperty("signals");
        Assert.Equal(0.002f, signals.GetProperty("channels")[1].GetProperty("count_size").GetSingle());
        Assert.Equal(pipeline.RamBytes, signals.GetProperty("ram_bytes").GetInt32());
        Assert.Equal(pipeline.FilterError, signals.GetProperty("filter_error_counts").GetDouble(), 9);
        Assert.Equal(1, signals.GetProperty("filters")[0].GetProperty("hertz").GetDouble(), 4);
        Assert.Equal([0, 12.5, 25, 37.5, 50], signals.GetProperty("features")[3].GetProperty("edges_hertz").EnumerateArray().Select(edge => edge.GetDouble()));
    }

    [Theory]
    [InlineData("lowpass:20:4", "lowpass 20 Hz (quality 0.541), then lowpass 20 Hz (quality 1.307)")]
    [InlineData("bandpass:10:3", "bandpass 10 Hz (quality 3)")]
    [InlineData("notch:25:5", "notch 25 Hz (quality 5)")]
    [InlineData("highpass:0.5:2", "highpass 0.5 Hz (quality 0.707)")]
    [InlineData("highpass:25,lowpass:25", "highpass 25 Hz (quality 0.707), then lowpass 25 Hz (quality 0.707)")]
    public void Filters_are_read_back_from_their_coefficients(string filters, string shown)
    {
        Done("train", Write("a.csv", Recording.Csv(1, 3, 100)), "-o", Model, "--signals", filters + ",rms");
        Assert.Equal(0, CommandLine.Run(out string text, "inspect", Model).ExitCode);
        Assert.Contains(shown, string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_few_stretches_blocks_of_time_are_judged_and_the_reason_is_said()
    {
        string said = Done("train", Write("a.csv", Recording.Csv(1, 1, 600)), "-o", Model);
        Assert.Contains("Cross-validation in 5 blocks of time of each stretch, without windows that reach into the block that is judged (a class has only 1 stretch of samples", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_of_groups_divides_instead_and_is_no_channel()
    {
        string[] lines = Recording.Csv(1, 4, 100).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string grouped = string.Join('\n', lines.Select((line, i) => i == 0 ? line + ",machine" : line + "," + ((i - 1) / 400))) + "\n";
        string said = Done("train", Write("a.csv", grouped), "-o", Model, "--group", "machine");
        Assert.DoesNotContain("Cross-validation", said, StringComparison.Ordinal);
        using var model = EdgeModel.Load(Model);
        Assert.Equal(["x", "y"], SignalPipeline.Of(model.File)!.Channels.Select(channel => channel.Name));
    }

    [Fact]
    public void A_network_is_stopped_by_windows_that_it_has_not_seen()
    {
        string said = Done("train", Write("a.csv", Recording.Csv(1, 2, 400)), "-o", Model, "--epochs", "4", "--quiet", "--learner", null!);
        Assert.Contains("parameters, best epoch", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_the_features_are_taken_as_they_are()
    {
        Done("train", Write("a.csv", Recording.Csv(1, 3, 160)), "-o", Model);
        string other = Write("b.csv", Recording.Csv(9, 2, 100));
        (int[] expected, _) = Decide(other);
        string table = Write("features.csv", Features(other));
        Assert.Equal(0, CommandLine.Run(out string text, "run", Model, "--input", table, "--json").ExitCode);
        Assert.Equal(expected, JsonDocument.Parse(text).RootElement.EnumerateArray().Select(row => row.GetProperty("decision").GetInt32()));
    }

    [Fact]
    public void Gaps_and_faults_of_a_recording_start_the_window_anew_and_two_missed_samples_do_not()
    {
        Done("train", Write("a.csv", Recording.Csv(1, 3, 160)), "-o", Model);
        string[] lines = Recording.Csv(9, 1, 100).Split('\n');
        string[] rest = lines[..101];
        Assert.Equal(5, Rows(rest));
        Assert.Equal(5, Rows([.. rest[..41], .. rest[43..]]));
        Assert.Equal(3, Rows([.. rest[..51], .. rest[54..]]));
        Assert.Equal(2, Rows([.. rest[..61], "0.60,,,rest", .. rest[91..]]));
        Assert.Equal(2, Rows([.. rest[..41], .. rest[1..41]]));

        int Rows(string[] table)
        {
            Assert.Equal(0, CommandLine.Run(out string text, "run", Model, "--input", Write("gaps.csv", string.Join('\n', table) + "\n"), "--label", "label", "--json").ExitCode);
            return JsonDocument.Parse(text).RootElement.GetArrayLength();
        }
    }

    [Fact]
    public void Another_pipeline_is_compared_on_its_own_windows()
    {
        string csv = Write("a.csv", Recording.Csv(1, 3, 160));
        string unfiltered = Path.Combine(folder, "u.edge");
        string longer = Path.Combine(folder, "l.edge");
        Done("train", csv, "-o", Model);
        Done("train", csv, "-o", unfiltered, "--signals", "mean,variance,rms,band_power:4");
        Done("train", csv, "-o", longer, "--window", "64");
        Assert.Equal(0, CommandLine.Run(out string own, "evaluate", unfiltered, "--data", csv, "--label", "label", "--against", unfiltered, "--json").ExitCode);
        Assert.Equal(1, JsonDocument.Parse(own).RootElement.GetProperty("agreement").GetDouble());
        Assert.Equal(0, CommandLine.Run(out string against, "evaluate", Model, "--data", csv, "--label", "label", "--against", unfiltered, "--json").ExitCode);
        Assert.True(JsonDocument.Parse(against).RootElement.GetProperty("agreement").GetDouble() > 0.8);
        (int exitCode, string error) = CommandLine.Run(out _, "evaluate", Model, "--data", csv, "--label", "label", "--against", longer);
        Assert.Equal(1, exitCode);
        Assert.Contains("makes other windows of samples than this model, 64 samples every 16 instead of 32 every 16", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_of_a_logger_may_be_dates_that_are_a_little_off()
    {
        // 100 samples of each class; in the first 0.5 s are missing after 40.
        var start = new DateTime(2024, 5, 1, 12, 0, 0, DateTimeKind.Unspecified);
        string[] lines = Recording.Csv(1, 1, 100).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var times = lines[1..].Select((line, i) => start.AddMilliseconds((10 * i) + (i % 3) + (i >= 40 ? 500 : 0)).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture) + line[line.IndexOf(',', StringComparison.Ordinal)..]);
        string csv = Write("dates.csv", string.Join('\n', times.Prepend(lines[0])) + "\n");
        Assert.Contains("200 samples of 'x', 'y' become 8 windows of 32, one every 16, from 3 stretches of one label without a gap.", Done("train", csv, "-o", Model, "--epochs", "2", "--quiet", "--learner", null!), StringComparison.Ordinal);
    }

    [Fact]
    public void The_period_may_come_from_the_times()
    {
        string csv = Write("a.csv", Recording.Csv(1, 3, 100));
        Assert.Equal(0, CommandLine.Run(out _, "train", csv, "--label", "label", "--window", "32", "--signals", "rms", "--learner", "logistic", "-o", Model).ExitCode);
        using var model = EdgeModel.Load(Model);
        Assert.Equal(0.01f, SignalPipeline.Of(model.File)!.SamplePeriod);
    }

    internal static (int[] Decided, string[] Labels) Decide(string modelPath, string csv)
    {
        using var model = EdgeModel.Load(modelPath);
        using var classifier = new Classifier(model);
        var pipeline = SignalPipeline.Of(model.File)!;
        var decided = new List<int>();
        var labels = new List<string>();
        string before = "";
        float[] features = new float[pipeline.FeatureCount];
        foreach (string[] cells in File.ReadLines(csv).Skip(1).Select(line => line.Split(',')))
        {
            if (cells[3] != before)
            {
                pipeline.Reset();
                before = cells[3];
            }

            if (pipeline.Add([short.Parse(cells[1], CultureInfo.InvariantCulture), short.Parse(cells[2], CultureInfo.InvariantCulture)]))
            {
                pipeline.Features(features);
                decided.Add(classifier.Classify(features).ClassIndex);
                labels.Add(before);
            }
        }

        return ([.. decided], [.. labels]);
    }

    private static string Done(params string[] args)
    {
        // The usual options, unless a test gives its own.
        string[] own = [.. args.Where(word => word is not null)];
        var usual = Recording.Train.Chunk(2).Where(pair => !args.Contains(pair[0])).SelectMany(pair => pair);
        if (own[^1] == "--learner")
        {
            own = own[..^1];
        }

        (int exitCode, string error) = CommandLine.Run(out string text, [.. own, .. usual]);
        Assert.True(exitCode == 0, error);
        return text + error;
    }

    private (int[] Decided, string[] Labels) Decide(string csv) => Decide(Model, csv);

    private string Features(string csv)
    {
        using var model = EdgeModel.Load(Model);
        var pipeline = SignalPipeline.Of(model.File)!;
        var table = new List<string> { string.Join(',', pipeline.FeatureNames) };
        string before = "";
        float[] features = new float[pipeline.FeatureCount];
        foreach (string[] cells in File.ReadLines(csv).Skip(1).Select(line => line.Split(',')))
        {
            if (cells[3] != before)
            {
                pipeline.Reset();
                before = cells[3];
            }

            if (pipeline.Add([short.Parse(cells[1], CultureInfo.InvariantCulture), short.Parse(cells[2], CultureInfo.InvariantCulture)]))
            {
                pipeline.Features(features);
                table.Add(string.Join(',', features.Select(value => value.ToString("R", CultureInfo.InvariantCulture))));
            }
        }

        return string.Join('\n', table) + "\n";
    }

    private string Write(string name, string text)
    {
        File.WriteAllText(Path.Combine(folder, name), text);
        return Path.Combine(folder, name);
    }
}
