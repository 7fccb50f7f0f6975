using System.Device.Gpio;
using System.Device.I2c;
using EdgeInference.Devices.Tests.Doubles;

namespace EdgeInference.Devices.Tests;

/// <summary>What a binding's source opens, it closes, whatever its sensor does.</summary>
public sealed class BindingSourceTests
{
    private readonly List<string> log = [];

    [Theory]
    [InlineData(typeof(ArgumentException), true)]
    [InlineData(typeof(ArgumentOutOfRangeException), true)]
    [InlineData(typeof(OverflowException), true)]
    [InlineData(typeof(NotSupportedException), true)]
    [InlineData(typeof(IndexOutOfRangeException), true)]
    [InlineData(typeof(NullReferenceException), true)]
    [InlineData(typeof(InvalidOperationException), true)]
    [InlineData(typeof(IOException), false)]
    [InlineData(typeof(TimeoutException), false)]
    [InlineData(typeof(PlatformNotSupportedException), false)]
    [InlineData(typeof(OutOfMemoryException), false)]
    public void What_bindings_throw_becomes_an_error_of_the_device(Type error, bool wrapped)
    {
        Exception Error() => (Exception)Activator.CreateInstance(error)!;
        bool broken = true;
        var device = new RegisterI2cDevice();
        using var source = new BindingSampleSource<MemoryStream>(
            2,
            parts =>
            {
                parts.Own(device);
                return broken ? throw Error() : parts.Own(new MemoryStream());
            },
            (_, _) => throw Error(),
            ["a", "b"]);
        Assert.Equal(2, source.Channels);
        Assert.Equal(["a", "b"], source.ChannelNames);
        Exception starting = Assert.ThrowsAny<Exception>(source.Start);
        Assert.Equal(error != typeof(OutOfMemoryException), device.IsDisposed);
        broken = false;
        source.Start();
        Exception reading = Assert.ThrowsAny<Exception>(() => source.Read(new float[2]));
        foreach (Exception thrown in new[] { starting, reading })
        {
            Assert.Equal(wrapped ? typeof(IOException) : error, thrown.GetType());
            Assert.Equal(wrapped ? error : null, thrown.InnerException?.GetType());
        }
    }

    [Fact]
    public void Parts_are_closed_last_first_and_each_though_others_fail()
    {
        var source = new BindingSampleSource<object>(1, parts =>
        {
            parts.Own(new Part("bus", log));
            parts.Own(new Part("chip", log) { Fails = true });
            parts.Own(new Part("binding", log));
            return new object();
        }, (_, sample) => sample[0] = 1f);
        source.Start();
        source.Dispose();
        Assert.Equal(["binding", "chip", "bus"], log);
        source.Dispose();
        Assert.Equal(3, log.Count);
        Assert.Throws<InvalidOperationException>(() => source.Read(new float[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BindingSampleSource<object>(0, _ => new object(), (_, _) => { }));
    }

    [Fact]
    public void A_part_that_cannot_be_closed_stops_no_retry_and_is_told_where_the_retry_fails_too()
    {
        bool gone = false;
        var source = new BindingSampleSource<object>(1, parts =>
        {
            parts.Own(new Part("bus", log) { Fails = true });
            return gone ? throw new IOException("No such device.") : new object();
        }, (_, sample) => sample[0] = 1f);
        source.Start();
        source.Start();
        gone = true;
        Assert.Equal("No such device. The sensor that was open before could not be closed: bus is stuck", Assert.Throws<IOException>(source.Start).Message);
        Assert.Equal("No such device.", Assert.Throws<IOException>(source.Start).Message);
        gone = false;
        source.Start();
        float[] sample = new float[1];
        source.Read(sample);
        Assert.Equal(1f, sample[0]);
    }

    [Fact]
    public void A_start_that_fails_half_way_leaves_no_pin_and_no_device_open()
    {
        var driver = new RecordingGpioDriver();
        var devices = new List<I2cDevice>();
        var source = new BindingSampleSource<object>(1, parts =>
        {
            devices.Add(parts.Own(new RegisterI2cDevice()));
            parts.Own(new GpioController(driver)).OpenPin(4, PinMode.Input);
            throw new TimeoutException("The chip is not ready.");
        }, (_, _) => { });
        for (int i = 0; i < 3; i++)
        {
            Assert.Throws<TimeoutException>(source.Start);
            Assert.False(driver.IsOpen(4));
        }

        Assert.All(devices, device => Assert.True(((RegisterI2cDevice)device).IsDisposed));
    }

    [Fact]
    public void A_binding_that_nothing_would_close_is_refused()
    {
        var source = new BindingSampleSource<MemoryStream>(1, _ => new MemoryStream(), (_, _) => { });
        Assert.Equal("MemoryStream was opened without SensorParts.Own, so that nothing would close it.", Assert.Throws<InvalidOperationException>(source.Start).Message);
    }

    private sealed class Part(string name, List<string> log) : IDisposable
    {
        internal bool Fails { get; init; }

        public void Dispose()
        {
            log.Add(name);
            if (Fails)
            {
                throw new InvalidOperationException($"{name} is stuck");
            }
        }
    }
}
