using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeDevice;

/// <summary>The section "Edge" of appsettings.json; docs/raspberry-pi.md explains each value.</summary>
internal sealed class EdgeOptions
{
    internal const string Path = "Edge";

    internal const string OutputPath = Path + ":Output";

    private static readonly string[] Sections = [nameof(Sensor), nameof(Loop), nameof(Output), nameof(Updates)];

    public string ModelFolder { get; set; } = "/var/lib/edge-device/model";

    public string FactoryModel { get; set; } = "";

    public int StatusPort { get; set; } = 9464;

    public SensorOptions Sensor { get; set; } = new();

    public LoopOptions Loop { get; set; } = new();

    public PinOptions Output { get; set; } = new();

    public ModelUpdateOptions Updates { get; set; } = new();

    /// <summary>Reads all settings, for the service and for each of its commands.</summary>
    /// <exception cref="OptionsValidationException">A name or a value is wrong; each has a sentence.</exception>
    internal static EdgeOptions Read(IConfiguration configuration)
    {
        IConfigurationSection edge = configuration.GetSection(Path);
        Require([.. OtherSections(configuration), .. LogLevels(configuration.GetSection("Logging"))]);
        IReadOnlyList<string> unknown = new SettingsFaults(Path)
            .Section<EdgeOptions>(edge)
            .Section<SensorOptions>(edge.GetSection(nameof(Sensor)))
            .Section<LoopOptions>(edge.GetSection(nameof(Loop)))
            .Section<PinOptions>(edge.GetSection(nameof(Output)))
            .Section<ModelUpdateOptions>(edge.GetSection(nameof(Updates)))
            .Section<MqttUpdateOptions>(edge.GetSection(nameof(Updates)).GetSection(nameof(ModelUpdateOptions.Mqtt)))
            .Sentences;
        Require(unknown);
        var options = new EdgeOptions();
        edge.Bind(options);
        Require([.. options.Faults()]);
        return options;
    }

    // "Egde": nothing would read it, and the device would run with other settings than its user believes.
    private static IEnumerable<string> OtherSections(IConfiguration configuration) =>
        from section in configuration.GetChildren()
        where !section.Key.Equals(Path, StringComparison.OrdinalIgnoreCase) && section.Key.StartsWith(Path[..1], StringComparison.OrdinalIgnoreCase)
        from inner in section.GetChildren()
        where Sections.Contains(inner.Key, StringComparer.OrdinalIgnoreCase) && inner.GetChildren().Any()
        select $"{inner.Path} is no section of settings; did you mean {Path}:{inner.Key}?";

    // The log's own reader throws at a wrong one, after the start has begun.
    private static IEnumerable<string> LogLevels(IConfigurationSection logging) =>
        from levels in logging.GetChildren().Select(child => child.Key.Equals(nameof(LogLevel), StringComparison.OrdinalIgnoreCase) ? child : child.GetSection(nameof(LogLevel)))
        from level in levels.GetChildren()
        where level.Value is { Length: > 0 } value && !Enum.GetNames<LogLevel>().Contains(value, StringComparer.OrdinalIgnoreCase)
        select $"{level.Path} is '{level.Value}', which is none of {string.Join(", ", Enum.GetNames<LogLevel>())}.";

    private IEnumerable<string> Faults() =>
    [
        .. new SettingsFaults(Path)
            .Range(nameof(StatusPort), StatusPort, 0, ushort.MaxValue)
            .Add(ModelFolder.Length == 0, $"{Path}:{nameof(ModelFolder)} is empty; name the folder in which the device keeps its models.")
            .Sentences,
        .. new SettingsFaults($"{Path}:{nameof(Sensor)}")
            .Range(nameof(SensorOptions.RetrySeconds), Sensor.RetrySeconds, 0, 86_400)
            .Range(nameof(SensorOptions.RecoverySamples), Sensor.RecoverySamples, 1, int.MaxValue)
            .Range(nameof(SensorOptions.ToleratedErrors), Sensor.ToleratedErrors, 0, int.MaxValue)
            .Add(Sensor.StuckSamples is < 0 or 1, $"{Path}:{nameof(Sensor)}:{nameof(SensorOptions.StuckSamples)} is {Sensor.StuckSamples}; it must be 0 (no limit), or 2 or more.")
            .Sentences,
        .. Loop.Faults($"{Path}:{nameof(Loop)}"),
        .. Output.Faults(OutputPath),
        .. new ModelUpdateValidator($"{Path}:{nameof(Updates)}").Validate(null, Updates).Failures ?? [],
    ];

    private static void Require(IReadOnlyList<string> sentences)
    {
        if (sentences.Count > 0)
        {
            throw new OptionsValidationException(Path, typeof(EdgeOptions), sentences);
        }
    }
}
