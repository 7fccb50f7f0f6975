using EdgeInference.Devices.Bindings.Tests.Doubles;

namespace EdgeInference.Devices.Bindings.Tests.Kinds;

public sealed class Ads1115Tests
{
    [Theory]
    [InlineData(null, "0", 1.25)]
    [InlineData(6.144, "1", -0.5)]
    [InlineData(2.048, "2", 2.0)]
    [InlineData(1.024, "3", 0.125)]
    [InlineData(4.096, "0-1", 1.75)]
    [InlineData(0.512, "1-3", -0.625)]
    [InlineData(2.048, "2-3", 1.875)]
    [InlineData(4.096, "0-3", 1.125)]
    public void It_gives_volts_of_the_input_that_is_named(double? range, string input, double volts)
    {
        var ledger = new Ledger(Chip());
        CatalogSensor sensor = Sensors.Create(new SensorSettings { Kind = "ads1115", Range = range, Inputs = [input] }, ledger);

        // A range that is too small for the voltage gives its end.
        double step = (range ?? 4.096) / 32768;
        double expected = Math.Clamp(Math.Round(volts / step), -32768, 32767) * step;
        Assert.Equal(expected, sensor.Sample()[0], 1e-6);
        Assert.Equal(0, Sensors.Allocated(sensor.Source));
        Assert.Equal(["I2C 1 0x48"], ledger.Settings);
        sensor.Source.Dispose();
        Assert.Equal((1, 1), ledger.Count);
    }

    [Fact]
    public void Several_inputs_are_converted_one_after_another()
    {
        Ads1115Chip chip = Chip();
        CatalogSensor sensor = Sensors.Create(new SensorSettings { Kind = "ads1115", Inputs = ["3", "0", "0-1"], Offset = 0.125, Scale = 2 }, new Ledger(chip));
        float[] sample = sensor.Sample();
        Assert.Equal([0f, 2.25f, 3.25f], sample, (x, y) => MathF.Abs(x - y) <= 1e-3f);
        chip.Volts[0] = 0.125;
        sensor.Source.Read(sample);
        Assert.Equal([0f, 0f, 1f], sample, (x, y) => MathF.Abs(x - y) <= 1e-3f);
        Assert.Equal(["in3", "in0", "in0_1"], sensor.Source.ChannelNames);
        Assert.Equal(["scaled", "scaled", "scaled"], sensor.Units);
        Assert.Equal(0, Sensors.Allocated(sensor.Source));
        sensor.Source.Dispose();
    }

    [Theory]
    [InlineData(null, 1, 1.2791)]
    [InlineData(860.0, 2, 6.5581)]
    [InlineData(8.0, 1, 137.5)]
    public void Its_rate_says_how_often_it_can_be_read(double? rate, int inputs, double milliseconds)
    {
        CatalogSensor sensor = Sensors.Create(new SensorSettings { Kind = "ads1115", RateHertz = rate, Inputs = [.. Enumerable.Range(0, inputs).Select(i => $"{i}")] }, new Ledger(Chip()), TimeSpan.FromMilliseconds(2));
        Assert.Equal(milliseconds, sensor.ShortestPeriod.TotalMilliseconds, 0.001);
        Assert.Equal(milliseconds > 2, sensor.IsBackground);
    }

    [Fact]
    public void One_that_is_gone_is_closed_without_being_written_to()
    {
        Ads1115Chip chip = Chip();
        var ledger = new Ledger(chip);
        CatalogSensor sensor = Sensors.Create(new SensorSettings { Kind = "ads1115" }, ledger);
        sensor.Sample();
        chip.Lasts = 0;
        int before = chip.Transfers;
        sensor.Source.Dispose();
        Assert.Equal((before, (1, 1)), (chip.Transfers, ledger.Count));
    }

    internal static Ads1115Chip Chip()
    {
        var chip = new Ads1115Chip();
        new[] { 1.25, -0.5, 2.0, 0.125 }.CopyTo(chip.Volts, 0);
        return chip;
    }
}
