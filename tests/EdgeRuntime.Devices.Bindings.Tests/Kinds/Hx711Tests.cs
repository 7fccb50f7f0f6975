using EdgeInference.Devices.Bindings.Tests.Doubles;

namespace EdgeInference.Devices.Bindings.Tests.Kinds;

public sealed class Hx711Tests
{
    private static readonly SensorSettings Settings = new() { Kind = "hx711", DataPin = 5, ClockPin = 6, RateHertz = 80 };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(123456)]
    [InlineData(-8388607)]
    [InlineData(8388606)]
    public void It_gives_the_counts_of_its_24_bits(int counts)
    {
        var pins = new List<Hx711Pins>();
        var ledger = new Ledger(pins: () => Opened(pins, _ => counts));
        CatalogSensor sensor = Sensors.Create(Settings, ledger);
        Assert.Equal(counts, sensor.Sample()[0]);
        Assert.Equal("counts", Assert.Single(sensor.Units));
        Assert.Equal(1, Assert.Single(pins).PowerDowns);
        Assert.Equal([5, 6], pins[0].OpenPins.Order());
        sensor.Source.Dispose();
        Assert.Equal((1, 1), ledger.Count);
    }

    [Theory]
    [InlineData(null, 128)]
    [InlineData(64, 64)]
    [InlineData(32, 32)]
    public void Its_gain_is_set_before_the_first_sample(int? gain, int expected)
    {
        CatalogSensor sensor = Sensors.Create(Settings with { Gain = gain }, new Ledger(pins: () => Opened([], set => set * 100)));
        Assert.Equal(expected * 100, sensor.Sample()[0]);
        sensor.Source.Dispose();
    }

    [Fact]
    public void Tare_and_scale_make_a_weight()
    {
        // Empty 84,000 counts, with 500 g 94,000.
        CatalogSensor sensor = Sensors.Create(Settings with { Offset = 84000, Scale = 500.0 / 10000 }, new Ledger(pins: () => Opened([], _ => 89000)));
        Assert.Equal(250f, sensor.Sample()[0], 1e-3f);
        Assert.Equal("scaled", Assert.Single(sensor.Units));
        sensor.Source.Dispose();
    }

    [Theory]
    [InlineData(-8388608)]
    [InlineData(8388607)]
    public void An_overloaded_cell_is_a_fault(int counts)
    {
        CatalogSensor sensor = Sensors.Create(Settings, new Ledger(pins: () => Opened([], _ => counts)));
        var exception = Assert.Throws<IOException>(() => sensor.Sample());
        Assert.Equal($"The HX711 is at the end of its range ({counts}): the load cell is overloaded, or a wire of it is off.", exception.Message);
        sensor.Source.Dispose();
    }

    [Fact]
    public void A_chip_that_is_not_there_is_waited_for_six_conversions_and_not_for_ever()
    {
        var ledger = new Ledger(pins: () => new Hx711Pins(5, 6) { Unplugged = true });
        CatalogSensor sensor = Sensors.Create(Settings, ledger);
        var exception = Assert.Throws<IOException>(() => sensor.Sample());
        Assert.Equal("The HX711 has no data for 0.075 s: its data pin, GPIO 5, stays high. Check its power, both pins, and RateHertz.", exception.Message);
        sensor.Source.Dispose();
        Assert.Equal((1, 1), ledger.Count);
    }

    [Fact]
    public void It_is_read_in_the_background_at_any_period()
    {
        CatalogSensor sensor = Sensors.Create(Settings, new Ledger(pins: () => Opened([], _ => 0)));
        Assert.True(sensor.IsBackground);
        Assert.StartsWith("hx711 is read in the background, since its driver waits for its pins", Assert.Single(sensor.Notes), StringComparison.Ordinal);
        Assert.Equal((TimeSpan.FromMilliseconds(12.5), "weight"), (sensor.ShortestPeriod, Assert.Single(sensor.Source.ChannelNames)));
    }

    private static Hx711Pins Opened(List<Hx711Pins> all, Func<int, int> counts)
    {
        all.Add(new Hx711Pins(5, 6) { Counts = counts });
        return all[^1];
    }
}
