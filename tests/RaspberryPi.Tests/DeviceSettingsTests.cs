using System.Device.Gpio;
using System.Globalization;
using System.Reflection;
using EdgeDevice;
using EdgeInference.Devices;
using EdgeInference.Devices.Hosting;
using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime.Signals;
using Microsoft.Extensions.Configuration;

namespace RaspberryPi.Tests;

/// <summary>Each setting of the service: its default, and what it becomes. A new setting without a row fails.</summary>
public sealed class DeviceSettingsTests : IDisposable
{
    private static readonly Type[] Classes = [typeof(EdgeOptions), typeof(SensorOptions), typeof(LoopOptions), typeof(OutputOptions)];

    // A setting, its default, another value, and what the service makes of the options that hold it.
    private static readonly (string Setting, object? Default, object Other, Func<DeviceSettingsTests, object, string> Seen)[] Rows =
    [
        ("EdgeOptions.ModelFolder", "/var/lib/edge-device/model", "elsewhere", Section),
        ("EdgeOptions.FactoryModel", "", "m.edge", Section),
        ("EdgeOptions.StatusPort", 9464, 1, Section),
        ("EdgeOptions.Sensor", "SensorOptions", new SensorOptions { Bus = 7 }, Section),
        ("EdgeOptions.Loop", "LoopOptions", new LoopOptions { Hop = 7 }, Section),
        ("EdgeOptions.Output", "OutputOptions", new OutputOptions { Pin = 7 }, Section),
        ("EdgeOptions.Updates", "ModelUpdateOptions", new ModelUpdateOptions { Folder = "f" }, Section),
        ("SensorOptions.Kind", "mpu6050", "bme280", (_, o) => string.Join(',', Wiring.ChannelNames((SensorOptions)o))),
        ("SensorOptions.Bus", 1, 3, (_, o) => $"{Wiring.Connection((SensorOptions)o).BusId}"),
        ("SensorOptions.Address", 0x68, 0x69, (_, o) => $"{Wiring.Connection((SensorOptions)o).DeviceAddress}"),
        ("SensorOptions.ChannelNames", "", new[] { "a", "b", "c" }, (_, o) => string.Join(',', Wiring.ChannelNames((SensorOptions)o))),
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
        ("OutputOptions.Pin", -1, 5, Pins),
        ("OutputOptions.Class", "", "shaking", Pins),
        ("OutputOptions.Label", null, 1, Pins),
        ("OutputOptions.ActiveLow", false, true, Pins),
        ("OutputOptions.SafeOn", false, true, Pins),
    ];

    private readonly string folder = Directory.CreateTempSubdirectory("edge-settings").FullName;

    public static TheoryData<string> Settings() => [.. Classes.SelectMany(type => type.GetProperties().Select(property => $"{type.Name}.{property.Name}"))];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Settings))]
    public void Each_setting_has_its_default_and_changes_something(string setting)
    {
        (string _, object? standard, object other, Func<DeviceSettingsTests, object, string> seen) = Assert.Single(Rows, row => row.Setting == setting);
        Type type = Classes.Single(type => setting.StartsWith(type.Name + ".", StringComparison.Ordinal));
        PropertyInfo property = type.GetProperty(setting[(type.Name.Length + 1)..])!;
        object options = Activator.CreateInstance(type)!;
        object? value = property.GetValue(options);
        Assert.Equal(standard, value is Array { Length: 0 } ? "" : value is not null && IsSection(value) ? value.GetType().Name : value);

        // The pins' and the broker's settings matter together with another.
        if (options is OutputOptions output)
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
        Assert.Equal("Edge:Loop:Features names 'Mode', which is none of " + string.Join(", ", Enum.GetNames<Feature>()) + ".", Assert.Throws<InvalidDataException>(() => new LoopOptions { Features = ["Mean", "Mode"] }.ToLoop()).Message);
    }

    [Theory]
    [InlineData(0.001, 1)]
    [InlineData(0, -1)]
    [InlineData(-5, -1)]
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

    [Fact]
    public void The_unit_waits_longer_than_the_service_needs_to_say_that_it_turns()
    {
        string[] unit = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "edge-device.service"));
        int seconds = int.Parse(unit.Single(line => line.StartsWith("WatchdogSec=", StringComparison.Ordinal))["WatchdogSec=".Length..], CultureInfo.InvariantCulture);

        // Said every 2 s, where the loop turned.
        Assert.True(seconds >= 2 * 2);
    }

    private static string Section(DeviceSettingsTests test, object options) => string.Join('\n', Values("", options));

    private static string Monitor(DeviceSettingsTests test, object options) => ((SensorOptions)options).ToMonitor().ToString();

    private static string Loop(DeviceSettingsTests test, object options)
    {
        DecisionLoopOptions loop = ((LoopOptions)options).ToLoop();
        return $"{loop} {string.Join(',', loop.Features)}";
    }

    private static string Pins(DeviceSettingsTests test, object settings)
    {
        var output = (OutputOptions)settings;
        string[] classes = output.Label is null ? ["still", "shaking"] : [];
        if (Wiring.Refusal(output, classes, 2) is { } refusal)
        {
            return refusal;
        }

        var driver = new RecordingGpioDriver();
        using var controller = new GpioController(driver);
        foreach (PinOutput pin in Wiring.Outputs(output, output.Pin >= 0 ? controller : null))
        {
            using (pin)
            {
                pin.Bind(classes);
                pin.Apply(1);
            }
        }

        return string.Join(' ', driver.Edges);
    }

    // Those of the packages are held by the packages' own tests.
    private static bool IsSection(object value) => value.GetType().Name.EndsWith("Options", StringComparison.Ordinal);

    private static IEnumerable<string> Values(string prefix, object options) =>
        options.GetType().GetProperties().SelectMany(property => property.GetValue(options) is { } value && IsSection(value)
            ? Values($"{prefix}{property.Name}.", value)
            : [$"{prefix}{property.Name}={(property.GetValue(options) is Array array ? string.Join(',', array.Cast<object>()) : property.GetValue(options))}"]);
}
