using System.Security.Cryptography;
using EdgeDevice;
using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime;

namespace RaspberryPi.Tests;

/// <summary>What the commands say and how they end. They write to the console of this process, so that no other test runs beside.</summary>
[Collection(nameof(ConsoleTests))]
public sealed class DeviceCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-command").FullName;

    private string Table => Path.Combine(folder, "rows.csv");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(4, 2, "0.01", 4)]
    [InlineData(1, 1, "0.01", 10)]
    [InlineData(4, 4, "0.004", 1)]
    public void A_recording_says_its_rows_and_how_to_train(int window, int hop, string seconds, int rows)
    {
        EdgeOptions options = Simulated(window, hop);
        (int code, string output, string errors) = Console(() => Recording.Run(options, Table, "still", seconds, new FakeTime()));
        Assert.Equal(0, code);
        Assert.Equal($"{rows} rows in {Table}\nTrain with: edge train {Table} --label label --sample-period 0.001 --window {window} --hop {hop} -o model.edge\n", output);
        Assert.Equal("", errors);
        Assert.Equal(rows + 1, File.ReadAllLines(Table).Length);
    }

    [Theory]
    [InlineData(1, "", "--window 128 --hop 64 --signals mean,rms,band_power:8")]
    [InlineData(32, "Variance,bandpower", "--window 32 --hop 16 --signals variance,band_power:8")]
    public void A_recording_of_samples_says_a_line_that_trains_on_them(int window, string features, string part)
    {
        EdgeOptions options = Simulated(window, Math.Max(1, window / 2));
        options.Loop.Features = features.Split(',', StringSplitOptions.RemoveEmptyEntries);
        string output = "";
        foreach (string label in (string[])["still", "shaking"])
        {
            (int code, output, _) = Console(() => Recording.Run(options, Table, label, "0.6", new FakeTime(), samples: true));
            Assert.Equal(0, code);
        }

        string line = output.Split('\n')[1];
        Assert.StartsWith($"Train with: edge train {Table} --label label --sample-period 0.001 {part} --count-size ", line, StringComparison.Ordinal);
        string model = Path.Combine(folder, "model.edge");
        string[] words = [.. line["Train with: edge ".Length..].Split(' ').Select(word => word == "model.edge" ? model : word), "--learner", "logistic"];
        (int trained, _, string errors) = Console(() => EdgeInference.Tool.Commands.EdgeCommand.Run(words));
        Assert.True(trained == 0, errors);

        // Settings that leave window and features to the model record its features.
        string rows = Path.Combine(folder, "features.csv");
        EdgeOptions with = Simulated(1, 1);
        (with.ModelFolder, with.FactoryModel) = (Path.Combine(folder, "store"), model);
        (with.Updates.RequireSignature, with.Updates.RequireSelfTest) = (false, false);
        (int recorded, string said, string faults) = Console(() => Recording.Run(with, rows, "still", "0.3", new FakeTime()));
        Assert.True(recorded == 0, faults);
        Assert.DoesNotContain("Train with", said, StringComparison.Ordinal);
        using EdgeModel loaded = EdgeModel.Load(model);
        Assert.Equal(string.Join(',', loaded.File.Metadata.TextList(EdgeInference.ModelFormat.MetadataKey.InputNames)) + ",label", File.ReadLines(rows).First());
    }

    [Fact]
    public void A_recording_that_is_too_short_says_so()
    {
        (int code, string output, string errors) = Console(() => Recording.Run(Simulated(4, 1), Table, "still", "0.003", new FakeTime()));
        Assert.Equal((1, "", "No rows: 0.003 s are too short for a window.\n"), (code, output, errors));
        Assert.False(File.Exists(Table));
    }

    [Fact]
    public void A_recording_without_a_sensor_says_what_is_wrong_with_it()
    {
        EdgeOptions options = Simulated(1, 1);
        (options.Sensor.Kind, options.Sensor.Bus, options.Loop.PeriodMilliseconds) = ("mpu6050", 250, 8);
        (int code, string output, string errors) = Console(() => Recording.Run(options, Table, "still", "0.003", new FakeTime()));
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("No rows: NotPresent, ", errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1e12")]
    [InlineData("Infinity")]
    [InlineData("1,5")]
    [InlineData("")]
    public void A_time_that_is_none_is_refused(string seconds) =>
        Assert.Equal($"'{seconds}' is no number of seconds above 0.", Assert.Throws<InvalidDataException>(() => Recording.Run(Simulated(1, 1), Table, "still", seconds, new FakeTime())).Message);

    [Fact]
    public void A_check_says_what_the_machine_and_its_model_are()
    {
        (EdgeOptions options, string stored) = Device(version: 7);
        Directory.CreateDirectory(options.ModelFolder);
        File.WriteAllBytes(stored, [1, 2, 3]);
        (int code, string output, string errors) = Console(() => SelfCheck.Run(options));
        string[] lines = output.Split('\n');
        Assert.Equal((0, ""), (code, errors));
        Assert.StartsWith("processor: ", lines[0], StringComparison.Ordinal);
        Assert.Equal("features: bit-identical", lines[1]);
        Assert.StartsWith($"passed over: {stored}: ", lines[2], StringComparison.Ordinal);
        Assert.Equal(["model: version 7, 3 inputs, self-test good", "settings: fit the model", ""], lines[3..]);
    }

    [Fact]
    public void A_check_holds_the_settings_to_the_model()
    {
        (EdgeOptions options, _) = Device(version: 7);
        options.Loop.Window = 2;
        Assert.StartsWith("The loop produces 6 values but the model expects 3", Refused(options), StringComparison.Ordinal); 
        (options, _) = Device(version: 7);
        (options.Output.Pin, options.Output.Class) = (0, "shakin");
        Assert.Contains("GPIO 0 is bound to the class 'shakin'", Refused(options), StringComparison.Ordinal);
        (options, _) = Device(version: 7);
        options.Sensor.ChannelNames = ["x", "z", "y"];
        Assert.Contains("the same in another order", Refused(options), StringComparison.Ordinal);
        (options, _) = Device(version: 7);
        options.Updates.TrustedKeys = [];
        Assert.Contains("which is not trusted here", Refused(options), StringComparison.Ordinal);
        (options, _) = Device(version: 7);
        options.FactoryModel = "";
        Assert.StartsWith($"There is no usable model in '{options.ModelFolder}'.", Refused(options), StringComparison.Ordinal);

        static string Refused(EdgeOptions options)
        {
            string message = "";
            Console(() =>
            {
                message = Assert.ThrowsAny<Exception>(() => SelfCheck.Run(options)).Message;
                return 0;
            });
            return message;
        }
    }

    private static (int Code, string Output, string Errors) Console(Func<int> command)
    {
        TextWriter output = System.Console.Out;
        TextWriter errors = System.Console.Error;
        using var writtenOutput = new StringWriter { NewLine = "\n" };
        using var writtenErrors = new StringWriter { NewLine = "\n" };
        try
        {
            System.Console.SetOut(writtenOutput);
            System.Console.SetError(writtenErrors);
            return (command(), writtenOutput.ToString(), writtenErrors.ToString());
        }
        finally
        {
            System.Console.SetOut(output);
            System.Console.SetError(errors);
        }
    }

    private static EdgeOptions Simulated(int window, int hop) => new()
    {
        Sensor = new SensorOptions { Kind = "simulated" },
        Loop = new LoopOptions { PeriodMilliseconds = 1, Window = window, Hop = hop },
    };

    private (EdgeOptions Options, string Stored) Device(ulong version)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string keyPath = Path.Combine(folder, "key.pem");
        File.WriteAllText(keyPath, key.ExportSubjectPublicKeyInfoPem());
        EdgeOptions options = Simulated(1, 1);
        options.FactoryModel = Path.Combine(folder, "factory.edge");
        options.ModelFolder = Path.Combine(folder, "store");
        (options.Updates.TrustedKeys, options.Updates.RequireSelfTest) = ([keyPath], false);
        File.WriteAllBytes(options.FactoryModel, ModelSignature.Sign(TestModels.Described(["still", "shaking"], ["x", "y", "z"]), key, version));
        return (options, Path.Combine(options.ModelFolder, "model.edge"));
    }
}

/// <summary>Tests that take the console's streams.</summary>
[CollectionDefinition(nameof(ConsoleTests), DisableParallelization = true)]
public static class ConsoleTests;
