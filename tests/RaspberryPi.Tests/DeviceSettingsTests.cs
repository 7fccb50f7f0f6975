using System.Device.Gpio;
using System.Globalization;
using System.Reflection;
using EdgeDevice;
using EdgeInference.Devices;
using EdgeInference.Devices.Bindings;
using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime.Signals;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace RaspberryPi.Tests;

/// <summary>Each setting of the service: its default, and what it becomes. A new setting without a row fails.</summary>
public sealed class DeviceSettingsTests : IDisposable
{
    private static readonly Type[] Classes = [typeof(EdgeOptions), typeof(SensorOptions), typeof(LoopOptions), typeof(PinOptions)];

    private static readonly Type[] Sections = [.. Classes, typeof(ModelUpdateOptions), typeof(MqttUpdateOptions)];

    // A setting, its default, another value, and what the service makes of the options that hold it.
    private static readonly (string Setting, object? Default, object Other, Func<DeviceSettingsTests, object, string> Seen)[] Rows =
    [
        ("EdgeOptions.ModelFolder", "/var/lib/edge-device/model", "elsewhere", Section),
        ("EdgeOptions.FactoryModel", "", "m.edge", Section),
        ("EdgeOptions.StatusPort", 9464, 1, Section),
        ("EdgeOptions.Sensor", "SensorOptions", new SensorOptions { Bus = 7 }, Section),
        ("EdgeOptions.Loop", "LoopOptions", new LoopOptions { Hop = 7 }, Section),
        ("EdgeOptions.Output", "PinOptions", new PinOptions { Pin = 7 }, Section),
        ("EdgeOptions.Updates", "ModelUpdateOptions", new ModelUpdateOptions { Folder = "f" }, Section),
        ("SensorOptions.Kind", "mpu6050", "bme280", (_, o) => string.Join(',', Wiring.ChannelNames((SensorOptions)o))),
        ("SensorOptions.Bus", null, 3, Wired),
        ("SensorOptions.Address", null, 0x69, Wired),
        ("SensorOptions.ChipSelect", null, 1, Wired),
        ("SensorOptions.DataPin", null, 4, Wired),
        ("SensorOptions.ClockPin", null, 5, Wired),
        ("SensorOptions.Inputs", "", new[] { "0", "1" }, Wired),
        ("SensorOptions.Range", null, 4.0, Wired),
        ("SensorOptions.Gain", null, 64, Wired),
        ("SensorOptions.RateHertz", null, 80.0, Wired),
        ("SensorOptions.ReferenceVolts", null, 5.0, Wired),
        ("SensorOptions.Offset", null, 84000.0, Wired),
        ("SensorOptions.Scale", null, 0.05, Wired),
        ("SensorOptions.MaxAgeSeconds", null, 30.0, Wired),
        ("SensorOptions.ChannelNames", "", new[] { "a", "b", "c" }, Wired),
        ("SensorOptions.StuckSamples", 0, 3, Monitor),
        ("SensorOptions.RecoverySamples", 1, 3, Monitor),
        ("SensorOptions.ToleratedErrors", 0, 3, Monitor),
        ("SensorOptions.RetrySeconds", 1.0, 3.0, Monitor),
        ("LoopOptions.PeriodMilliseconds", 8.0, 3.0, Loop),
        ("LoopOptions.Window", 1, 3, Loop),
        ("LoopOptions.Hop", 1, 3, Loop),
        ("LoopOptions.Features", "", new[] { "Mean" }, Loop),
        ("LoopOptions.Bands", 8, 3, Loop),
        ("LoopOptions.Hysteresis", 0f, 0.3f, Loop),
        ("LoopOptions.Votes", 1, 3, Loop),
        ("LoopOptions.MinimumHoldSeconds", 0.0, 3.0, Loop),
        ("LoopOptions.ToleratedAbstentions", int.MaxValue, 3, Loop),
        ("LoopOptions.WatchdogSeconds", 2.0, 3.0, Loop),
        ("LoopOptions.HealthyPeriods", 0, 3, (_, o) => $"{((LoopOptions)o).HealthyTime(((LoopOptions)o).ToLoop())}"),
        ("PinOptions.Pin", -1, 5, Pins),
        ("PinOptions.Class", "", "shaking", Pins),
        ("PinOptions.Label", null, 1, Pins),
        ("PinOptions.ActiveLow", false, true, Pins),
        ("PinOptions.SafeOn", false, true, Pins),
        ("PinOptions.Simulated", false, true, Section),
    ];

    private readonly string folder = Directory.CreateTempSubdirectory("edge-settings").FullName;

    public static TheoryData<string> Settings() => [.. Classes.SelectMany(type => type.GetProperties().Select(property => $"{type.Name}.{property.Name}"))];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("", 20)]
    [InlineData("20", 20)]
    [InlineData("8", null)]
    public void A_period_that_is_not_set_is_that_of_the_model(string set, int? milliseconds)
    {
        var settings = new LoopOptions();
        if (set.Length > 0)
        {
            settings.PeriodMilliseconds = double.Parse(set, System.Globalization.CultureInfo.InvariantCulture);
        }

        using var host = new ModelHost(EdgeInference.Runtime.EdgeModel.Load(EdgeInference.Devices.Tests.Doubles.TestModels.Described([], ["x"], more: builder => builder.AddWindow(0.02f, 0, 0))), 1);
        using ModelSlot slot = host.CreateSlot();
        using var sensor = new SensorMonitor(new DelegateSampleSource(1, _ => { }, channelNames: ["x"]));
        if (milliseconds is { } period)
        {
            using var loop = new DecisionLoop(sensor, slot, settings.ToLoop(slot), []);
            Assert.Equal(TimeSpan.FromMilliseconds(period), loop.Options.Period);
        }
        else
        {
            Assert.EndsWith("set Period to 20 ms.", Assert.Throws<ArgumentException>(() => new DecisionLoop(sensor, slot, settings.ToLoop(slot), [])).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Each_setting_has_its_default_and_changes_something(string setting)
    {
        (string _, object? standard, object other, Func<DeviceSettingsTests, object, string> seen) = Assert.Single(Rows, row => row.Setting == setting);
        Type type = Classes.Single(type => setting.StartsWith(type.Name + ".", StringComparison.Ordinal));
        PropertyInfo property = type.GetProperty(setting[(type.Name.Length + 1)..])!;
        object options = Activator.CreateInstance(type)!;
        object? value = property.GetValue(options);
        Assert.Equal(standard, value is Array { Length: 0 } ? "" : value is not null && Sections.Contains(value.GetType()) ? value.GetType().Name : value);

        // The pins' and the broker's settings matter together with another.
        if (options is PinOptions output)
        {
            output.Pin = property.Name == "Pin" ? -1 : 4;
            output.Label = property.Name is "Class" or "Label" ? null : 1;
        }

        string before = seen(this, options);
        property.SetValue(options, other);
        Assert.NotEqual(before, seen(this, options));
    }

    [Fact]
    public void The_loops_settings_become_the_loops_options()
    {
        var settings = new LoopOptions
        {
            PeriodMilliseconds = 2.5, Window = 7, Hop = 3, Features = ["Rms", "bandpower"], Bands = 5, Hysteresis = 0.25f, Votes = 9, MinimumHoldSeconds = 1.5, ToleratedAbstentions = 4, WatchdogSeconds = 6.5,
        };
        DecisionLoopOptions loop = settings.ToLoop();
        Assert.Equal((TimeSpan.FromMilliseconds(2.5), 7, 3, 5, 4, TimeSpan.FromSeconds(6.5)), (loop.Period, loop.WindowLength, loop.Hop, loop.Bands, loop.ToleratedAbstentions, loop.WatchdogTimeout));
        Assert.Equal([Feature.Rms, Feature.BandPower], loop.Features);
        Assert.Equal(new DecisionFilterOptions { Hysteresis = 0.25f, Votes = 9, MinimumHold = TimeSpan.FromSeconds(1.5) }, loop.Filter);
        Assert.Equal(2, loop.ToleratedMisses);
        Assert.Equal("Features names 'Mode', which is none of " + string.Join(", ", Enum.GetNames<Feature>()) + ".", Assert.Throws<InvalidDataException>(() => new LoopOptions { Features = ["Mean", "Mode"] }.ToLoop()).Message);
    }

    [Theory]
    [InlineData(0.001, 1)]
    [InlineData(0, -1)]
    public void No_seconds_are_no_watchdog(double seconds, int milliseconds) =>
        Assert.Equal(milliseconds < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(milliseconds), new LoopOptions { WatchdogSeconds = seconds }.ToLoop().WatchdogTimeout);

    [Fact]
    public void The_sensors_settings_become_the_monitors_options() =>
        Assert.Equal(
            new SensorMonitorOptions { StuckSamples = 5, RecoverySamples = 6, ToleratedErrors = 7, RetryInterval = TimeSpan.FromSeconds(1.5) },
            new SensorOptions { StuckSamples = 5, RecoverySamples = 6, ToleratedErrors = 7, RetrySeconds = 1.5 }.ToMonitor());

    [Fact]
    public void The_shipped_settings_name_only_settings_and_fit_each_other()
    {
        IConfigurationRoot file = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json")).Build();
        var options = new EdgeOptions();

        // A setting that is misspelt in the file would be an error here.
        file.GetSection("Edge").Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        Assert.Equal(("shaking", 18, 128, 64, 3), (options.Output.Class, options.Output.Pin, options.Loop.Window, options.Loop.Hop, options.Loop.Votes));
        Assert.Equal((250, 25, 2), (options.Sensor.StuckSamples, options.Sensor.RecoverySamples, options.Sensor.ToleratedErrors));
        Assert.Equal((true, true, false), (options.Updates.RequireSignature, options.Updates.RequireSelfTest, options.Updates.AllowOtherContract));
        _ = options.Loop.ToLoop();
        _ = options.Sensor.ToMonitor();
    }

    [Theory]
    [InlineData("Loop:PeriodMiliseconds", "9", "Edge:Loop:PeriodMiliseconds is no setting; did you mean PeriodMilliseconds?")]
    [InlineData("Senser:Kind", "bme280", "Edge:Senser is no setting; did you mean Sensor?")]
    [InlineData("Sensor:Adress", "1", "Edge:Sensor:Adress is no setting; did you mean Address?")]
    [InlineData("Output:Pins", "1", "Edge:Output:Pins is no setting; did you mean Pin?")]
    [InlineData("Updates:Folders", "x", "Edge:Updates:Folders is no setting; did you mean Folder?")]
    [InlineData("Updates:Mqtt:Sever", "x", "Edge:Updates:Mqtt:Sever is no setting; did you mean Server?")]
    [InlineData("Loop", "9", "Edge:Loop is '9' but is a section with the settings PeriodMilliseconds, ")]
    [InlineData("Loop:Window", "many", "Edge:Loop:Window is 'many', which is no whole number of 32 bits.")]
    [InlineData("Loop:Window:0", "3", "Edge:Loop:Window is a section but must be one value.")]
    [InlineData("Loop:Features", "Mean", "Edge:Loop:Features is 'Mean' but is a list; on a command line its first entry is Edge:Loop:Features:0.")]
    [InlineData("Loop:Features:0", "Men", "Edge:Loop:Features names 'Men', which is none of Mean")]
    [InlineData("Loop:PeriodMilliseconds", "NaN", "Edge:Loop:PeriodMilliseconds is NaN; it must be 0.01 to 86400000.")]
    [InlineData("Loop:PeriodMilliseconds", "-8", "Edge:Loop:PeriodMilliseconds is -8; it must be 0.01 to 86400000.")]
    [InlineData("Loop:PeriodMilliseconds", "1e300", "Edge:Loop:PeriodMilliseconds is 1E+300; it must be 0.01 to 86400000.")]
    [InlineData("Loop:Hop", "2", "Edge:Loop:Hop is 2; it must be 1 to 1.")]
    [InlineData("Loop:Hysteresis", "1", "Edge:Loop:Hysteresis is 1; it must be 0 to below 1.")]
    [InlineData("Loop:Votes", "0", "Edge:Loop:Votes is 0; it must be 1 to 10000.")]
    [InlineData("Loop:MinimumHoldSeconds", "1e12", "Edge:Loop:MinimumHoldSeconds is 1000000000000; it must be 0 to 86400.")]
    [InlineData("Loop:WatchdogSeconds", "-5", "Edge:Loop:WatchdogSeconds is -5; it must be 0 to 86400.")]
    [InlineData("Loop:WatchdogSeconds", "0.01", "Edge:Loop:WatchdogSeconds is 0.01 but a sample comes every 0.008 s; set it to 0.016 (two periods) or more, or to 0 for no watchdog.")]
    [InlineData("Loop:ToleratedAbstentions", "-1", "Edge:Loop:ToleratedAbstentions is -1; it must be 0 to 2147483647.")]
    [InlineData("Output:Pin", "9999", "Edge:Output:Pin is 9999; it must be -1 to 1023.")]
    [InlineData("Output:ActiveLow", "perhaps", "Edge:Output:ActiveLow is 'perhaps', which is neither true nor false.")]
    [InlineData("Sensor:RetrySeconds", "1e12", "Edge:Sensor:RetrySeconds is 1000000000000; it must be 0 to 86400.")]
    [InlineData("Sensor:StuckSamples", "1", "Edge:Sensor:StuckSamples is 1; it must be 0 (no limit), or 2 or more.")]
    [InlineData("StatusPort", "70000", "Edge:StatusPort is 70000; it must be 0 to 65535.")]
    [InlineData("StatusPort", "-1", "Edge:StatusPort is -1; it must be 0 to 65535.")]
    [InlineData("ModelFolder", "", "Edge:ModelFolder is empty; name the folder in which the device keeps its models.")]
    [InlineData("Updates:IntervalSeconds", "1e12", "Edge:Updates:IntervalSeconds is 1000000000000; it must be 0.05 to 2592000.")]
    [InlineData("Updates:Mqtt:Port", "70000", "Edge:Updates:Mqtt:Port is 70000; it must be 1 to 65535.")]
    [InlineData("Updates:CaFile", "ca.pem", "Edge:Updates:CaFile is set and Edge:Updates:Address is empty: nothing would use it.")]
    [InlineData("Updates:Address", "nonsense", "Edge:Updates:Address is 'nonsense', which is no whole address; ")]
    public void A_wrong_setting_is_one_sentence_with_its_full_key(string key, string value, string sentence)
    {
        IConfigurationRoot settings = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create($"Edge:{key}", (string?)value)]).Build();
        var exception = Assert.Throws<OptionsValidationException>(() => EdgeOptions.Read(settings));
        Assert.StartsWith(sentence, Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void The_shipped_settings_are_read()
    {
        IConfigurationRoot file = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json")).Build();
        Assert.Equal((128, "shaking"), (EdgeOptions.Read(file).Loop.Window, EdgeOptions.Read(file).Output.Class));
    }

    [Fact]
    public void The_unit_waits_longer_than_the_service_needs_to_say_that_it_turns()
    {
        string[] unit = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "edge-device.service"));
        int seconds = int.Parse(unit.Single(line => line.StartsWith("WatchdogSec=", StringComparison.Ordinal))["WatchdogSec=".Length..], CultureInfo.InvariantCulture);

        // Said every 2 s, where the loop turned.
        Assert.True(seconds >= 2 * 2);
    }

    private static string Section(DeviceSettingsTests test, object options) => string.Join('\n', Values("", options));

    // What the sensor makes of each is held by EdgeRuntime.Devices.Bindings.Tests.
    private static string Wired(DeviceSettingsTests test, object options)
    {
        SensorSettings settings = ((SensorOptions)options).ToSettings();
        return $"{settings} {string.Join(',', settings.Inputs!)} {string.Join(',', settings.ChannelNames!)}";
    }

    private static string Monitor(DeviceSettingsTests test, object options) => ((SensorOptions)options).ToMonitor().ToString();

    private static string Loop(DeviceSettingsTests test, object options)
    {
        DecisionLoopOptions loop = ((LoopOptions)options).ToLoop();
        return $"{loop} {string.Join(',', loop.Features)}";
    }

    private static string Pins(DeviceSettingsTests test, object settings)
    {
        var output = (PinOptions)settings;
        string[] classes = output.Label is null ? ["still", "shaking"] : [];
        if (output.Refusal("Edge:Output", classes, 2) is { } refusal)
        {
            return refusal;
        }

        var driver = new RecordingGpioDriver();
        string factory = Path.Combine(test.folder, "factory.edge");
        File.WriteAllBytes(factory, TestModels.Described(classes, ["x", "y", "z"], bias: 100f));
        using (var device = new Device(
            new EdgeOptions { Sensor = new SensorOptions { Kind = "simulated" }, Output = output },
            ModelUpdater.Open(Path.Combine(test.folder, "store"), factory, new UpdatePolicy { RequireSignature = false, RequireSelfTest = false }),
            () => new GpioController(driver)))
        {
            device.Loop.Step();
        }

        return string.Join(' ', driver.Edges);
    }

    private static IEnumerable<string> Values(string prefix, object options) =>
        options.GetType().GetProperties().SelectMany(property => property.GetValue(options) is { } value && Sections.Contains(value.GetType())
            ? Values($"{prefix}{property.Name}.", value)
            : [$"{prefix}{property.Name}={(property.GetValue(options) is Array array ? string.Join(',', array.Cast<object>()) : property.GetValue(options))}"]);
}
