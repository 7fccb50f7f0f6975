using System.Buffers.Binary;
using EdgeDevice;
using EdgeInference.Devices;
using EdgeInference.Devices.Tests.Doubles;

namespace RaspberryPi.Tests;

/// <summary>The sensors of Iot.Device.Bindings, on registers as their data sheets describe them.</summary>
public sealed class BindingTests
{
    [Fact]
    public void An_mpu6050_gives_by_its_binding_what_its_registers_give()
    {
        RegisterI2cDevice device = Mpu6050();
        using ISampleSource binding = IotBindingSources.Mpu6050(() => device, ["x", "y", "z"]);
        binding.Start();
        float[] sample = new float[3];
        binding.Read(sample);

        // 1 g is 16384 = 0x4000, −0.5 g is −8192 = 0xE000; the low-pass is that of the registers' layout.
        Assert.Equal([1f, -0.5f, 1f / 16384f], sample, (x, y) => MathF.Abs(x - y) <= 1e-6f);
        Assert.Equal(I2cSensorLayout.Mpu6050Acceleration.Setup.Single(write => write.Register == 0x1A).Value, device.Registers[0x1A]);
        Assert.Equal(I2cSensorLayout.Mpu6050Acceleration.Setup.Single(write => write.Register == 0x1C).Value, device.Registers[0x1C]);
    }

    [Fact]
    public void A_bme280_gives_the_values_of_its_data_sheet()
    {
        RegisterI2cDevice device = Bme280();
        using ISampleSource binding = IotBindingSources.Bme280(() => device, ["t", "p", "h"]);
        binding.Start();
        float[] sample = new float[3];
        binding.Read(sample);

        // Bosch, "BMP280 data sheet" 1.14, section 3.12: 25.08 °C and 100653.27 Pa. Calibrated to 0, humidity is 0.
        Assert.Equal(25.08f, sample[0], 0.005f);
        Assert.Equal(1006.5327f, sample[1], 0.001f);
        Assert.Equal(0f, sample[2]);

        // Mode 3: the sensor measures on its own, no read waits for it.
        Assert.Equal(3, device.Registers[0xF4] & 3);
    }

    [Fact]
    public void A_sensor_that_comes_and_goes_leaves_no_device_open()
    {
        var opened = new List<RegisterI2cDevice>();
        var clock = new FakeTime();
        using (var monitor = new SensorMonitor(
            IotBindingSources.Bme280(() =>
            {
                RegisterI2cDevice device = Bme280();

                // Two that do not answer, one that is another chip, one that lasts for two reads.
                device.Unplugged = opened.Count < 2;
                device.Registers[0xD0] = (byte)(opened.Count == 2 ? 0x58 : 0x60);
                opened.Add(device);
                return device;
            }, ["t", "p", "h"]),
            new SensorMonitorOptions { RetryInterval = TimeSpan.FromSeconds(1) },
            clock))
        {
            float[] sample = new float[3];
            var faults = new List<SensorFault>();
            for (int i = 0; i < 9; i++)
            {
                faults.Add(monitor.Read(sample));
                Assert.All(opened.SkipLast(1), device => Assert.True(device.IsDisposed));
                opened[^1].Unplugged |= i == 4;
                clock.Advance(TimeSpan.FromSeconds(1));
            }

            Assert.Equal(
                [SensorFault.NotPresent, SensorFault.NotPresent, SensorFault.NotPresent, SensorFault.None, SensorFault.None, SensorFault.BusError, SensorFault.None, SensorFault.None, SensorFault.None],
                faults);
            Assert.Equal([true, true, true, true, false], opened.Select(device => device.IsDisposed));
        }

        Assert.True(opened[^1].IsDisposed);
    }

    [Fact]
    public void A_kind_that_does_not_exist_is_refused_with_those_that_do()
    {
        var exception = Assert.Throws<InvalidDataException>(() => Wiring.Source(new SensorOptions { Kind = "mpu9999" }));
        Assert.Contains("'mpu9999', which is none of mpu6050, bme280, mpu6050-registers and simulated", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Channels_have_names_of_the_settings_or_the_usual_ones()
    {
        using ISampleSource usual = Wiring.Source(new SensorOptions { Kind = "bme280" });
        Assert.Equal(["temperature", "pressure", "humidity"], usual.ChannelNames);
        using ISampleSource renamed = Wiring.Source(new SensorOptions { Kind = "mpu6050", ChannelNames = ["ax", "ay", "az"] });
        Assert.Equal(["ax", "ay", "az"], renamed.ChannelNames);
        var exception = Assert.Throws<InvalidDataException>(() => Wiring.Source(new SensorOptions { Kind = "simulated", ChannelNames = ["ax"] }));
        Assert.Contains("1 names and 'simulated' has 3 channels", exception.Message, StringComparison.Ordinal);
    }

    private static RegisterI2cDevice Mpu6050()
    {
        var device = new RegisterI2cDevice();
        device.Registers[0x75] = 0x68;
        new byte[] { 0x40, 0x00, 0xE0, 0x00, 0x00, 0x01 }.CopyTo(device.Registers, 0x3B);
        return device;
    }

    private static RegisterI2cDevice Bme280()
    {
        var device = new RegisterI2cDevice();
        device.Registers[0xD0] = 0x60;
        int[] calibration = [27504, 26435, -1000, 36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000];
        for (int i = 0; i < calibration.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(device.Registers.AsSpan(0x88 + (2 * i)), unchecked((ushort)calibration[i]));
        }

        WriteAdc(device, 0xF7, 415148);
        WriteAdc(device, 0xFA, 519888);
        return device;
    }

    // 20 bits, the highest first.
    private static void WriteAdc(RegisterI2cDevice device, int register, int value) =>
        new[] { (byte)(value >> 12), (byte)(value >> 4), (byte)(value << 4) }.CopyTo(device.Registers, register);
}
