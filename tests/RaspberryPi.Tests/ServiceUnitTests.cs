using System.Globalization;
using System.Text.RegularExpressions;

namespace RaspberryPi.Tests;

/// <summary>What the service unit must allow so that the program reaches its hardware and never stays down, and what systemd says of it.</summary>
public partial class ServiceUnitTests
{
    private static string Unit => Path.Combine(AppContext.BaseDirectory, "edge-device.service");

    [Theory]
    [InlineData("DeviceAllow=char-i2c rw")]
    [InlineData("DeviceAllow=char-spi rw")]
    [InlineData("DeviceAllow=char-gpiochip rw")]
    [InlineData("DeviceAllow=/dev/gpiomem rw")]
    [InlineData("SupplementaryGroups=gpio i2c spi")]
    public void The_unit_allows_the_devices_that_pins_and_sensors_need(string line) =>
        Assert.Contains(line, File.ReadAllLines(Unit));

    [Theory]
    [InlineData("StartLimitIntervalSec=0")]
    [InlineData("Restart=always")]
    [InlineData("StateDirectory=edge-device edge-device/model edge-device/inbox")]
    public void A_missing_sensor_or_model_never_makes_systemd_give_up(string line) =>
        Assert.Contains(line, File.ReadAllLines(Unit));

    [Theory]
    [InlineData("network")]
    [InlineData("MemoryDenyWriteExecute")]
    [InlineData("PrivateDevices")]
    [InlineData("ProcSubset=")]
    [InlineData("RestrictRealtime")]
    public void The_unit_does_not_wait_for_the_network_nor_take_what_the_program_needs(string word) =>
        Assert.DoesNotContain(File.ReadAllLines(Unit), line => !line.StartsWith('#') && line.Contains(word, StringComparison.Ordinal));

    [Fact]
    public void Systemd_accepts_every_line_of_the_unit()
    {
        Debian.Require("/usr/bin/systemd-analyze", "systemd");
        (int exitCode, string output) = Analyze("verify");
        Assert.True(exitCode == 0 && output.Trim().Length == 0, output);
    }

    [Fact]
    public void Systemd_rates_the_exposure_of_the_unit_as_low()
    {
        Debian.Require("/usr/bin/systemd-analyze", "systemd");
        (_, string output) = Analyze("security", "--offline=true");
        Match level = Level().Match(output);
        Assert.SkipUnless(level.Success, output);
        Assert.InRange(double.Parse(level.Groups[1].ValueSpan, CultureInfo.InvariantCulture), 0, 2.5);
    }

    // On a copy whose program is there: the unit names the one that only a device has.
    private static (int ExitCode, string Output) Analyze(params string[] verb)
    {
        string folder = Directory.CreateTempSubdirectory("edge-unit").FullName;
        try
        {
            string copy = Path.Combine(folder, "edge-device.service");
            File.WriteAllText(copy, File.ReadAllText(Unit).Replace("/opt/edge-device/edge-device", "/bin/true", StringComparison.Ordinal));
            return Debian.Run("systemd-analyze", [.. verb, copy]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex("Overall exposure level for edge-device.service: ([0-9.]+)")]
    private static partial Regex Level();
}
