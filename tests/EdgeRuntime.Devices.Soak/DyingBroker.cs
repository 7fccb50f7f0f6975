using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace EdgeInference.Devices.Soak;

/// <summary>A mosquitto that is killed and started again, and messages for it.</summary>
internal sealed class DyingBroker : IDisposable
{
    private const string Program = "/usr/sbin/mosquitto";

    private readonly string settings;
    private Process? process;

    internal DyingBroker(string folder)
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        settings = Path.Combine(folder, "mosquitto.conf");
        File.WriteAllText(settings, $"listener {Port} 127.0.0.1\nallow_anonymous true\npersistence false\nuser root\n");
    }

    internal static bool Exists => File.Exists(Program);

    internal int Port { get; }

    internal void Start()
    {
        process = Process.Start(new ProcessStartInfo(Program, ["-c", settings]) { RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
    }

    internal void Kill()
    {
        process?.Kill();
        process?.WaitForExit();
        process?.Dispose();
        process = null;
    }

    /// <summary>Publishes a file to the topic of models.</summary>
    internal void Publish(string file)
    {
        using Process publish = Process.Start(new ProcessStartInfo("mosquitto_pub", ["-p", $"{Port}", "-t", "edge/model", "-q", "1", "-f", file]) { RedirectStandardError = true })!;
        publish.StandardError.ReadToEnd();
        publish.WaitForExit();
    }

    public void Dispose() => Kill();
}
