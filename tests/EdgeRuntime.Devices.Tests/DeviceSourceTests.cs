using System.Device.Gpio;
using System.Device.Spi;
using EdgeInference.Devices.Tests.Doubles;

namespace EdgeInference.Devices.Tests;

/// <summary>Bytes of the bus become values as the definitions say: each width, order and bound.</summary>
public sealed class DeviceSourceTests
{
    [Fact]
    public void Each_number_of_bits_is_cut_from_the_end_of_the_answer()
    {
        byte[] answer = [0xF1, 0xE2, 0xD3, 0xC4];
        for (int bytes = 1; bytes <= 4; bytes++)
        {
            for (int bits = 1; bits <= Math.Min(24, bytes * 8); bits++)
            {
                // From the last byte backwards, bit by bit.
                double value = 0;
                for (int bit = 0; bit < bits; bit++)
                {
                    value += ((answer[bytes - 1 - (bit / 8)] >> (bit % 8)) & 1) * Math.Pow(2, bit);
                }

                using var source = new SpiSampleSource(new FixedSpi(answer), [new SpiChannel([.. new byte[bytes]], bits, 0.5f, -3f)]);
                float[] sample = new float[1];
                source.Read(sample);
                Assert.Equal((float)((0.5 * value) - 3), sample[0]);
            }
        }
    }

    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(1, 8, true)]
    [InlineData(1, 9, false)]
    [InlineData(2, 16, true)]
    [InlineData(2, 17, false)]
    [InlineData(3, 24, true)]
    [InlineData(4, 24, true)]
    [InlineData(4, 25, false)]
    [InlineData(4, 0, false)]
    [InlineData(0, 1, false)]
    [InlineData(5, 8, false)]
    public void A_request_has_1_to_4_bytes_and_bits_that_fit(int bytes, int bits, bool taken)
    {
        Exception? exception = Record.Exception(() => new SpiSampleSource(new FixedSpi([]), [new SpiChannel([1], 1), new SpiChannel(new byte[bytes], bits)]));
        Assert.Equal(taken ? null : typeof(ArgumentException), exception?.GetType());
        Assert.Throws<ArgumentException>(() => new SpiSampleSource(new FixedSpi([]), []));
    }

    [Fact]
    public void Each_channel_of_a_converter_is_asked_its_own()
    {
        for (int channel = 0; channel < 8; channel++)
        {
            // Microchip DS21295D, figure 6-1: 1, then single-ended and the channel's three bits.
            Assert.Equal([1, (byte)(128 + (16 * channel)), 0], SpiChannel.Mcp3008(channel, 5f).Request);
        }

        Assert.Equal((10, 5f / 1024, 0f), (SpiChannel.Mcp3008(3, 5f).Bits, SpiChannel.Mcp3008(3, 5f).Scale, SpiChannel.Mcp3008(3, 5f).Bias));
        Assert.Throws<ArgumentOutOfRangeException>(() => SpiChannel.Mcp3008(-1, 5f));
        Assert.Throws<ArgumentOutOfRangeException>(() => SpiChannel.Mcp3008(8, 5f));
        var device = new FixedSpi([1, 2, 3, 4]);
        using (var source = new SpiSampleSource(device, [new SpiChannel([0xAA], 8), new SpiChannel([0xBB, 0xCC], 16)], ["a", "b"]))
        {
            Assert.Equal(2, source.Channels);
            Assert.Equal(["a", "b"], source.ChannelNames);
            float[] sample = new float[2];
            source.Read(sample);
            Assert.Equal([1f, 258f], sample);
            Assert.Equal(["AA", "BBCC"], device.Requests);
        }

        Assert.True(device.IsDisposed);
        Assert.Empty(new SpiSampleSource(device, [new SpiChannel([1], 1)]).ChannelNames);
    }

    [Theory]
    [InlineData(RegisterEncoding.Int16BigEndian, 0x80, 0x00, -32768)]
    [InlineData(RegisterEncoding.Int16BigEndian, 0x7F, 0xFF, 32767)]
    [InlineData(RegisterEncoding.Int16LittleEndian, 0x00, 0x80, -32768)]
    [InlineData(RegisterEncoding.Int16LittleEndian, 0xFF, 0x7F, 32767)]
    [InlineData(RegisterEncoding.UInt16BigEndian, 0x80, 0x01, 32769)]
    [InlineData(RegisterEncoding.UInt16LittleEndian, 0x01, 0x80, 32769)]
    [InlineData(RegisterEncoding.Int8, 0x80, 0x55, -128)]
    [InlineData(RegisterEncoding.Int8, 0x7F, 0x55, 127)]
    [InlineData(RegisterEncoding.UInt8, 0x80, 0x55, 128)]
    public void A_register_is_read_as_its_encoding_says(RegisterEncoding encoding, byte first, byte second, int value)
    {
        // At the very end of the burst, which is as long as the last channel needs.
        int bytes = encoding is RegisterEncoding.Int8 or RegisterEncoding.UInt8 ? 1 : 2;
        var device = new RegisterI2cDevice();
        device.Registers[0x20] = 9;
        device.Registers[0x23] = first;
        device.Registers[0x24] = second;
        using var source = new I2cSampleSource(device, new I2cSensorLayout { DataRegister = 0x20, Channels = [new(3, encoding, 0.25f, 7f), new(0, RegisterEncoding.UInt8)] });
        float[] sample = new float[2];
        source.Start();
        source.Read(sample);
        Assert.Equal([(0.25f * value) + 7f, 9f], sample);
        Assert.Equal(["write 20", $"read {3 + bytes}"], device.Transactions);
        Assert.Empty(source.ChannelNames);
        Assert.Throws<ArgumentOutOfRangeException>(() => new I2cSampleSource(device, new I2cSensorLayout { DataRegister = 0, Channels = [] }));
    }

    [Fact]
    public void The_layout_of_an_mpu6050_is_that_of_its_register_map()
    {
        I2cSensorLayout layout = I2cSensorLayout.Mpu6050Acceleration;

        // Register map 4.2: WHO_AM_I, PWR_MGMT_1 clock of the x gyroscope, CONFIG 44 Hz, SMPLRT_DIV 1 kHz / 8, ACCEL_CONFIG ±2 g.
        Assert.Equal([0x75, 0x68, 0x3B], new int?[] { layout.IdRegister, layout.Id, layout.DataRegister });
        Assert.Equal([(0x6B, 1), (0x1A, 3), (0x19, 7), (0x1C, 0)], layout.Setup.Select(write => ((int)write.Register, (int)write.Value)));
        Assert.Equal([0, 2, 4], layout.Channels.Select(channel => channel.Offset));
        Assert.All(layout.Channels, channel => Assert.Equal((RegisterEncoding.Int16BigEndian, 1 / 16384f, 0f), (channel.Encoding, channel.Scale, channel.Bias)));
        Assert.Equal(["x", "y", "z"], layout.ChannelNames);
        Assert.Equal((1f, 0f), (new I2cChannel(0, RegisterEncoding.Int8).Scale, new I2cChannel(0, RegisterEncoding.Int8).Bias));
        Assert.Equal((1f, 0f), (new SpiChannel([1], 1).Scale, new SpiChannel([1], 1).Bias));
    }

    [Fact]
    public void A_sensor_without_an_id_is_not_asked_for_one()
    {
        var device = new RegisterI2cDevice();
        using var source = new I2cSampleSource(device, new I2cSensorLayout { DataRegister = 0, Channels = [new(0, RegisterEncoding.UInt8)], Setup = [new(5, 6), new(7, 8)], Id = 3 });
        source.Start();
        Assert.Equal(["write 0506", "write 0708"], device.Transactions);
        device.Registers[9] = 3;
        using var identified = new I2cSampleSource(device, new I2cSensorLayout { DataRegister = 0, Channels = [new(0, RegisterEncoding.UInt8)], IdRegister = 9, Id = 4 });
        Assert.Equal("The sensor at I2C address 0x68 identifies itself as 0x03, expected 0x04; check the wiring and the address.", Assert.Throws<IOException>(identified.Start).Message);
    }

    [Fact]
    public void Pins_are_inputs_of_the_mode_that_is_asked_for_and_stay_open_over_a_restart()
    {
        var driver = new ModeDriver();
        using var controller = new GpioController(driver);
        var source = new GpioSampleSource(controller, [4, 17], PinMode.InputPullUp, ["door", "lid"]);
        Assert.Equal(2, source.Channels);
        Assert.Equal(["door", "lid"], source.ChannelNames);
        source.Start();
        source.Start();
        Assert.Equal([(4, PinMode.InputPullUp), (17, PinMode.InputPullUp)], driver.Opened);
        var plain = new GpioSampleSource(controller, [5]);
        plain.Start();
        Assert.Equal((5, PinMode.Input), driver.Opened[^1]);
        Assert.Empty(plain.ChannelNames);
        source.Dispose();
        source.Dispose();
        plain.Dispose();
        Assert.Equal([4, 17, 5], driver.Closed);
        Assert.Throws<ArgumentOutOfRangeException>(() => new GpioSampleSource(controller, []));
    }

    [Fact]
    public void A_delegate_is_started_and_read()
    {
        int starts = 0;
        using var source = new DelegateSampleSource(2, sample => sample.Fill(4f), () => starts++, ["a", "b"]);
        source.Start();
        float[] sample = new float[2];
        source.Read(sample);
        Assert.Equal([4f, 4f], sample);
        Assert.Equal((1, 2), (starts, source.Channels));
        Assert.Equal(["a", "b"], source.ChannelNames);
        using var plain = new DelegateSampleSource(1, _ => { });
        plain.Start();
        Assert.Empty(plain.ChannelNames);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DelegateSampleSource(0, _ => { }));
    }

    private sealed class FixedSpi(byte[] answer) : SpiDevice
    {
        internal List<string> Requests { get; } = [];

        internal bool IsDisposed { get; private set; }

        public override SpiConnectionSettings ConnectionSettings { get; } = new(0);

        public override void Read(Span<byte> buffer) => throw new NotSupportedException();

        public override void Write(ReadOnlySpan<byte> buffer) => throw new NotSupportedException();

        public override void TransferFullDuplex(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
        {
            Requests.Add(Convert.ToHexString(writeBuffer));
            Assert.Equal(writeBuffer.Length, readBuffer.Length);
            answer.AsSpan(0, readBuffer.Length).CopyTo(readBuffer);
        }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }

    private sealed class ModeDriver : GpioDriver
    {
        internal List<(int Pin, PinMode Mode)> Opened { get; } = [];

        internal List<int> Closed { get; } = [];

        protected override int PinCount => 28;

        protected override void OpenPin(int pinNumber)
        {
        }

        protected override void ClosePin(int pinNumber) => Closed.Add(pinNumber);

        protected override PinMode GetPinMode(int pinNumber) => Opened.Last(open => open.Pin == pinNumber).Mode;

        protected override bool IsPinModeSupported(int pinNumber, PinMode mode) => true;

        protected override void SetPinMode(int pinNumber, PinMode mode) => Opened.Add((pinNumber, mode));

        protected override PinValue Read(int pinNumber) => PinValue.Low;

        protected override void Write(int pinNumber, PinValue value) => throw new NotSupportedException();

        protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback) => throw new NotSupportedException();

        protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback) => throw new NotSupportedException();

        protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
