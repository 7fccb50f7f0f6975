using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;
using RaspberryPi.Tests;

namespace EdgeInference.Devices.Hosting.Tests.Updates.Doubles;

/// <summary>A real broker with settings of the test, in a folder of its own; it keeps what it knows when it is restarted.</summary>
internal sealed class Mosquitto : IDisposable
{
    private const string Program = "/usr/sbin/mosquitto";

    private readonly StringBuilder log = new();
    private readonly string settings;
    private Process? process;

    /// <param name="folder">Where its files are.</param>
    /// <param name="lines">Settings beside port, persistence and user.</param>
    internal Mosquitto(string folder, params string[] lines)
    {
        Debian.Require(Program, "mosquitto");
        settings = Path.Combine(folder, "mosquitto.conf");
        File.WriteAllLines(settings, [$"listener {Port} 127.0.0.1", "persistence true", $"persistence_location {folder}/", "user root", .. lines]);
        Start();
    }

    internal int Port { get; } = FreePort();

    internal void Start()
    {
        process = Process.Start(new ProcessStartInfo(Program, ["-c", settings]) { RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (log)
            {
                log.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
    }

    /// <summary>Ends it as a service manager does, so that it writes what it knows.</summary>
    internal void Stop()
    {
        Debian.Run("kill", "-TERM", $"{process!.Id}");
        process.WaitForExit();
        process.Dispose();
        process = null;
    }

    /// <summary>Ends it as a power cut does.</summary>
    internal void Kill()
    {
        process!.Kill();
        process.WaitForExit();
        process.Dispose();
        process = null;
    }

    /// <summary>Makes a file of passwords.</summary>
    internal static string Passwords(string folder, params (string User, string Password)[] users)
    {
        string file = Path.Combine(folder, "passwords");
        foreach ((string user, string password) in users)
        {
            Debian.Require("/usr/bin/mosquitto_passwd", "mosquitto");
            Assert.Equal(0, Debian.Run("/usr/bin/mosquitto_passwd", [.. File.Exists(file) ? (string[])["-b"] : ["-c", "-b"], file, user, password]).ExitCode);
        }

        return file;
    }

    /// <summary>Connects a client of the test, as soon as the broker listens.</summary>
    internal async Task<IMqttClient> ClientAsync(string user = "", string password = "")
    {
        IMqttClient client = new MqttClientFactory().CreateMqttClient();
        MqttClientOptionsBuilder options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", Port).WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500);
        options = user.Length > 0 ? options.WithCredentials(user, password) : options;
        for (long end = Environment.TickCount64 + 60_000; ; await Task.Delay(20))
        {
            try
            {
                await client.ConnectAsync(options.Build());
                return client;
            }
            catch (MqttCommunicationException) when (Environment.TickCount64 < end)
            {
                Assert.False(process!.HasExited, log.ToString());
            }
        }
    }

    internal static Task PublishAsync(IMqttClient client, byte[] model, bool retain = false) =>
        client.PublishBinaryAsync("fleet/model", model, MqttQualityOfServiceLevel.AtLeastOnce, retain);

    public void Dispose()
    {
        if (process is not null)
        {
            Kill();
        }
    }

    private static int FreePort()
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
}
