using System.Globalization;
using EdgeInference.Devices.Bindings.Kinds;

namespace EdgeInference.Devices.Bindings;

/// <summary>Sensors of Iot.Device.Bindings, by name.</summary>
public static class SensorCatalog
{
    // Where a bus has its usual clock; config.txt may set another.
    private const double BitsPerMillisecond = 100;

    // What a start may take beside the intervals.
    private static readonly TimeSpan StartAllowance = TimeSpan.FromSeconds(2);

    /// <summary>The kinds. A new one is a file in Kinds and a line here; a test names what it still lacks.</summary>
    public static IReadOnlyList<SensorKind> Kinds { get; } =
    [
        Bme280Kind.Kind, Mpu6050Kind.Kind, Mpu6050RegistersKind.Kind, Ads1115Kind.Kind, Hx711Kind.Kind, Mcp3008Kind.Kind, Dht22Kind.Kind,
    ];

    /// <summary>Makes a sensor; nothing is opened before its start.</summary>
    /// <param name="settings">The sensor and its wiring.</param>
    /// <param name="period">Time from one sample of the loop to the next. A sensor that needs longer is read in the background, and a note says so.</param>
    /// <param name="buses">How devices are opened, or null for the machine's own drivers.</param>
    /// <param name="time">The clock of background sources, or null for the system's.</param>
    /// <exception cref="ArgumentException">A setting is wrong, missing, or not of this kind. The message begins with the setting's name.</exception>
    public static CatalogSensor Create(SensorSettings settings, TimeSpan period, SensorBuses? buses = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        SensorKind kind = Kinds.FirstOrDefault(kind => kind.Name == settings.Kind) ?? throw new ArgumentException(Unknown(settings.Kind, []));
        foreach (string given in settings.Given())
        {
            if (!kind.Settings.Contains(given))
            {
                throw new ArgumentException($"{given} is given, but {kind.Name} does not use it; leave it out. {kind.Name} uses {string.Join(", ", kind.Settings)}.");
            }
        }

        SensorPlan plan = kind.Plan(settings);
        ISampleSource source = plan.Open(buses ?? new SensorBuses(), Names(settings, kind, plan));
        bool background = plan.Waits || period < plan.Conversion;
        TimeSpan limit = settings.MaxAgeSeconds is null ? (3 * plan.Interval) + StartAllowance : Check.Age(settings.MaxAgeSeconds.Value, plan.Interval, kind.Name);
        return new CatalogSensor(
            background ? new BackgroundSampleSource(source, plan.Interval, limit, time) : source,
            [.. plan.Channels.Select(channel => channel.Unit)],
            plan.Conversion,
            background,
            [.. Notes(kind, plan, period, limit, background)]);
    }

    /// <summary>Why no sensor has this name: the nearest, and all.</summary>
    /// <param name="name">What was asked for.</param>
    /// <param name="others">Names that the caller knows beside the catalog's.</param>
    /// <returns>A sentence that begins with "Kind".</returns>
    public static string Unknown(string name, IReadOnlyList<string> others)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(others);
        string[] all = [.. Kinds.Select(kind => kind.Name), .. others];
        return $"Kind is '{name}', which is no sensor; the nearest is '{NearestText.Of(name, all)}' of {string.Join(", ", all)}.";
    }

    private static IReadOnlyList<string> Names(SensorSettings settings, SensorKind kind, SensorPlan plan)
    {
        string[] usual = [.. plan.Channels.Select(channel => channel.Name)];
        return settings.ChannelNames is not { Count: > 0 } names ? usual
            : names.Count == usual.Length ? names
            : throw new ArgumentException($"ChannelNames has {names.Count} names, but {kind.Name} has {usual.Length} channels here; name each, or none for {string.Join(", ", usual)}.");
    }

    private static IEnumerable<string> Notes(SensorKind kind, SensorPlan plan, TimeSpan period, TimeSpan limit, bool background)
    {
        if (period < plan.Conversion)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{kind.Name} measures each {plan.Conversion.TotalMilliseconds:0.###} ms and the loop samples each {period.TotalMilliseconds:0.###} ms: it is read in the background, each measurement is seen about {plan.Conversion / period:0.#} times, and one older than {limit.TotalSeconds:0.##} s is a fault.");
        }
        else if (background)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{kind.Name} is read in the background, since its driver waits for its pins; a measurement older than {limit.TotalSeconds:0.##} s is a fault.");
        }

        double bus = plan.BusBits / BitsPerMillisecond;
        if (!background && period.TotalMilliseconds < bus)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"A sample of {kind.Name} takes {bus:0.##} ms on an I2C bus at 100 kHz, longer than the period of {period.TotalMilliseconds:0.###} ms: set dtparam=i2c_arm_baudrate=400000 in config.txt.");
        }
    }
}
