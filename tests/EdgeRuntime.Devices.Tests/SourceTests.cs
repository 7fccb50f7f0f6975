using System.Device.Gpio;
using EdgeInference.Devices.Tests.Doubles;

namespace EdgeInference.Devices.Tests;

public class SourceTests
{
    [Fact]
    public void An_mpu6050_is_identified_set_up_and_read_in_one_burst()
    {
        var device = new RegisterI2cDevice();
        device.Registers[0x75] = 0x68;
        var source = new I2cSampleSource(device, I2cSensorLayout.Mpu6050Acceleration);
        source.Start();
        Assert.Equal(["write 75", "read 1", "write 6B01", "write 1A03", "write 1907", "write 1C00"], device.Transactions);

        // 1 g is 16384 = 0x4000, −0.5 g is −8192 = 0xE000.
        new byte[] { 0x40, 0x00, 0xE0, 0x00, 0x00, 0x01 }.CopyTo(device.Registers, 0x3B);
        float[] sample = new float[3];
        source.Read(sample);
        Assert.Equal([1f, -0.5f, 1f / 16384f], sample);
        Assert.Equal(["write 3B", "read 6"], device.Transactions[^2..]);
        source.Dispose();
        Assert.True(device.IsDisposed);
    }

    [Fact]
    public void Another_sensor_at_the_address_is_not_taken_for_the_right_one()
    {
        var device = new RegisterI2cDevice();
        device.Registers[0x75] = 0x71;
        using var source = new I2cSampleSource(device, I2cSensorLayout.Mpu6050Acceleration);
        var exception = Assert.Throws<IOException>(source.Start);
        Assert.Contains("0x71", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_binding_throws_is_a_fault_and_no_start_leaves_a_device_open()
    {
        var opened = new List<RegisterI2cDevice>();
        var source = new BindingSampleSource<MemoryStream>(
            1,
            parts =>
            {
                opened.Add(parts.Own(new RegisterI2cDevice()));
                return opened.Count == 1 ? throw new ArgumentException("NaN is no temperature.") : new MemoryStream([7]);
            },
            (sensor, sample) => sample[0] = sensor.ReadByte() is var value and >= 0 ? value : throw new DivideByZeroException());
        float[] value = new float[1];
        Assert.Throws<InvalidOperationException>(() => source.Read(value));
        var exception = Assert.Throws<IOException>(source.Start);
        Assert.Equal("The sensor's binding MemoryStream failed: ArgumentException: NaN is no temperature.", exception.Message);
        Assert.True(opened[0].IsDisposed);
        source.Start();
        source.Read(value);
        Assert.Equal([7f], value);
        Assert.Throws<IOException>(() => source.Read(value));
        Assert.False(opened[1].IsDisposed);
        source.Start();
        Assert.Equal([true, true, false], opened.Select(device => device.IsDisposed));
        source.Dispose();
        Assert.True(opened[2].IsDisposed);
    }

    [Theory]
    [InlineData(RegisterEncoding.Int16BigEndian, -2)]
    [InlineData(RegisterEncoding.Int16LittleEndian, -257)]
    [InlineData(RegisterEncoding.UInt16BigEndian, 65534)]
    [InlineData(RegisterEncoding.UInt16LittleEndian, 65279)]
    [InlineData(RegisterEncoding.Int8, -1)]
    [InlineData(RegisterEncoding.UInt8, 255)]
    public void Each_encoding_is_decoded(RegisterEncoding encoding, int expected)
    {
        var device = new RegisterI2cDevice();
        device.Registers[0x11] = 0xFF;
        device.Registers[0x12] = 0xFE;
        using var source = new I2cSampleSource(device, new I2cSensorLayout { DataRegister = 0x10, Channels = [new(1, encoding, 2f, 1f)] });
        float[] sample = new float[1];
        source.Start();
        source.Read(sample);
        Assert.Equal((2f * expected) + 1f, sample[0]);
    }

    [Fact]
    public void An_mcp3008_is_asked_as_its_data_sheet_says()
    {
        var device = new AnsweringSpiDevice();
        device.Values[0] = 1023;
        device.Values[5] = 512;
        using var source = new SpiSampleSource(device, [SpiChannel.Mcp3008(0, 3.3f), SpiChannel.Mcp3008(5, 3.3f)]);
        float[] sample = new float[2];
        source.Start();
        source.Read(sample);
        Assert.Equal(["018000", "01D000"], device.Requests);
        Assert.Equal(3.3f / 1024f * 1023f, sample[0]);
        Assert.Equal(3.3f / 1024f * 512f, sample[1]);
        Assert.Throws<ArgumentException>(() => new SpiSampleSource(device, [new SpiChannel([1], 9)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => SpiChannel.Mcp3008(8, 3.3f));
    }

    [Fact]
    public void Pins_are_opened_read_and_closed()
    {
        var driver = new RecordingGpioDriver();
        using var controller = new GpioController(driver);
        driver.Levels[17] = true;
        var source = new GpioSampleSource(controller, [4, 17]);
        float[] sample = new float[2];
        source.Start();
        source.Read(sample);
        Assert.Equal([0f, 1f], sample);
        Assert.True(driver.IsOpen(4) && driver.IsOpen(17));
        source.Dispose();
        Assert.False(driver.IsOpen(4) || driver.IsOpen(17));
    }
}
