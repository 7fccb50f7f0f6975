using EdgeInference.Devices.Bindings.Tests.Doubles;

namespace EdgeInference.Devices.Bindings.Tests.Kinds;

public sealed class Mpu6050RegistersTests
{
    [Fact]
    public void It_gives_the_values_of_the_binding_by_one_transfer_instead_of_four()
    {
        var transfers = new List<int>();
        var samples = new List<float[]>();
        foreach (string kind in new[] { "mpu6050", "mpu6050-registers" })
        {
            RegisterChip chip = Mpu6050Tests.Chip();
            var ledger = new Ledger(chip);
            CatalogSensor sensor = Sensors.Create(new SensorSettings { Kind = kind }, ledger);
            samples.Add(sensor.Sample());
            int before = chip.Transfers;
            sensor.Source.Read(samples[^1]);
            transfers.Add(chip.Transfers - before);
            Assert.Equal(0, Sensors.Allocated(sensor.Source));
            sensor.Source.Dispose();
            Assert.Equal((1, 1), ledger.Count);
        }

        Assert.Equal([4, 1], transfers);
        Assert.Equal(samples[0], samples[1], (x, y) => MathF.Abs(x - y) <= 1e-6f);
    }
}
