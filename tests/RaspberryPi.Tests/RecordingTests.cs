using EdgeDevice;
using EdgeInference.Devices;
using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime.Signals;
using EdgeInference.Tool.Commands;

namespace RaspberryPi.Tests;

/// <summary>What is recorded trains a model that the loop takes.</summary>
public sealed class RecordingTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-record").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(8, "Mean,Rms,BandPower", "x,y,z")]
    [InlineData(1, "", "x,y,z")]
    [InlineData(2, "", "a x,\"b\",c")]
    public void A_recording_trains_a_model_that_the_service_takes(int window, string features, string channels)
    {
        EdgeOptions options = Options(window, features);
        options.Sensor.ChannelNames = channels.Split(',');
        string table = PathOf("rows.csv");
        Assert.Equal(0, Recording.Run(options, table, "at rest", "0.05", new FakeTime()));
        Assert.Equal(0, Recording.Run(options, table, "shaking, hard", "0.05", new FakeTime()));
        string model = PathOf("m.edge");
        Assert.Equal(EdgeCommand.Done, EdgeCommand.Run("train", table, "--label", "label", "-o", model, "--quiet", "--epochs", "2", "--sample-period", "0.001", "--window", $"{window}", "--hop", "1"));

        options.Output.Pin = -1;
        var policy = new UpdatePolicy { RequireSignature = false, RequireSelfTest = false };
        using var device = new Device(options, ModelUpdater.Open(PathOf("store"), model, policy), () => throw new IOException("There is no pin."));
        for (int i = 0; i < window; i++)
        {
            device.Loop.Step();
        }

        Assert.Equal(1, device.Loop.Statistics.Decisions);
        Assert.Contains(device.Loop.ClassText, new[] { "at rest", "shaking, hard" });
    }

    [Fact]
    public void Rows_of_other_columns_are_not_mixed()
    {
        string table = PathOf("rows.csv");
        Assert.Equal(0, Recording.Run(Options(4, "Mean"), table, "still", "0.05", new FakeTime()));
        string before = File.ReadAllText(table);
        var exception = Assert.Throws<InvalidDataException>(() => Recording.Run(Options(4, "Rms"), table, "still", "0.05", new FakeTime()));
        Assert.Contains("has the columns [x_mean,y_mean,z_mean,label] but this recording has [x_rms,y_rms,z_rms,label]", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(table));

        File.AppendAllText(table, "0.1,0.2");
        Assert.Equal(0, Recording.Run(Options(4, "Mean"), table, "still", "0.05", new FakeTime()));
        Assert.DoesNotContain("0.1,0.2", File.ReadAllText(table), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("0")]
    [InlineData("NaN")]
    [InlineData("1e300")]
    public void A_time_that_is_none_is_one_sentence(string seconds)
    {
        var exception = Assert.Throws<InvalidDataException>(() => Recording.Run(Options(4, "Mean"), PathOf("rows.csv"), "still", seconds));
        Assert.Equal($"'{seconds}' is no number of seconds above 0.", exception.Message);
        Assert.False(File.Exists(PathOf("rows.csv")));
    }

    [Fact]
    public void Values_that_are_not_finite_are_left_out_and_counted()
    {
        int read = 0;
        using var sensor = new SensorMonitor(new DelegateSampleSource(1, sample => sample[0] = read++ == 5 ? 3e38f : 1f, channelNames: ["x"]));
        var recorder = new LoopRecorder(sensor, new DecisionLoopOptions { Period = TimeSpan.FromMilliseconds(1), WindowLength = 2, Features = [Feature.Rms] }, new FakeTime());
        long rows = recorder.Record(PathOf("rows.csv"), "still", TimeSpan.FromMilliseconds(40));
        string[] lines = File.ReadAllLines(PathOf("rows.csv"));
        Assert.Equal(1, recorder.NotFinite);
        Assert.Equal(rows + 1, lines.Length);
        Assert.All(lines[1..], line => Assert.Equal("1,still", line));
    }

    private static EdgeOptions Options(int window, string features) => new()
    {
        Sensor = new SensorOptions { Kind = "simulated" },
        Loop = new LoopOptions { PeriodMilliseconds = 1, Window = window, Features = features.Split(',', StringSplitOptions.RemoveEmptyEntries), Bands = 2 },
    };

    private string PathOf(string name) => Path.Combine(folder, name);
}
