using System.Runtime.CompilerServices;
using EdgeInference.Devices.Bindings.Tests.Doubles;
using Iot.Device.DHTxx;

namespace EdgeInference.Devices.Bindings.Tests.Kinds;

public sealed class Dht22Tests
{
    private const int Attempts = 30;

    private static readonly SensorSettings Settings = new() { Kind = "dht22", DataPin = 4 };

    // The example of the AM2302's data sheet, and one below zero: 65.2 % and 35.1 °C, 65.2 % and −10.1 °C.
    [Theory]
    [InlineData(new byte[] { 0x02, 0x8C, 0x01, 0x5F, 0xEE }, 35.1, 65.2)]
    [InlineData(new byte[] { 0x02, 0x8C, 0x80, 0x65, 0x73 }, -10.1, 65.2)]
    public void It_gives_the_values_of_its_data_sheet(byte[] bytes, double celsius, double percent)
    {
        var ledger = new Ledger(pins: () => new Dht22Pins { Bytes = bytes });
        float[] sample = Read(Sensors.Create(Settings, ledger));
        Assert.Equal(celsius, sample[0], 1e-4);
        Assert.Equal(percent, sample[1], 1e-4);

        // A sensor that was misread is opened again.
        (int opened, int closed) = ledger.Count;
        Assert.InRange(opened, 1, Attempts);
        Assert.Equal(opened, closed);
    }

    [Fact]
    public void A_sensor_that_is_not_there_or_sends_a_wrong_checksum_is_a_fault()
    {
        foreach (Dht22Pins pins in new[] { new Dht22Pins { Unplugged = true }, new Dht22Pins { Bytes = [0x02, 0x8C, 0x01, 0x5F, 0xEF] } })
        {
            var ledger = new Ledger(pins: () => pins);
            CatalogSensor sensor = Sensors.Create(Settings, ledger);
            Assert.Equal("The DHT22 on GPIO 4 gave no answer, or one with a wrong checksum.", Assert.Throws<IOException>(() => sensor.Sample()).Message);
            sensor.Source.Dispose();
            Assert.Equal((1, 1), ledger.Count);
        }
    }

    [Fact]
    public void A_new_sensor_is_read_on_a_machine_that_has_been_up_for_25_days()
    {
        // What the binding remembers of its last measurement lies after now, as 0 does where the machine's 32-bit clock is negative.
        Dht22? made = null;
        using var pins = new System.Device.Gpio.GpioController(new Dht22Pins { Bytes = [0x02, 0x8C, 0x01, 0x5F, 0xEE] });
        made = new Dht22(4, pins, shouldDispose: false);
        LastMeasurement(made) = Environment.TickCount + 1_000_000;
        Assert.False(made.TryReadTemperature(out _));

        // The catalog's reading sets it back.
        LastMeasurement(made) = Environment.TickCount - 10_000;
        Assert.True(SpinWait.SpinUntil(() =>
        {
            LastMeasurement(made) = Environment.TickCount - 10_000;
            return made.TryReadTemperature(out _);
        }, TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void It_is_read_each_two_seconds_in_the_background()
    {
        CatalogSensor sensor = Sensors.Create(Settings, new Ledger(pins: () => new Dht22Pins()), TimeSpan.FromMilliseconds(10));
        Assert.True(sensor.IsBackground);
        Assert.Equal((TimeSpan.FromSeconds(2), "temperature,humidity"), (sensor.ShortestPeriod, string.Join(',', sensor.Source.ChannelNames)));
        Assert.Equal("dht22 measures each 2000 ms and the loop samples each 10 ms: it is read in the background, each measurement is seen about 200 times, and one older than 8 s is a fault.", Assert.Single(sensor.Notes));
    }

    // The binding tells a one from a zero by the machine's clock: a busy machine misreads, as a Pi does.
    private static float[] Read(CatalogSensor sensor)
    {
        float[]? sample = null;
        for (int attempt = 0; sample is null && attempt < Attempts; attempt++)
        {
            try
            {
                sample = sensor.Sample();
            }
            catch (IOException) when (attempt < Attempts - 1)
            {
                // Once more.
            }
        }

        sensor.Source.Dispose();
        return sample!;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_lastMeasurement")]
    private static extern ref int LastMeasurement(DhtBase sensor);
}
