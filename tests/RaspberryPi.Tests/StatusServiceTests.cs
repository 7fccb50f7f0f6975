using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using EdgeDevice;
using EdgeInference.Devices;
using EdgeInference.Devices.Hosting.Tests.Doubles;
using EdgeInference.Devices.Tests.Doubles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace RaspberryPi.Tests;

/// <summary>The status pages: what they answer, and that the device goes on where they cannot be.</summary>
public sealed class StatusServiceTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-status").FullName;
    private readonly FakeTimeProvider time = new();
    private readonly HttpClient client = new();
    private readonly LogDouble log = new();
    private readonly int port = RunningService.FreePort();

    public void Dispose()
    {
        client.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Fifty_quick_requests_have_the_same_answer()
    {
        using Device device = Open("simulated");
        using StatusService service = await StartAsync(device);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "decisions: no decision yet; the loop does not turn\n"), await AskAsync("/health"));
        device.Loop.Step();
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal((HttpStatusCode.OK, "good\n"), await AskAsync("/health"));
        }

        time.Advance(TimeSpan.FromMilliseconds(1008));
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "decisions: no decision for 1.008 s; one is due within 1 s; the loop does not turn\n"), await AskAsync("/health"));
        }

        await service.StopAsync(default);
    }

    [Fact]
    public async Task A_request_of_bad_health_writes_nothing_into_the_log()
    {
        using Device device = Open("simulated");
        ILogger logger = device.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Microsoft.Extensions.Diagnostics.HealthChecks.DefaultHealthCheckService");
        device.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        HealthReport report = await device.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        Assert.False(logger.IsEnabled(LogLevel.Critical));
        Assert.Empty(log.Entries);
    }

    [Fact]
    public async Task A_sensor_at_fault_is_no_good_health()
    {
        // There is no bus of this number.
        using Device device = Open("mpu6050", options => options.Sensor.Bus = 250);
        device.Loop.Step();
        Assert.Equal(SensorFault.NotPresent, device.Sensor.Fault);
        using StatusService service = await StartAsync(device);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "decisions: no decision yet; sensor: NotPresent\n"), await AskAsync("/health"));
        await service.StopAsync(default);
    }

    [Fact]
    public async Task A_page_that_does_not_exist_is_said_so()
    {
        using Device device = Open("simulated");
        using StatusService service = await StartAsync(device);
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync("/")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync("/metrics2")).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("/metrics")).Status);
        await service.StopAsync(default);
    }

    [Fact]
    public async Task Connections_that_say_nothing_leave_the_device_its_file_descriptors()
    {
        using Device device = Open("simulated");
        using StatusService service = await StartAsync(device);
        List<TcpClient> open = [];
        try
        {
            for (int i = 0; i < StatusPages.MostConnections; i++)
            {
                open.Add(await ConnectAsync());
            }

            // One more is closed at once, without an answer.
            using TcpClient more = await ConnectAsync();
            Assert.Equal(0, await EndAsync(more));
        }
        finally
        {
            open.ForEach(socket => socket.Dispose());
        }

        await service.StopAsync(default);

        async Task<TcpClient> ConnectAsync()
        {
            var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
            await socket.GetStream().WriteAsync("GET /hea"u8.ToArray(), TestContext.Current.CancellationToken);
            return socket;
        }

        // A connection that is closed with bytes unread is reset.
        static async Task<int> EndAsync(TcpClient socket)
        {
            try
            {
                return await socket.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken);
            }
            catch (IOException)
            {
                return 0;
            }
        }
    }

    [Fact]
    public async Task Without_a_port_there_are_no_pages()
    {
        using Device device = Open("simulated");
        using var service = new StatusService(new EdgeOptions { StatusPort = 0 }, device.Services.GetRequiredService<HealthCheckService>(), log, time);
        await service.StartAsync(default);
        await service.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Empty(log.Entries);
    }

    [Fact]
    public async Task The_pages_are_for_this_machine_only()
    {
        using Device device = Open("simulated");
        using StatusService service = await StartAsync(device);
        IPAddress[] addresses = [.. NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address))];
        Assert.SkipWhen(addresses.Length == 0, "This machine has only its loopback address.");
        using var socket = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(() => socket.ConnectAsync(addresses[0], port));
        await service.StopAsync(default);
    }

    [Fact]
    public async Task A_port_in_use_is_said_once_and_taken_when_it_is_free()
    {
        using Device device = Open("simulated");
        device.Loop.Step();
        var other = new TcpListener(IPAddress.Loopback, port);
        other.Start();
        using var service = new StatusService(new EdgeOptions { StatusPort = port }, device.Services.GetRequiredService<HealthCheckService>(), log, time);
        await service.StartAsync(default);
        await UntilAsync(() => log.Entries.Length > 0);

        // It is tried again, and nothing more is said of it.
        for (int i = 0; i < 20; i++)
        {
            time.Advance(TimeSpan.FromMinutes(2));
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        Assert.Equal((1401, LogLevel.Error, $"/health and /metrics cannot be at http://127.0.0.1:{port}: another program has the port; end it, or set Edge:StatusPort to another. The device goes on without them; they are tried again."), Assert.Single(log.Entries));
        other.Stop();
        await UntilAsync(() => log.Entries.Length > 1);
        Assert.Equal([1401, 1400], log.Ids);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await AskAsync("/health")).Status);
        device.Loop.Step();
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("/health")).Status);
        await service.StopAsync(default);
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        for (long end = Environment.TickCount64 + 60_000; !condition() && Environment.TickCount64 < end; time.Advance(TimeSpan.FromMinutes(2)))
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        Assert.True(condition());
    }

    private async Task<(HttpStatusCode Status, string Text)> AskAsync(string path)
    {
        using HttpResponseMessage response = await client.GetAsync(new Uri($"http://127.0.0.1:{port}{path}"), TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private async Task<StatusService> StartAsync(Device device)
    {
        var service = new StatusService(new EdgeOptions { StatusPort = port }, device.Services.GetRequiredService<HealthCheckService>(), log, TimeProvider.System);
        await service.StartAsync(default);
        for (long end = Environment.TickCount64 + 60_000; log.Entries.Length == 0 && Environment.TickCount64 < end;)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        Assert.Equal([1400], log.Ids);
        return service;
    }

    // A model that always decides for class 1.
    private Device Open(string kind, Action<EdgeOptions>? change = null)
    {
        string factory = Path.Combine(folder, "factory.edge");
        File.WriteAllBytes(factory, TestModels.Described(["still", "shaking"], ["x", "y", "z"], bias: 100f));
        var options = new EdgeOptions { Sensor = new SensorOptions { Kind = kind } };
        change?.Invoke(options);
        return new Device(options, ModelUpdater.Open(Path.Combine(folder, "store"), factory, new UpdatePolicy { RequireSignature = false, RequireSelfTest = false }), () => throw new IOException("There is no pin."), time);
    }
}
