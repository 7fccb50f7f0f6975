using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using EdgeInference.Runtime.Stress;

namespace RaspberryPi.Tests;

/// <summary>The service as a process of its own, with a simulated sensor and no pin, in a folder of its own.</summary>
internal sealed class RunningService : IDisposable
{
    // Three channels of five features and eight bands, as the shipped settings say.
    private const int Inputs = 3 * (5 + 8);

    private readonly StringBuilder log = new();
    private readonly HttpClient client = new();
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly int port = FreePort();
    private Process? process;

    internal RunningService()
    {
        Folder = Directory.CreateTempSubdirectory("edge-device").FullName;
        Inbox = Path.Combine(Folder, "inbox");
        Directory.CreateDirectory(Inbox);
        File.WriteAllText(Path.Combine(Folder, "key.pem"), key.ExportSubjectPublicKeyInfoPem());
        File.WriteAllBytes(Path.Combine(Folder, "factory.edge"), Model(1));
    }

    internal string Folder { get; }

    internal string Inbox { get; }

    internal int Port => port;

    /// <summary>The program and its first arguments.</summary>
    internal string[] Program { get; set; } = ["dotnet", Path.Combine(AppContext.BaseDirectory, "edge-device.dll")];

    internal string Log
    {
        get
        {
            lock (log)
            {
                return log.ToString();
            }
        }
    }

    /// <summary>A port of the loopback address that nobody uses, below those that the kernel gives to outgoing connections.</summary>
    internal static int FreePort()
    {
        while (true)
        {
            int candidate = Random.Shared.Next(20_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, candidate);
                listener.Start();
                return candidate;
            }
            catch (SocketException)
            {
                // Somebody uses it.
            }
        }
    }

    internal byte[] Model(ulong version) => VersionedModels.Signed(version, key, Inputs);

    /// <summary>The settings of this service as arguments.</summary>
    internal string[] Settings(params string[] more) =>
    [
        $"--Edge:ModelFolder={Path.Combine(Folder, "store")}", $"--Edge:FactoryModel={Path.Combine(Folder, "factory.edge")}", $"--Edge:StatusPort={port}",
        "--Edge:Sensor:Kind=simulated", "--Edge:Output:Pin=-1", "--Edge:Loop:Window=16", "--Edge:Loop:Hop=4", "--Edge:Loop:PeriodMilliseconds=4", "--Edge:Loop:WatchdogSeconds=0",
        $"--Edge:Updates:TrustedKeys:0={Path.Combine(Folder, "key.pem")}", $"--Edge:Updates:Folder={Inbox}", "--Edge:Updates:IntervalSeconds=0.1", .. more,
    ];

    /// <summary>Starts the service, with a socket for notifications as systemd gives one.</summary>
    internal void Start(string? notifySocket, params string[] more)
    {
        var start = new ProcessStartInfo(Program[0], [.. Program[1..], .. Settings(more)]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["NOTIFY_SOCKET"] = notifySocket ?? "";
        process = Process.Start(start)!;
        process.OutputDataReceived += Append;
        process.ErrorDataReceived += Append;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Waits for a page of the service that satisfies a condition. The limit is there so that a hang ends; it is no expectation.</summary>
    internal async Task<string> PageAsync(string path, Func<HttpStatusCode, string, bool> condition)
    {
        string last = "";
        for (long end = Environment.TickCount64 + 120_000; Environment.TickCount64 < end; await Task.Delay(50))
        {
            Assert.False(process!.HasExited, Log);
            try
            {
                using HttpResponseMessage response = await client.GetAsync(new Uri($"http://127.0.0.1:{port}{path}"));
                last = await response.Content.ReadAsStringAsync();
                if (condition(response.StatusCode, last))
                {
                    return last;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
        }

        Assert.Fail($"{path} never was what it should be; last: {last}\n{Log}");
        return last;
    }

    /// <summary>Waits until the service decides with a version.</summary>
    internal Task<string> VersionAsync(ulong version) =>
        PageAsync("/metrics", (_, text) => text.Contains(string.Create(CultureInfo.InvariantCulture, $"\nedge_model_version{{}} {version}\n"), StringComparison.Ordinal));

    /// <summary>Stops the service with SIGTERM.</summary>
    /// <returns>Its exit code.</returns>
    internal int Stop()
    {
        Debian.Run("kill", "-TERM", $"{process!.Id}");
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(2)), $"It did not end at SIGTERM.\n{Log}");
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (process is { HasExited: false })
        {
            process.Kill();
            process.WaitForExit();
        }

        process?.Dispose();
        client.Dispose();
        key.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private void Append(object sender, DataReceivedEventArgs line)
    {
        lock (log)
        {
            log.AppendLine(line.Data);
        }
    }
}
