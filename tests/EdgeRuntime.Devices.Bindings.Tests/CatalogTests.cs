using System.Reflection;
using EdgeInference.Devices.Bindings.Tests.Doubles;

namespace EdgeInference.Devices.Bindings.Tests;

/// <summary>The table of sensors: what each kind must have, and what settings are refused.</summary>
public sealed class CatalogTests
{
    private static readonly string Root = typeof(CatalogTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "Root").Value!;

    // What a kind needs to be complete, and each setting with a value that is valid where it is used.
    private static readonly Dictionary<string, Func<SensorSettings, SensorSettings>> Given = new()
    {
        ["Bus"] = settings => settings with { Bus = 3 },
        ["Address"] = settings => settings with { Address = settings.Kind == "bme280" ? 0x77 : settings.Kind == "ads1115" ? 0x4A : 0x69 },
        ["ChipSelect"] = settings => settings with { ChipSelect = 1 },
        ["DataPin"] = settings => settings with { DataPin = 7 },
        ["ClockPin"] = settings => settings with { ClockPin = 8 },
        ["Inputs"] = settings => settings with { Inputs = ["1"] },
        ["Range"] = settings => settings with { Range = settings.Kind == "ads1115" ? 2.048 : 4 },
        ["Gain"] = settings => settings with { Gain = 64 },
        ["RateHertz"] = settings => settings with { RateHertz = settings.Kind == "ads1115" ? 128 : 80 },
        ["ReferenceVolts"] = settings => settings with { ReferenceVolts = 5 },
        ["Offset"] = settings => settings with { Offset = 1 },
        ["Scale"] = settings => settings with { Scale = 2 },
    };

    public static TheoryData<string> Kinds => [.. SensorCatalog.Kinds.Select(kind => kind.Name)];

    public static TheoryData<string, string> KindsAndSettings
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (string kind in Kinds.Select(row => row.Data))
            {
                foreach (string setting in Given.Keys)
                {
                    rows.Add(kind, setting);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_kind_has_a_row_in_the_README_a_wiring_list_a_picture_and_tests(string name)
    {
        string readme = File.ReadAllText(Path.Combine(Root, "src/EdgeRuntime.Devices.Bindings/README.md"));
        Assert.True(readme.Contains($"| `{name}` |", StringComparison.Ordinal), $"src/EdgeRuntime.Devices.Bindings/README.md has no row '| `{name}` |'");
        string wiring = File.ReadAllText(Path.Combine(Root, "docs/wiring.md"));
        string part = name.Split('-')[0];
        Assert.True(wiring.Contains($"`{name}`", StringComparison.Ordinal) || wiring.Contains($"\"Kind\": \"{name}\"", StringComparison.Ordinal), $"docs/wiring.md does not name {name}");
        Assert.True(wiring.Contains($"(wiring/{part}.svg)", StringComparison.Ordinal), $"docs/wiring.md does not show wiring/{part}.svg");
        Assert.True(File.Exists(Path.Combine(Root, $"docs/wiring/{part}.svg")), $"docs/wiring/{part}.svg is missing");
        string tests = string.Concat(name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..])) + "Tests";
        Assert.True(typeof(CatalogTests).Assembly.GetTypes().Any(type => type.Name == tests), $"there is no class {tests}");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_kind_says_what_it_measures_before_anything_is_open(string name)
    {
        var ledger = new Ledger();
        CatalogSensor sensor = Sensors.Create(Complete(name), ledger);
        Assert.NotEmpty(sensor.Source.ChannelNames);
        Assert.Equal(sensor.Source.Channels, sensor.Source.ChannelNames.Count);
        Assert.Equal(sensor.Source.Channels, sensor.Units.Count);
        Assert.True(sensor.ShortestPeriod > TimeSpan.Zero);
        string[] names = [.. Enumerable.Range(0, sensor.Source.Channels).Select(i => $"n{i}")];
        Assert.Equal(names, Sensors.Create(Complete(name) with { ChannelNames = names }, ledger).Source.ChannelNames);
        string wrong = Assert.Throws<ArgumentException>(() => Sensors.Create(Complete(name) with { ChannelNames = [.. names, "more"] }, ledger)).Message;
        Assert.Equal($"ChannelNames has {names.Length + 1} names, but {name} has {names.Length} channels here; name each, or none for {string.Join(", ", sensor.Source.ChannelNames)}.", wrong);
        Assert.Equal((0, 0), ledger.Count);
        Assert.NotEmpty(SensorCatalog.Kinds.Single(kind => kind.Name == name).Title);
    }

    [Theory]
    [MemberData(nameof(KindsAndSettings))]
    public void A_setting_is_used_or_refused(string name, string setting)
    {
        SensorKind kind = SensorCatalog.Kinds.Single(kind => kind.Name == name);
        SensorSettings settings = Given[setting](Complete(name));
        if (kind.Settings.Contains(setting))
        {
            Assert.NotNull(Sensors.Create(settings, new Ledger()));
        }
        else
        {
            Assert.Equal($"{setting} is given, but {name} does not use it; leave it out. {name} uses {string.Join(", ", kind.Settings)}.", Assert.Throws<ArgumentException>(() => Sensors.Create(settings, new Ledger())).Message);
        }
    }

    [Fact]
    public void A_kind_that_does_not_exist_is_refused_with_the_nearest_and_all() => Assert.Equal(
        "Kind is 'bmp280', which is no sensor; the nearest is 'bme280' of bme280, mpu6050, mpu6050-registers, ads1115, hx711, mcp3008, dht22.",
        Assert.Throws<ArgumentException>(() => Sensors.Create(new SensorSettings { Kind = "bmp280" }, new Ledger())).Message);

    [Theory]
    [InlineData("bme280", "Address", 0x68, "Address is 0x68 (104), which bme280 does not have; it is one of 0x76 (118), 0x77 (119).")]
    [InlineData("bme280", "Bus", -1, "Bus is -1; it is 0 or more.")]
    [InlineData("mpu6050", "Range", 3.0, "Range is 3, which mpu6050 does not have; it is one of 2, 4, 8, 16.")]
    [InlineData("ads1115", "Range", 3.3, "Range is 3.3, which ads1115 does not have; it is one of 4.096, 6.144, 2.048, 1.024, 0.512, 0.256.")]
    [InlineData("ads1115", "RateHertz", 100.0, "RateHertz is 100, which ads1115 does not have; it is one of 860, 475, 250, 128, 64, 32, 16, 8.")]
    [InlineData("ads1115", "Scale", 0.0, "Scale is 0; it is a finite number that is not 0.")]
    [InlineData("hx711", "Offset", double.NaN, "Offset is NaN; it is a finite number.")]
    [InlineData("hx711", "Gain", 100, "Gain is 100, which hx711 does not have; it is one of 128, 64, 32.")]
    [InlineData("hx711", "DataPin", null, "DataPin is not given; hx711 needs the GPIO number of the pin that it is wired to.")]
    [InlineData("hx711", "ClockPin", 5, "ClockPin is 5, the same as DataPin; hx711 needs two pins.")]
    [InlineData("dht22", "DataPin", 54, "DataPin is 54; it is a GPIO number from 0 to 53.")]
    [InlineData("mcp3008", "ChipSelect", 3, "ChipSelect is 3, which mcp3008 does not have; it is one of 0, 1, 2.")]
    [InlineData("mcp3008", "ReferenceVolts", 0.0, "ReferenceVolts is 0; it is above 0 and at most 5.5.")]
    [InlineData("dht22", "MaxAgeSeconds", 2.0, "MaxAgeSeconds is 2; it is above dht22's interval of 2 s and at most a day.")]
    [InlineData("mcp3008", "MaxAgeSeconds", double.NaN, "MaxAgeSeconds is NaN; it is above mcp3008's interval of 0 s and at most a day.")]
    public void A_value_that_cannot_be_is_refused_with_those_that_can(string kind, string setting, object? value, string sentence)
    {
        SensorSettings settings = Complete(kind);
        settings = setting switch
        {
            "Address" => settings with { Address = (int)value! },
            "Bus" => settings with { Bus = (int)value! },
            "Range" => settings with { Range = (double)value! },
            "RateHertz" => settings with { RateHertz = (double)value! },
            "Scale" => settings with { Scale = (double)value! },
            "Offset" => settings with { Offset = (double)value! },
            "Gain" => settings with { Gain = (int)value! },
            "DataPin" => settings with { DataPin = (int?)value },
            "ClockPin" => settings with { ClockPin = (int?)value },
            "ChipSelect" => settings with { ChipSelect = (int)value! },
            "ReferenceVolts" => settings with { ReferenceVolts = (double)value! },
            _ => settings with { MaxAgeSeconds = (double)value! },
        };
        Assert.Equal(sentence, Assert.Throws<ArgumentException>(() => Sensors.Create(settings, new Ledger())).Message);
    }

    [Theory]
    [InlineData("4", "Inputs names '4', which ads1115 does not have; it has 0, 1, 2, 3, 0-1, 0-3, 1-3, 2-3.")]
    [InlineData("1,0,1", "Inputs names '1' more than once.")]
    public void Inputs_that_cannot_be_are_refused(string inputs, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<ArgumentException>(() => Sensors.Create(new SensorSettings { Kind = "ads1115", Inputs = inputs.Split(',') }, new Ledger())).Message);

    [Fact]
    public void The_age_that_is_allowed_can_be_set()
    {
        CatalogSensor sensor = Sensors.Create(new SensorSettings { Kind = "dht22", DataPin = 4, MaxAgeSeconds = 20 }, new Ledger(), TimeSpan.FromSeconds(1));
        Assert.EndsWith("and one older than 20 s is a fault.", Assert.Single(sensor.Notes), StringComparison.Ordinal);
    }

    private static SensorSettings Complete(string kind) => new()
    {
        Kind = kind,
        DataPin = kind is "hx711" or "dht22" ? 5 : null,
        ClockPin = kind is "hx711" ? 6 : null,
    };
}
