using System.Device.Gpio;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using EdgeDevice;
using EdgeInference.Devices;
using EdgeInference.Devices.Tests.Doubles;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace RaspberryPi.Tests;

/// <summary>The service's parts in this process: status pages, notifications, polls, and the order in which the device goes down.</summary>
public sealed class DeviceServiceTests : IDisposable
{
    private const int Pin = 18;

    // So that a fault ends a test; no expectation of any machine.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string folder = Directory.CreateTempSubdirectory("edge-service").FullName;
    private readonly RecordingGpioDriver driver = new();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Each_page_has_its_status_and_text()
    {
        using Device device = Open("simulated");
        (StatusService service, int port) = await StartAsync(device);
        LatencyHistogram turns = device.Loop.Statistics.Jitter;
        Assert.Equal("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nConnection: close\r\n\r\ngood\n", await AskAsync(port, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"));

        // No turn since the page before.
        Assert.Equal("HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nContent-Length: 23\r\nConnection: close\r\n\r\nthe loop does not turn\n", await AskAsync(port, "GET /health HTTP/1.1\r\n\r\n"));
        turns.Record(TimeSpan.Zero);
        Assert.EndsWith("\r\n\r\ngood\n", await AskAsync(port, "GET /health HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
        string metrics = await AskAsync(port, "GET /metrics HTTP/1.1\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: {Encoding.UTF8.GetByteCount(MetricsText.Of(device))}\r\n", metrics, StringComparison.Ordinal);
        Assert.EndsWith(MetricsText.Of(device), metrics, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 404 Not Found\r\n", await AskAsync(port, "GET / HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 404 Not Found\r\n", await AskAsync(port, "GET /metrics2 HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 405 Method Not Allowed\r\n", await AskAsync(port, "POST /metrics HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 400 Bad Request\r\n", await AskAsync(port, "nonsense\r\n\r\n"), StringComparison.Ordinal);

        // A request line of the greatest length that is read, and one that has no end within it.
        string longest = "GET /" + new string('x', 8192 - 18) + " HTTP/1.1\r\n\r\n";
        Assert.Equal(8192, longest.Length);
        Assert.StartsWith("HTTP/1.1 404 Not Found\r\n", await AskAsync(port, longest), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 400 Bad Request\r\n", await AskAsync(port, new string('x', 8192)), StringComparison.Ordinal);
        await service.StopAsync(default);
    }

    [Fact]
    public async Task A_sensor_at_fault_is_no_good_health()
    {
        // There is no bus of this number.
        using Device device = Open("mpu6050", options => options.Sensor.Bus = 250);
        device.Loop.Step();
        Assert.Equal(SensorFault.NotPresent, device.Sensor.Fault);
        (StatusService service, int port) = await StartAsync(device);
        Assert.EndsWith("\r\n\r\nsensor: NotPresent\n", await AskAsync(port, "GET /health HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
        await service.StopAsync(default);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task Without_a_port_there_are_no_pages(int port)
    {
        using Device device = Open("simulated");
        using var service = new StatusService(device, new EdgeOptions { StatusPort = port });
        await service.StartAsync(default);
        await service.ExecuteTask!.WaitAsync(Limit);
    }

    [Fact]
    public async Task The_pages_are_for_this_machine_only()
    {
        using Device device = Open("simulated");
        (StatusService service, int port) = await StartAsync(device);
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
    public async Task Systemd_is_told_that_the_loop_turns_as_long_as_it_does()
    {
        using Device device = Open("simulated", options =>
        {
            options.Loop.PeriodMilliseconds = 1;
            options.Loop.WatchdogSeconds = 0;
        });
        var time = new PeriodsTime();
        var notifier = new CountingNotifier();
        using var service = new DecisionService(device, new Lifetime(), notifier, NullLogger<DecisionService>.Instance, time);
        await service.StartAsync(default);
        Until(() => time.Periods.Count > 0 && device.Loop.Statistics.Decisions > 0);
        Assert.Equal([TimeSpan.FromSeconds(2)], time.Periods);
        for (int i = 1; i <= 3; i++)
        {
            long turns = device.Loop.Statistics.Jitter.Count;
            Until(() => device.Loop.Statistics.Jitter.Count > turns);
            time.Advance(TimeSpan.FromSeconds(2));
            Until(() => notifier.States.Count == i);
        }

        Assert.All(notifier.States, state => Assert.Equal("WATCHDOG=1", state));
        await service.StopAsync(default);
        Assert.Equal(DecisionFilter.Undecided, device.Loop.Label);
        Assert.False(driver.Levels[Pin]);
    }

    [Fact]
    public async Task Systemd_is_not_told_that_a_hanging_loop_turns()
    {
        var hanging = new HangingDriver();
        using Device device = Open("simulated", options =>
        {
            options.Loop.PeriodMilliseconds = 1;
            options.Loop.WatchdogSeconds = 0;
        }, hanging);
        var time = new PeriodsTime();
        var notifier = new CountingNotifier();
        using var service = new DecisionService(device, new Lifetime(), notifier, NullLogger<DecisionService>.Instance, time);
        await service.StartAsync(default);
        Until(() => time.Periods.Count > 0 && hanging.Hangs);

        try
        {
            // The first look sees the one turn that hangs; no later one sees another.
            for (int i = 0; i < 20; i++)
            {
                time.Advance(TimeSpan.FromSeconds(2));
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }

            Assert.InRange(notifier.States.Count, 0, 1);
        }
        finally
        {
            hanging.Release();
            await service.StopAsync(default);
        }
    }

    [Fact]
    public async Task A_loop_that_fails_ends_the_service_with_exit_code_1()
    {
        using Device device = Open("simulated", options => options.Loop.WatchdogSeconds = 0, new BrokenDriver());
        var lifetime = new Lifetime();
        using var service = new DecisionService(device, lifetime, new CountingNotifier(), NullLogger<DecisionService>.Instance, new PeriodsTime());
        int before = Environment.ExitCode;
        try
        {
            await service.StartAsync(default);
            await lifetime.Stopped.WaitAsync(Limit);
            Assert.Equal(1, Environment.ExitCode);
        }
        finally
        {
            Environment.ExitCode = before;
        }

        await service.StopAsync(default);
    }

    [Theory]
    [InlineData(60, 60_000)]
    [InlineData(0.05, 50)]
    [InlineData(0.01, 50)]
    [InlineData(0, 50)]
    [InlineData(-1, 50)]
    public async Task The_inbox_is_looked_at_once_at_the_start_and_each_interval(double seconds, int milliseconds)
    {
        string inbox = Directory.CreateDirectory(Path.Combine(folder, "inbox")).FullName;
        File.WriteAllBytes(Path.Combine(inbox, "bad.edge"), [1]);
        using Device device = Open("simulated");
        var seen = new TaskCompletionSource<UpdateReport>(TaskCreationOptions.RunContinuationsAsynchronously);
        device.Updater.Reported += report => seen.TrySetResult(report);
        var time = new PeriodsTime();
        using var service = new UpdateService(device, new UpdateOptions { Folder = inbox, IntervalSeconds = seconds }, NullLogger<UpdateService>.Instance, time);
        await service.StartAsync(default);
        Until(() => time.Periods.Count > 0);
        Assert.Equal([TimeSpan.FromMilliseconds(milliseconds)], time.Periods);
        for (int i = 0; i < 10_000 && !seen.Task.IsCompleted; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(milliseconds));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        Assert.Equal(UpdateOutcome.NotAModel, (await seen.Task.WaitAsync(Limit)).Outcome);
        await service.StopAsync(default);
    }

    [Fact]
    public async Task The_address_is_asked_at_the_start()
    {
        int port = RunningService.FreePort();
        using Device device = Open("simulated");
        var seen = new TaskCompletionSource<UpdateReport>(TaskCreationOptions.RunContinuationsAsynchronously);
        device.Updater.Reported += report => seen.TrySetResult(report);
        using var service = new UpdateService(device, new UpdateOptions { Address = $"http://127.0.0.1:{port}/m.edge" }, NullLogger<UpdateService>.Instance, new PeriodsTime());
        await service.StartAsync(default);
        UpdateReport report = await seen.Task.WaitAsync(Limit);
        Assert.Equal((UpdateOutcome.Unreachable, $"http://127.0.0.1:{port}/m.edge"), (report.Outcome, report.Origin));
        await service.StopAsync(default);
    }

    [Fact]
    public async Task The_broker_is_asked_where_one_is_named()
    {
        await using var broker = new DeviceBrokerDouble();
        using Device device = Open("simulated");
        var options = new UpdateOptions { Mqtt = new MqttOptions { Server = "127.0.0.1", Port = broker.Port, Tls = false } };
        using var service = new UpdateService(device, options, NullLogger<UpdateService>.Instance, new PeriodsTime());
        await service.StartAsync(default);
        Assert.Equal("edge/model 1", await broker.SubscribedAsync());
        await broker.PublishAsync("edge/model", [1]);
        Assert.Equal("edge/status", (await broker.PublishedAsync()).Topic);
        await service.StopAsync(default);
    }

    [Fact]
    public void A_device_goes_down_safe_and_closes_its_pin()
    {
        Device device = Open("simulated");
        device.Loop.Step();
        Assert.True(driver.Levels[Pin] && driver.IsOpen(Pin));
        ModelHost host = device.Updater.Host;
        device.Dispose();
        Assert.Equal([(Pin, false), (Pin, true), (Pin, false)], driver.Edges);
        Assert.False(driver.IsOpen(Pin));
        Assert.Throws<ObjectDisposedException>(host.CreateSlot);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void A_pin_from_0_on_is_opened(int number, bool opened)
    {
        using Device device = Open("simulated", options => options.Output.Pin = number);
        Assert.Equal(opened, driver.IsOpen(Math.Max(0, number)));
        Assert.Equal(opened ? 1 : 0, device.Notes.Count());
    }

    [Fact]
    public void A_pin_has_the_polarity_and_the_safe_state_of_the_settings()
    {
        using (Device device = Open("simulated", options => (options.Output.ActiveLow, options.Output.SafeOn) = (true, false)))
        {
            Assert.True(driver.Levels[Pin]);
            device.Loop.Step();
            Assert.False(driver.Levels[Pin]);
        }

        using (Open("simulated", options => (options.Output.ActiveLow, options.Output.SafeOn) = (false, true)))
        {
            Assert.True(driver.Levels[Pin]);
        }
    }

    private static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Limit));

    private static async Task<(StatusService Service, int Port)> StartAsync(Device device)
    {
        int port = RunningService.FreePort();
        var service = new StatusService(device, new EdgeOptions { StatusPort = port });
        await service.StartAsync(default);
        while (!service.ExecuteTask!.IsCompleted)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                break;
            }
            catch (SocketException)
            {
                await Task.Delay(5);
            }
        }

        return (service, port);
    }

    private static async Task<string> AskAsync(int port, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    // A model that always decides for class 1.
    private Device Open(string kind, Action<EdgeOptions>? change = null, GpioDriver? pins = null)
    {
        string factory = Path.Combine(folder, "factory.edge");
        File.WriteAllBytes(factory, TestModels.Described(["still", "shaking"], ["x", "y", "z"], bias: 100f));
        var options = new EdgeOptions { Sensor = new SensorOptions { Kind = kind } };
        (options.Output.Pin, options.Output.Class) = (Pin, "shaking");
        change?.Invoke(options);
        var policy = new UpdatePolicy { RequireSignature = false, RequireSelfTest = false };
        return new Device(options, ModelUpdater.Open(Path.Combine(folder, "store"), factory, policy), () => new GpioController(pins ?? driver));
    }

    private sealed class PeriodsTime : FakeTimeProvider
    {
        internal List<TimeSpan> Periods { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ITimer timer = base.CreateTimer(callback, state, dueTime, period);
            lock (Periods)
            {
                Periods.Add(period);
            }

            return timer;
        }
    }

    private sealed class CountingNotifier : ISystemdNotifier
    {
        private readonly List<string> states = [];

        public bool IsEnabled => true;

        internal List<string> States
        {
            get
            {
                lock (states)
                {
                    return [.. states];
                }
            }
        }

        public void Notify(ServiceState state)
        {
            lock (states)
            {
                states.Add(state.ToString());
            }
        }
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        internal Task Stopped => stopped.Task;

        public void StopApplication() => stopped.TrySetResult();
    }

    // Hangs when the pin is first switched on.
    private sealed class HangingDriver : PinDriver
    {
        private readonly ManualResetEventSlim released = new();

        internal bool Hangs { get; private set; }

        internal void Release() => released.Set();

        protected override void Write(int pinNumber, PinValue value)
        {
            if (value == PinValue.High)
            {
                Hangs = true;
                released.Wait();
            }
        }
    }

    private sealed class BrokenDriver : PinDriver
    {
        private int writes;

        protected override void Write(int pinNumber, PinValue value)
        {
            // The first is that of opening the pin, the last ones those of the disposal.
            if (writes++ is 1 or 2)
            {
                throw new InsufficientMemoryException("no memory");
            }
        }
    }

    private abstract class PinDriver : GpioDriver
    {
        private readonly HashSet<int> open = [];

        protected override int PinCount => 28;

        protected override void OpenPin(int pinNumber) => open.Add(pinNumber);

        protected override void ClosePin(int pinNumber) => open.Remove(pinNumber);

        protected override PinMode GetPinMode(int pinNumber) => PinMode.Output;

        protected override bool IsPinModeSupported(int pinNumber, PinMode mode) => true;

        protected override void SetPinMode(int pinNumber, PinMode mode)
        {
        }

        protected override PinValue Read(int pinNumber) => PinValue.Low;

        protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback) => throw new NotSupportedException();

        protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback) => throw new NotSupportedException();

        protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
