using System.Diagnostics;
using System.Security.Cryptography;
using EdgeInference.Runtime.Stress;

namespace EdgeInference.Devices.Soak;

/// <summary>Runs the device in a process of its own among a hostile server, a flapping sensor, a full disk, a dying broker and a bad inbox, all at once, and judges it.</summary>
internal static class Soak
{
    private const long AllowedGrowthBytes = 8 << 20;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    internal static async Task<int> RunAsync(TimeSpan duration)
    {
        string folder = Directory.CreateTempSubdirectory("edge-soak").FullName;
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(Path.Combine(folder, "key.pem"), key.ExportSubjectPublicKeyInfoPem());
        await File.WriteAllBytesAsync(Path.Combine(folder, "factory.edge"), VersionedModels.Signed(1, key, inputs: 2));
        using var disk = new SmallDisk(Path.Combine(folder, "disk"));
        using var server = new HostileServer();
        using var broker = DyingBroker.Exists ? new DyingBroker(folder) : null;
        string inbox = Inbox(folder);
        Console.WriteLine($"full disk: {(disk.IsReal ? "yes" : "no, a tmpfs could not be mounted")}; broker: {(broker is null ? "no, mosquitto is not installed" : "yes")}");

        using Process device = Start(folder, inbox, server.Port, broker?.Port);
        using Control control = new();
        var record = new SoakRecord(control);
        Task reading = record.ReadAsync(device.StandardOutput);
        Task<string> errors = device.StandardError.ReadToEndAsync();
        ulong offered = await TroubleAsync(duration, device, disk, broker, inbox, key, folder);
        using (Process kill = Process.Start("kill", ["-TERM", $"{device.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        await device.WaitForExitAsync();
        await reading;
        Console.Write(await errors);
        Console.WriteLine($"requests to the hostile server: {server.Requests}");
        disk.Dispose();
        Directory.Delete(folder, recursive: true);
        return record.Judge(device.ExitCode, offered, AllowedGrowthBytes);
    }

    private static string Inbox(string folder)
    {
        string inbox = Directory.CreateDirectory(Path.Combine(folder, "inbox")).FullName;
        File.CreateSymbolicLink(Path.Combine(inbox, "zero.edge"), "/dev/zero");
        Directory.CreateDirectory(Path.Combine(inbox, "folder.edge"));
        using (Process fifo = Process.Start("mkfifo", [Path.Combine(inbox, "fifo.edge")]))
        {
            fifo.WaitForExit();
        }

        using FileStream huge = File.Create(Path.Combine(inbox, "huge.edge"));
        huge.SetLength(1L << 30);
        return inbox;
    }

    // With the priority of the service unit where this machine allows it.
    private static Process Start(string folder, string inbox, int serverPort, int? brokerPort)
    {
        List<string> arguments =
        [
            "-r", "10", "dotnet", Path.Combine(AppContext.BaseDirectory, "EdgeRuntime.Devices.Soak.dll"), "device", folder,
            $"--Edge:Updates:Folder={inbox}", "--Edge:Updates:IntervalSeconds=0.5", $"--Edge:Updates:Address=http://127.0.0.1:{serverPort}/m.edge", "--Edge:Updates:DownloadSeconds=5",
        ];
        if (brokerPort is not null)
        {
            arguments.AddRange("--Edge:Updates:Mqtt:Server=127.0.0.1", $"--Edge:Updates:Mqtt:Port={brokerPort}", "--Edge:Updates:Mqtt:Tls=false");
        }

        return Process.Start(new ProcessStartInfo("chrt", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    // Each second one of the troubles; returns the newest version that was offered with room on the disk.
    private static async Task<ulong> TroubleAsync(TimeSpan duration, Process device, SmallDisk disk, DyingBroker? broker, string inbox, ECDsa key, string folder)
    {
        string zeros = Path.Combine(folder, "zeros");
        await File.WriteAllBytesAsync(zeros, new byte[12 << 20]);
        string half = Path.Combine(folder, "half");
        await File.WriteAllBytesAsync(half, [.. "EDGE"u8, .. new byte[12 << 20]]);
        ulong version = 1;
        long start = Stopwatch.GetTimestamp();
        for (int second = 0; Stopwatch.GetElapsedTime(start) < duration && !device.HasExited; second++)
        {
            switch (second % 30)
            {
                case 1:
                    broker?.Start();
                    break;
                case 3 or 18:
                    // A model for a disk with room, renamed into the inbox as a good copy program does.
                    version++;
                    await OfferAsync(inbox, version, key);
                    break;
                case 8:
                    disk.Fill();
                    break;
                case 10:
                    version++;
                    await OfferAsync(inbox, version, key);
                    break;
                case 12:
                    broker?.Publish(zeros);
                    broker?.Publish(half);
                    break;
                case 14:
                    broker?.Kill();
                    break;
                case 16:
                    disk.Empty();
                    break;
                default:
                    break;
            }

            await Task.Delay(Second);
        }

        disk.Empty();
        version++;
        await OfferAsync(inbox, version, key);
        await Task.Delay(TimeSpan.FromSeconds(10));
        return version;
    }

    private static async Task OfferAsync(string inbox, ulong version, ECDsa key)
    {
        string temporary = Path.Combine(inbox, "next.part");
        await File.WriteAllBytesAsync(temporary, VersionedModels.Signed(version, key, inputs: 2));
        File.Move(temporary, Path.Combine(inbox, "next.edge"), overwrite: true);
    }
}
