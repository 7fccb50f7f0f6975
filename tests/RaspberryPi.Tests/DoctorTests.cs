using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeDevice;
using EdgeInference.Devices;
using EdgeInference.Runtime.Stress;

namespace RaspberryPi.Tests;

/// <summary>What <c>edge-device doctor</c> says of boards with one fault each, and that each sentence stands in the document.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => key.Dispose();

    /// <summary>A fault: the check, what is done to a good board, the sentence.</summary>
    private static readonly (string Check, string Board, Action<BoardFolder> Fault, Verdict Verdict, string Text)[] Faults =
    [
        ("system", "pi3", board => board.Architecture = Architecture.Arm, Verdict.Warning, "The program is of 32 bits, on Debian GNU/Linux 13 (trixie): nothing of it was tested so."),
        ("user", "pi4", board => board.User = "root", Verdict.Warning, "This runs as root, which may open everything; the service may not."),
        ("user", "pi4", board => board.User = "pi", Verdict.Warning, "This runs as pi and the service as edge-device: they may open different devices."),
        ("groups", "pi4", board => board.Replace("/etc/group", "spi:", "none:"), Verdict.Problem, "The unit names the groups spi, which this system does not have: systemd ends the service with status=216/GROUP."),
        ("groups", "pi4", board => board.Replace("/etc/group", "i2c:x:994:pi,edge-device", "i2c:x:994:pi"), Verdict.Warning, "edge-device is not in the groups i2c; the service gets them from its unit, this program does not."),
        ("i2c", "pi4", board => board.Delete("/dev/i2c-1"), Verdict.Problem, "/dev/i2c-1 is not there: I2C is off."),
        ("i2c", "pi4", board => board.Options.Sensor.Bus = 3, Verdict.Problem, "/dev/i2c-3 is not there; this machine has /dev/i2c-1."),
        ("i2c", "zero2", board => board.Refuse("/dev/i2c-1"), Verdict.Problem, "/dev/i2c-1 cannot be opened by edge-device: Permission denied."),
        ("spi", "pi4", board => { Spi(board); board.Delete("/dev/spidev0.0"); }, Verdict.Problem, "/dev/spidev0.0 is not there: SPI is off."),
        ("spi", "pi4", board => { Spi(board); board.Options.Sensor.Bus = 1; }, Verdict.Problem, "SPI bus 1 is not there; this machine has /dev/spidev0.0."),
        ("spi", "pi5", board => { Spi(board); board.Refuse("/dev/spidev0.0"); }, Verdict.Problem, "/dev/spidev0.0 cannot be opened by edge-device: Permission denied."),
        ("gpio", "pi3", board => board.Refuse("/dev/gpiomem"), Verdict.Problem, "/dev/gpiomem cannot be opened by edge-device: Permission denied."),
        ("gpio", "pi4", board => board.Refuse("/dev/gpiomem"), Verdict.Problem, "/dev/gpiomem cannot be opened by edge-device: Permission denied."),
        ("gpio", "zero2", board => board.Delete("/dev/gpiomem"), Verdict.Problem, "/dev/gpiomem is not there: its driver is not loaded."),
        ("gpio", "pi5", board => board.Delete("/usr/lib/aarch64-linux-gnu/libgpiod.so.3"), Verdict.Problem, "Neither libgpiod.so.2 nor libgpiod.so.3 is there."),
        ("gpio", "pi5", board => board.Delete("/sys/bus/gpio/devices/gpiochip0"), Verdict.Problem, "No gpiochip of the RP1 is there."),
        ("gpio", "pi5", board => board.Refuse("/dev/gpiochip0"), Verdict.Problem, "/dev/gpiochip0 cannot be opened by edge-device: Permission denied."),
        ("gpio", "pc", _ => { }, Verdict.Problem, "This machine has no pins."),
        ("pin", "pi4", board => board.Options.Output.Pin = 40, Verdict.Problem, "GPIO 40 does not exist: the header has GPIO 0 to 27 (BCM numbers, not those of the header's pins)."),
        ("pin", "pi4", board => board.Options.Output.Pin = 2, Verdict.Problem, "GPIO 2 is a wire of I2C bus 1, which the sensor uses."),
        ("pin", "pi4", board => { Spi(board); board.Options.Output.Pin = 10; }, Verdict.Problem, "GPIO 10 is a wire of SPI bus 0, which the sensor uses."),
        ("pin", "pi4", board => board.Options.Output.Pin = 0, Verdict.Warning, "GPIO 0 is for the memory of a HAT."),
        ("pin", "pi4", board => { board.Write("/proc/cmdline", "console=serial0,115200 console=tty1 root=PARTUUID=1\n"); board.Options.Output.Pin = 14; }, Verdict.Warning, "GPIO 14 is a wire of the serial console."),
        ("clock", "pi4", board => board.Now = new DateTime(1970, 1, 1, 0, 1, 0, DateTimeKind.Utc), Verdict.Problem, $"The clock says 1970-01-01, which is before this program was built ({Built():yyyy-MM-dd}): every TLS connection fails."),
        ("clock", "pi4", board => board.Answer("timedatectl show --property=NTPSynchronized --value", "no"), Verdict.Warning, $"The clock says {DateTime.UtcNow:yyyy-MM-dd} and no time server confirmed it, 86400.10 seconds after the start; updates wait until TLS accepts it."),
        ("power", "pi4", board => board.Answer("vcgencmd get_throttled", "throttled=0x50005"), Verdict.Warning, "Throttling is 0x50005: too little voltage now; throttled now; too little voltage since the start; throttled since the start."),
        ("power", "pi3", board => board.Answer("vcgencmd get_throttled", "error=1 error_msg=\"Command not registered\""), Verdict.Warning, "The firmware did not say how the supply is."),
        ("governor", "pi4", board => board.Write("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave\n"), Verdict.Warning, "The processor stays at its lowest clock (governor powersave)."),
        ("realtime", "pi4", board => board.Write("/proc/sys/kernel/sched_rt_runtime_us", "0\n"), Verdict.Problem, "The kernel gives real-time threads no time (sched_rt_runtime_us is 0): systemd cannot start the service."),
        ("realtime", "pi4", board => board.Replace("/etc/systemd/system/edge-device.service", "CPUSchedulingPolicy=rr", ""), Verdict.Warning, "The unit gives no real-time priority, so other programs can delay a sample."),
        ("settings", "pi4", board => board.Options.Sensor.Kind = "bmp", Verdict.Problem, ""),
        ("store", "pi4", board => { board.Replace("/proc/mounts", "ext4 rw", "ext4 ro"); board.Write("/var/lib/edge-device/model/.model.edge.1", ""); }, Verdict.Problem, "/var/lib/edge-device/model lies on /, which is mounted read-only and holds what an update left (.model.edge.1): the model in use goes on, and no update is kept."),
        ("store", "pi4", board => board.Replace("/proc/mounts", "ext4 rw", "overlay rw"), Verdict.Warning, "/var/lib/edge-device/model lies on /, which is kept in memory (overlay): updates are lost at the next start."),
        ("store", "pi4", board => board.Delete("/var/lib/edge-device/model"), Verdict.Warning, "/var/lib/edge-device/model is not there yet; the service makes it."),
        ("store", "pi4", board => board.Refuse("/var/lib/edge-device/model"), Verdict.Problem, "/var/lib/edge-device/model cannot be written by edge-device: Permission denied."),
        ("store", "pi4", board => { board.Write("/var/lib/edge-device/model/model.state", "edge model st"); board.Write("/var/lib/edge-device/model/model.state.copy", "\0\0\0"); }, Verdict.Problem, ""),
        ("model", "pi4", _ => { }, Verdict.Problem, "No model is there: /var/lib/edge-device/model has none, and Edge:FactoryModel ('') is no file."),
        ("disk", "pi4", board => board.Answer("df --block-size=1 --output=avail", "Avail\n1048576"), Verdict.Problem, "/var/lib/edge-device/model has 1 MB free; an update needs up to 64 MB."),
        ("disk", "pi4", board => board.Answer("df --inodes --output=iavail", "IFree\n3"), Verdict.Problem, "/var/lib/edge-device/model has room for 3 more files only (inodes)."),
        ("disk", "pi4", board => board.Answer("df --block-size=1 --output=avail", "?"), Verdict.Warning, "The free room in /var/lib/edge-device/model could not be asked for."),
        ("port", "pi4", board => board.PortIsFree = false, Verdict.Problem, "Port 9464 is in use by another program."),
        ("port", "pi4", board => board.Options.StatusPort = 70000, Verdict.Problem, "Port 70000 does not exist."),
        ("network", "pi4", board => { board.Network = true; board.Options.Updates.Address = "https://models.example/m.edge"; board.Connecting = "No route to host"; }, Verdict.Problem, "models.example port 443 (Edge:Updates:Address) cannot be reached: No route to host."),
        ("network", "pi4", board => { board.Network = true; board.Options.Updates.Mqtt.Server = "broker.example"; board.Connecting = "Connection refused"; }, Verdict.Problem, "broker.example port 8883 (Edge:Updates:Mqtt:Server) cannot be reached: Connection refused."),
        ("unit", "pi4", board => board.Delete("/etc/systemd/system/edge-device.service"), Verdict.Warning, "systemd has no unit edge-device.service."),
        ("unit", "pi4", board => board.Replace("/etc/systemd/system/edge-device.service", "DeviceAllow=/dev/gpiomem rw", ""), Verdict.Problem, "/etc/systemd/system/edge-device.service lacks DeviceAllow=/dev/gpiomem rw: the service is denied these devices."),
        ("unit", "pi4", board => board.Replace("/etc/systemd/system/edge-device.service", "Restart=always", "Restart=no"), Verdict.Warning, "/etc/systemd/system/edge-device.service is not as shipped: it lacks Restart=always."),
        ("watchdog", "pi4", board => board.Replace("/etc/systemd/system/edge-device.service", "WatchdogSec=10", ""), Verdict.Warning, "The unit has no WatchdogSec: a driver that hangs stays so."),
        ("watchdog", "pi4", board => board.Replace("/etc/systemd/system/edge-device.service", "WatchdogSec=10", "WatchdogSec=200ms"), Verdict.Warning, "WatchdogSec is 0.2: a pause of the system that long ends the service."),
        ("watchdog", "pi4", board => board.Options.Loop.PeriodMilliseconds = 1500, Verdict.Problem, "Edge:Loop:WatchdogSeconds is 2 and a sample comes each 1.5 seconds: outputs would fall to their safe state between two samples."),
        ("process", "pi4", board => { board.Write("/proc/4242/cmdline", "/opt/edge-device/edge-device\0"); board.Write("/proc/4243/cmdline", "dotnet\0/home/pi/edge-device.dll\0--Edge:Output:Pin=18\0"); }, Verdict.Problem, "2 programs edge-device run (4242, 4243): they share sensor, pin and models."),
        ("sensor", "pi4", board => { board.Touch = true; board.Options.Sensor.Bus = 97; }, Verdict.Problem, ""),
    ];

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Faults.Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_fault_is_found_and_its_sentence_is_documented(int number)
    {
        (string check, string name, Action<BoardFolder> fault, Verdict verdict, string text) = Faults[number];
        using var board = new BoardFolder(name);
        fault(board);
        Finding finding = Assert.Single(board.Faults(check));
        Assert.Equal(verdict, finding.Verdict);
        Assert.Equal(text.Length > 0 ? text : finding.Text, finding.Text);
        Assert.NotEqual("", finding.Next);
        Assert.True(DoctorPage.Rows(check).Any(row => DoctorPage.Matches(row, finding.Text)), $"docs/raspberry-pi-troubleshooting.md has no row of '{check}' for: {finding.Text}");
    }

    [Theory]
    [InlineData("pi3", "Raspberry Pi 3 Model B Plus Rev 1.3.")]
    [InlineData("pi4", "Raspberry Pi 4 Model B Rev 1.4.")]
    [InlineData("zero2", "Raspberry Pi Zero 2 W Rev 1.0.")]
    [InlineData("pi5", "Raspberry Pi 5 Model B Rev 1.1.")]
    [InlineData("pc", "This is no Raspberry Pi.")]
    public void A_machine_without_a_fault_passes(string name, string model)
    {
        using var board = new BoardFolder(name);
        board.Write("/var/lib/edge-device/model/model.edge", VersionedModels.Signed(1, key, 39));
        board.Write("/fleet.pub.pem", key.ExportSubjectPublicKeyInfoPem());
        board.Options.Updates.TrustedKeys = [board.Examine().Machine.Path("/fleet.pub.pem")];
        if (name == "pc")
        {
            (board.Options.Sensor.Kind, board.Options.Output.Pin) = ("simulated", -1);
        }

        using var output = new StringWriter();
        int code = Doctor.Run(board.Examine(), output, json: false);
        Assert.Empty(board.AllFaults());
        Assert.StartsWith($"ok       board     {model}\n", output.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("\n0 problems, 0 warnings" + Environment.NewLine, output.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, code);
    }

    [Fact]
    public void A_simulated_pin_needs_no_board()
    {
        using var board = new BoardFolder("pc");
        Assert.NotEmpty(board.Faults("gpio"));
        board.Options.Output.Simulated = true;
        Assert.Empty(board.Faults("gpio"));
        Assert.Empty(board.Faults("pin"));
    }

    [Fact]
    public void A_sensor_that_hangs_is_said_and_the_other_checks_go_on()
    {
        using var board = new BoardFolder { Touch = true };
        using var stuck = new ManualResetEventSlim();
        var check = new SensorCheck((_, _) => new DelegateSampleSource(1, _ => stuck.Wait()), TimeSpan.FromMilliseconds(1));
        Finding finding = Assert.Single(Doctor.Findings(check, board.Examine()));
        stuck.Set();
        Assert.Equal((Verdict.Problem, "'mpu6050' did not answer within 0.001 s: its bus hangs."), (finding.Verdict, finding.Text));
        Assert.Contains(DoctorPage.Rows("sensor"), row => DoctorPage.Matches(row, finding.Text));
    }

    [Fact]
    public void One_damaged_copy_of_the_record_is_no_loss()
    {
        using var board = new BoardFolder();
        string store = board.Examine().Machine.Path("/var/lib/edge-device/model");
        board.Write("/factory.edge", VersionedModels.Create(1, 39));
        using (ModelUpdater.Open(store, board.Examine().Machine.Path("/factory.edge"), new UpdatePolicy { RequireSignature = false }))
        {
        }

        board.Write("/var/lib/edge-device/model/model.state", "");
        Assert.Empty(board.Faults("store"));
        board.Write("/var/lib/edge-device/model/model.state.copy", "");
        Assert.StartsWith("The record '", Assert.Single(board.Faults("store")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_above_the_largest_that_the_service_takes_is_not_good()
    {
        using var board = new BoardFolder();
        board.Write("/var/lib/edge-device/model/model.edge", VersionedModels.Create(1, 39));
        Assert.Empty(board.Faults("model"));
        board.Options.Updates.MaxBytes = 1024;
        board.Write("/var/lib/edge-device/model/model.edge", VersionedModels.Create(1, 3900));
        Assert.Contains("more than the 1024 allowed", Assert.Single(board.Faults("model")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_model_is_named_and_the_store_is_left_as_it_was()
    {
        using var board = new BoardFolder();
        byte[] model = VersionedModels.Signed(1, key, 39);
        model[^1] ^= 1;
        board.Write("/var/lib/edge-device/model/model.edge", model);
        board.Write("/var/lib/edge-device/model/.model.edge.left", "");
        Finding finding = Assert.Single(board.Faults("model"));
        Assert.Equal(Verdict.Problem, finding.Verdict);
        Assert.Contains("model.edge' cannot be used: ", finding.Text, StringComparison.Ordinal);
        Assert.Contains(DoctorPage.Rows("model"), row => DoctorPage.Matches(row, finding.Text));
        board.Delete("/var/lib/edge-device/model/.model.edge.left");
    }

    [Fact]
    public void Each_check_has_a_fault_here_and_rows_in_the_document()
    {
        string[] withoutFault = ["board"];
        Assert.All(Doctor.Checks, check =>
        {
            Assert.True(withoutFault.Contains(check.Name) || Faults.Any(fault => fault.Check == check.Name), $"DoctorTests has no fault for '{check.Name}'.");
            Assert.True(DoctorPage.Rows(check.Name).Count > 0, $"docs/raspberry-pi-troubleshooting.md has no row for '{check.Name}'.");
        });
    }

    [Fact]
    public void Json_has_what_the_lines_have()
    {
        using var board = new BoardFolder();
        board.Delete("/dev/i2c-1");
        using var output = new StringWriter();
        Assert.Equal(1, Doctor.Run(board.Examine(), output, json: true));
        using JsonDocument document = JsonDocument.Parse(output.ToString());
        JsonElement found = document.RootElement.EnumerateArray().Single(element => element.GetProperty("check").GetString() == "i2c");
        Assert.Equal("problem", found.GetProperty("verdict").GetString());
        Assert.Equal("/dev/i2c-1 is not there: I2C is off.", found.GetProperty("text").GetString());
        Assert.Equal("sudo raspi-config nonint do_i2c 0, then sudo reboot.", found.GetProperty("next").GetString());
    }

    [Fact]
    public void It_looks_at_this_machine_too()
    {
        using var output = new StringWriter();
        var options = new EdgeOptions { ModelFolder = Path.Combine(Path.GetTempPath(), "edge-no-store") };
        options.Sensor.Kind = "simulated";
        Assert.Equal(1, Doctor.Run(new Examination(new Machine(), options, Touch: true), output, json: false));
        Assert.Contains("problem  model     No model is there: ", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("ok       sensor    'simulated' answers: ", output.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(options.ModelFolder));
    }

    private static DateTime Built() => Directory.EnumerateFiles(AppContext.BaseDirectory, "edge-device*").Select(File.GetLastWriteTimeUtc).Max();

    private static void Spi(BoardFolder board)
    {
        board.Options.Sensor.Kind = "mcp3008";
        board.Options.Sensor.Bus = 0;
    }
}
