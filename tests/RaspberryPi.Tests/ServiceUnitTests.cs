namespace RaspberryPi.Tests;

/// <summary>What the service unit must allow so that the program reaches its hardware.</summary>
public class ServiceUnitTests
{
    [Theory]
    [InlineData("DeviceAllow=char-i2c rw")]
    [InlineData("DeviceAllow=char-spi rw")]
    [InlineData("DeviceAllow=char-gpiochip rw")]
    [InlineData("DeviceAllow=/dev/gpiomem rw")]
    public void The_unit_allows_the_devices_that_pins_and_sensors_need(string line) =>
        Assert.Contains(line, File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "edge-device.service")));
}
