using System.Runtime.InteropServices;
using EdgeDevice;

namespace RaspberryPi.Tests;

/// <summary>A folder with the files by which the doctor knows a board; each starts as a board without a fault.</summary>
internal sealed class BoardFolder : IDisposable
{
    private readonly Dictionary<string, string> refusals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> answers = new(StringComparer.Ordinal)
    {
        ["timedatectl show --property=NTPSynchronized --value"] = "yes",
        ["vcgencmd get_throttled"] = "throttled=0x0",
        ["df --block-size=1 --output=avail"] = "Avail\n8000000000",
        ["df --inodes --output=iavail"] = "IFree\n900000",
    };

    private readonly string root = Directory.CreateTempSubdirectory("edge-board").FullName;

    internal BoardFolder(string board = "pi4")
    {
        string model = board switch
        {
            "pi3" => "Raspberry Pi 3 Model B Plus Rev 1.3\0",
            "pi4" => "Raspberry Pi 4 Model B Rev 1.4\0",
            "zero2" => "Raspberry Pi Zero 2 W Rev 1.0\0",
            "pi5" => "Raspberry Pi 5 Model B Rev 1.1\0",
            _ => "",
        };
        if (model.Length > 0)
        {
            Write("/proc/device-tree/model", model);
            Write("/dev/i2c-1", "");
            Write("/dev/spidev0.0", "");
        }

        if (board == "pi5")
        {
            Write("/dev/gpiomem0", "");
            Write("/dev/gpiochip0", "");
            Write("/dev/gpiochip10", "");
            Write("/sys/bus/gpio/devices/gpiochip0/of_node/compatible", "raspberrypi,rp1-gpio\0");
            Write("/sys/bus/gpio/devices/gpiochip10/of_node/compatible", "brcm,brcmstb-gpio\0");
            Write("/usr/lib/aarch64-linux-gnu/libgpiod.so.3", "");
        }
        else if (model.Length > 0)
        {
            Write("/dev/gpiomem", "");
            Write("/dev/gpiochip0", "");
        }

        Write("/etc/os-release", "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\n");
        Write("/etc/group", "root:x:0:\ngpio:x:986:pi,edge-device\ni2c:x:994:pi,edge-device\nspi:x:989:pi,edge-device\n");
        Write("/proc/mounts", "/dev/mmcblk0p2 / ext4 rw,noatime 0 0\nproc /proc proc rw 0 0\n");
        Write("/proc/uptime", "86400.10 300000.00\n");
        Write("/proc/sys/kernel/sched_rt_runtime_us", "950000\n");
        Write("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "ondemand\n");
        Write("/etc/systemd/system/edge-device.service", Unit);
        Write("/var/lib/edge-device/model/", "");
        Options.Sensor.Kind = "mpu6050";
        Options.Output.Pin = 18;
        Options.Loop.Features = ["Mean"];
        Options.ModelFolder = "/var/lib/edge-device/model";
        Options.Updates.RequireSignature = false;
    }

    internal static string Unit => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "edge-device.service"));

    internal EdgeOptions Options { get; } = new();

    internal string User { get; set; } = "edge-device";

    internal Architecture Architecture { get; set; } = Architecture.Arm64;

    internal DateTime Now { get; set; } = DateTime.UtcNow;

    internal bool PortIsFree { get; set; } = true;

    internal string? Connecting { get; set; }

    internal bool Touch { get; set; }

    internal bool Network { get; set; }

    public void Dispose() => Directory.Delete(root, recursive: true);

    internal void Write(string path, string text)
    {
        string full = root + path;
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        if (!path.EndsWith('/'))
        {
            File.WriteAllText(full, text);
        }
    }

    internal void Write(string path, byte[] bytes) => File.WriteAllBytes(root + path, bytes);

    internal void Delete(string path)
    {
        if (Directory.Exists(root + path))
        {
            Directory.Delete(root + path, recursive: true);
        }
        else
        {
            File.Delete(root + path);
        }
    }

    internal void Replace(string path, string old, string with) => Write(path, File.ReadAllText(root + path).Replace(old, with, StringComparison.Ordinal));

    internal void Refuse(string path, string reason = "Permission denied") => refusals[root + path] = reason;

    internal void Answer(string command, string output) => answers[command] = output;

    internal Examination Examine() => new(
        new Machine
        {
            Root = root,
            User = User,
            Architecture = Architecture,
            Now = Now,
            PortIsFree = _ => PortIsFree,
            Connecting = (_, _) => Connecting,
            Opening = path => refusals.GetValueOrDefault(path),
            Command = (program, arguments) => answers.FirstOrDefault(answer => $"{program} {string.Join(' ', arguments)}".StartsWith(answer.Key, StringComparison.Ordinal)).Value,
        },
        Options,
        Touch,
        Network);

    /// <summary>What a check finds that is not well.</summary>
    internal IReadOnlyList<Finding> Faults(string check) =>
        [.. Doctor.Findings(Doctor.Checks.Single(candidate => candidate.Name == check), Examine()).Where(finding => finding.Verdict != Verdict.Ok)];

    /// <summary>All that is not well.</summary>
    internal IReadOnlyList<string> AllFaults() => [.. Doctor.Checks.SelectMany(check => Faults(check.Name).Select(finding => $"{check.Name}: {finding.Text}"))];
}
