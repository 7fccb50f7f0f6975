using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RaspberryPi.Tests;

public sealed class ServiceTests : IDisposable
{
    private readonly RunningService service = new();

    public void Dispose() => service.Dispose();

    [Fact]
    public async Task The_service_decides_updates_reports_and_stops_gracefully()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The service is started as systemd does it.");
        string socketPath = Path.Combine(service.Folder, "notify");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(socketPath));
        service.Start(socketPath);
        await service.PageAsync("/health", (status, text) => status == HttpStatusCode.OK && text == "good\n");
        string metrics = await service.PageAsync("/metrics", (_, text) => Value(text, "edge_decisions_total") > 10);
        Assert.Equal(1, Value(metrics, "edge_model_version"));
        Assert.Equal(0, Value(metrics, "edge_sensor_faults_total{fault=\"bus_error\"}"));
        Assert.True(Value(metrics, "edge_sample_lateness_seconds_count") > 0);
        Assert.Equal(1, Value(metrics, "edge_label"));

        File.WriteAllBytes(Path.Combine(service.Inbox, "two.edge"), service.Model(2));
        await service.VersionAsync(2);
        byte[] damaged = service.Model(3);
        damaged[^1] ^= 1;
        File.WriteAllBytes(Path.Combine(service.Inbox, "three.edge"), damaged);
        metrics = await service.PageAsync("/metrics", (_, text) => Value(text, "edge_model_updates_total{outcome=\"not_a_model\"}") == 1);
        Assert.Equal(2, Value(metrics, "edge_model_version"));
        await service.PageAsync("/elsewhere", (status, _) => status == HttpStatusCode.NotFound);

        var notes = new HashSet<string>();
        while (!notes.Contains("WATCHDOG=1"))
        {
            Note(socket, notes);
        }

        Assert.Equal(0, service.Stop());
        while (socket.Available > 0)
        {
            Note(socket, notes);
        }

        Assert.Contains("READY=1", notes);
        Assert.Contains("STOPPING=1", notes);
        Assert.Contains("New model from", service.Log, StringComparison.Ordinal);
        Assert.Contains("No new model (NotAModel)", service.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_do_not_fit_end_in_one_sentence()
    {
        (int exitCode, string output) = Debian.Run("dotnet", [Path.Combine(AppContext.BaseDirectory, "edge-device.dll"), .. service.Settings("--Edge:Loop:Bands=4")]);
        Assert.Equal(1, exitCode);
        Assert.Contains("The loop produces 27 values but the model expects 39", output, StringComparison.Ordinal); 
        Assert.Single(output.Trim().Split('\n'));
        (exitCode, output) = Debian.Run("dotnet", [Path.Combine(AppContext.BaseDirectory, "edge-device.dll"), .. service.Settings("--Edge:Output:Pin=18", "--Edge:Output:Class=")]);
        Assert.Equal(1, exitCode);
        Assert.Equal("Edge:Output:Pin is 18 and no class drives it; the model has no class texts, so set Edge:Output:Label to the number of a class.", output.Trim());
        Assert.Equal(2, Debian.Run("dotnet", Path.Combine(AppContext.BaseDirectory, "edge-device.dll"), "nonsense").ExitCode);
    }

    [Theory]
    [InlineData("--Edge:Updates:IntervalSeconds=1e12", "Edge:Updates:IntervalSeconds is 1")]
    [InlineData("--Edge:Loop:PeriodMiliseconds=9", "Edge:Loop:PeriodMiliseconds is no setting; did you mean PeriodMilliseconds?")]
    public void A_wrong_setting_is_one_sentence_and_no_stack_trace(string setting, string sentence)
    {
        (int exitCode, string output) = Debian.Run("dotnet", [Path.Combine(AppContext.BaseDirectory, "edge-device.dll"), .. service.Settings().Where(other => !other.StartsWith(setting.Split('=')[0] + "=", StringComparison.Ordinal)), setting]);
        Assert.Equal(1, exitCode);
        Assert.StartsWith(sentence, Assert.Single(output.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_does_not_stop_the_service()
    {
        using var other = new TcpListener(IPAddress.Loopback, service.Port);
        other.Start();
        service.Start(null);
        await LoggedAsync("another program has the port");
        File.WriteAllBytes(Path.Combine(service.Inbox, "two.edge"), service.Model(2));
        await LoggedAsync("New model from");
        Assert.Equal(0, service.Stop());
        Assert.Single(service.Log.Split("another program has the port").Skip(1));
    }

    private async Task LoggedAsync(string text)
    {
        for (long end = Environment.TickCount64 + 120_000; !service.Log.Contains(text, StringComparison.Ordinal) && Environment.TickCount64 < end;)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Contains(text, service.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void The_self_check_tells_settings_that_the_service_would_not_start_with()
    {
        (int exitCode, string[] output) = Check();
        Assert.Equal((0, "settings: fit the model"), (exitCode, output[^1]));
        (exitCode, output) = Check("--Edge:Loop:Bands=4");
        Assert.Equal(1, exitCode);
        Assert.StartsWith("The loop produces 27 values but the model expects 39", output[^1], StringComparison.Ordinal); 
        (exitCode, output) = Check("--Edge:Output:Pin=18");
        Assert.Equal((1, "GPIO 18 is bound to the class 'shaking', but the model's classes have no texts; export the model with them, or bind it by number."), (exitCode, output[^1]));

        (int ExitCode, string[] Lines) Check(params string[] more)
        {
            (int code, string text) = Debian.Run("dotnet", [Path.Combine(AppContext.BaseDirectory, "edge-device.dll"), "check", .. service.Settings(more)]);
            return (code, text.Trim().Split('\n'));
        }
    }

    [Fact]
    public void The_sensor_is_recorded_as_a_table_of_features()
    {
        string path = Path.Combine(service.Folder, "rows.csv");
        using var command = new RunningCommand(["record", path, "still", "3600", .. service.Settings()]);
        command.Until(() => File.Exists(path) && File.ReadAllLines(path).Length > 1);
        (int exitCode, _, string errors) = command.End("TERM");
        Assert.True(exitCode == 0, errors);
        string[] lines = File.ReadAllLines(path);
        Assert.StartsWith("x_mean,x_variance,x_rms,x_peak,x_zero_crossing_rate,x_band_power_0,", lines[0], StringComparison.Ordinal);
        Assert.True(lines.Length > 1 && lines[1].EndsWith(",still", StringComparison.Ordinal) && lines[1].Split(',').Length == 40, lines[^1]);
    }

    private static double Value(string metrics, string name)
    {
        string start = name.EndsWith('}') ? name + " " : name + "{} ";
        string? line = metrics.Split('\n').FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal));
        Assert.NotNull(line);
        return double.Parse(line[start.Length..], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static void Note(Socket socket, HashSet<string> notes)
    {
        byte[] datagram = new byte[512];
        notes.UnionWith(Encoding.UTF8.GetString(datagram, 0, socket.Receive(datagram)).Split('\n'));
    }
}
