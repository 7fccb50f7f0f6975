namespace EdgeInference.Devices.Bindings;

/// <summary>Which sensor is wired where. A setting that is null has the kind's default; one that the kind does not use must be null.</summary>
public sealed record SensorSettings
{
    /// <summary>The name of a kind of <see cref="SensorCatalog.Kinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The number of the I2C or SPI bus; 1 for I2C and 0 for SPI by default.</summary>
    public int? Bus { get; init; }

    /// <summary>The 7-bit I2C address.</summary>
    public int? Address { get; init; }

    /// <summary>The SPI chip select, 0 or 1; 0 by default.</summary>
    public int? ChipSelect { get; init; }

    /// <summary>The GPIO number of the data pin.</summary>
    public int? DataPin { get; init; }

    /// <summary>The GPIO number of the clock pin.</summary>
    public int? ClockPin { get; init; }

    /// <summary>Inputs of a converter, a channel each: "0" against ground, "0-1" the difference of two; "0" by default.</summary>
    public IReadOnlyList<string>? Inputs { get; init; }

    /// <summary>Full scale: in g of an accelerometer, in volts of a converter with an amplifier.</summary>
    public double? Range { get; init; }

    /// <summary>The amplifier's gain.</summary>
    public int? Gain { get; init; }

    /// <summary>Measurements a second that the sensor is set to, by a register or by its wiring.</summary>
    public double? RateHertz { get; init; }

    /// <summary>The voltage at a converter's reference pin, in volts.</summary>
    public double? ReferenceVolts { get; init; }

    /// <summary>What is subtracted from each reading, in its unit; 0 by default.</summary>
    public double? Offset { get; init; }

    /// <summary>By what each reading is multiplied after <see cref="Offset"/>; 1 by default.</summary>
    public double? Scale { get; init; }

    /// <summary>Of a sensor that is read in the background: the age in seconds at which its sample is a fault. Three intervals and 2 s by default.</summary>
    public double? MaxAgeSeconds { get; init; }

    /// <summary>A name for each channel; null or empty for the kind's usual ones.</summary>
    public IReadOnlyList<string>? ChannelNames { get; init; }

    /// <summary>The settings that are given and that not every kind uses.</summary>
    internal IEnumerable<string> Given()
    {
        (string Name, bool Given)[] all =
        [
            (nameof(Bus), Bus.HasValue), (nameof(Address), Address.HasValue), (nameof(ChipSelect), ChipSelect.HasValue), (nameof(DataPin), DataPin.HasValue), (nameof(ClockPin), ClockPin.HasValue),
            (nameof(Inputs), Inputs is { Count: > 0 }), (nameof(Range), Range.HasValue), (nameof(Gain), Gain.HasValue), (nameof(RateHertz), RateHertz.HasValue),
            (nameof(ReferenceVolts), ReferenceVolts.HasValue), (nameof(Offset), Offset.HasValue), (nameof(Scale), Scale.HasValue),
        ];
        return all.Where(setting => setting.Given).Select(setting => setting.Name);
    }
}
