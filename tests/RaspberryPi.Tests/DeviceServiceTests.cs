using System.Device.Gpio;
using EdgeDevice;
using EdgeInference.Devices;
using EdgeInference.Devices.Tests.Doubles;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Time.Testing;

namespace RaspberryPi.Tests;

/// <summary>The service's parts in this process: the loop's thread, notifications, and the order in which the device goes down.</summary>
public sealed class DeviceServiceTests : IDisposable
{
    private const int Pin = 18;

    // So that a fault ends a test; no expectation of any machine.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string folder = Directory.CreateTempSubdirectory("edge-service").FullName;
    private readonly RecordingGpioDriver driver = new();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Systemd_is_told_that_a_loop_of_any_period_turns()
    {
        var time = new TimersTime();
        var notifier = new CountingNotifier();
        using Device device = Open("simulated", options => (options.Loop.PeriodMilliseconds, options.Loop.WatchdogSeconds) = (5000, 0), time: time);
        using var service = new SystemdWatchdog(device.Loop, notifier, time);
        await service.StartAsync(default);
        Until(() => time.Timers > 0);
        device.Loop.Step();

        // Between two turns there are two looks or three.
        for (int i = 1; i <= 7; i++)
        {
            await NotifiedAsync(notifier, time, i);
            if (i is 3 or 5)
            {
                device.Loop.Step();
            }
        }

        Assert.All(notifier.States, state => Assert.Equal("WATCHDOG=1", state));
        await service.StopAsync(default);
    }

    [Fact]
    public async Task One_word_that_systemd_does_not_take_is_not_the_last()
    {
        var time = new TimersTime();
        var notifier = new CountingNotifier { Refuses = 2 };
        using Device device = Open("simulated", options => options.Loop.WatchdogSeconds = 0, time: time);
        using var service = new SystemdWatchdog(device.Loop, notifier, time);
        await service.StartAsync(default);
        Until(() => time.Timers > 0);
        Until(() =>
        {
            device.Loop.Step();
            time.Advance(TimeSpan.FromMilliseconds(100));
            return notifier.States.Count > 0 || service.ExecuteTask!.IsCompleted;
        });
        Assert.False(service.ExecuteTask!.IsCompleted);
        Assert.Equal(0, notifier.Refuses);
        await service.StopAsync(default);
    }

    [Theory]
    [InlineData(null, 8, false)]
    [InlineData(0, 8, true)]
    [InlineData(2008, 8, true)]
    [InlineData(2009, 8, false)]
    [InlineData(5500, 5000, true)]
    [InlineData(7001, 5000, false)]
    public void Systemd_is_not_told_that_a_hanging_loop_turns(int? sinceTurn, int period, bool told) =>
        Assert.Equal(told, SystemdWatchdog.IsTurning(sinceTurn is { } since ? TimeSpan.FromMilliseconds(since) : null, TimeSpan.FromMilliseconds(period), TimeSpan.FromSeconds(2)));

    [Theory]
    [InlineData(null, 2000)]
    [InlineData("", 2000)]
    [InlineData("0", 2000)]
    [InlineData("10000000", 2000)]
    [InlineData("3000000", 1000)]
    [InlineData("nonsense", 2000)]
    public void Systemd_is_told_three_times_within_what_it_waits(string? microseconds, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), SystemdWatchdog.Interval(microseconds));

    [Fact]
    public async Task The_host_has_started_when_the_loop_has_turned_and_the_loop_ends_as_soon_as_the_host_stops()
    {
        using Device device = Open("simulated", Fast);
        DecisionLoopService service = device.LoopService;
        await service.StartAsync(default);
        await service.StartedAsync(default).WaitAsync(Limit);
        Assert.True(device.Loop.Statistics.Turns > 0);
        Until(() => driver.Levels[Pin]);

        // No service was told to stop yet.
        device.Lifetime.StopApplication();
        Until(() => !driver.Levels[Pin]);
        await service.StopAsync(default).WaitAsync(Limit);
        Assert.Equal(DecisionFilter.Undecided, device.Loop.Label);
    }

    [Fact]
    public async Task A_loop_that_hangs_in_its_first_turn_does_not_keep_a_host_from_stopping()
    {
        var hanging = new HangingDriver();
        int before = Environment.ExitCode;
        try
        {
            using Device device = Open("simulated", Fast, hanging);
            DecisionLoopService service = device.LoopService;
            await service.StartAsync(default);
            Until(() => hanging.Hangs);
            using var started = new CancellationTokenSource();
            Task waits = service.StartedAsync(started.Token);
            Assert.False(waits.IsCompleted);
            await started.CancelAsync();
            await waits.WaitAsync(Limit);
            await service.StopAsync(new CancellationToken(canceled: true)).WaitAsync(Limit);
            Assert.Equal(1, Environment.ExitCode);
            hanging.Release();
        }
        finally
        {
            Environment.ExitCode = before;
            hanging.Release();
        }
    }

    [Fact]
    public async Task A_loop_that_fails_ends_the_service_with_exit_code_1()
    {
        int before = Environment.ExitCode;
        try
        {
            using Device device = Open("simulated", Fast, new HangingDriver(), broken: true);
            DecisionLoopService service = device.LoopService;
            await service.StartAsync(default);
            await device.Lifetime.Stopped.WaitAsync(Limit);
            Assert.Equal(1, Environment.ExitCode);
            await service.StopAsync(default).WaitAsync(Limit);
        }
        finally
        {
            Environment.ExitCode = before;
        }
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

    private static void Fast(EdgeOptions options) => (options.Loop.PeriodMilliseconds, options.Loop.WatchdogSeconds) = (1, 0);

    private static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Limit));

    // A look is due every two seconds; one that is slow to come must not be taken for none.
    private static async Task NotifiedAsync(CountingNotifier notifier, FakeTimeProvider time, int count)
    {
        time.Advance(TimeSpan.FromSeconds(2));
        for (long end = Environment.TickCount64 + 60_000; notifier.States.Count < count && Environment.TickCount64 < end;)
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        Assert.Equal(count, notifier.States.Count);
    }

    // A model that always decides for class 1.
    private Device Open(string kind, Action<EdgeOptions>? change = null, GpioDriver? pins = null, TimeProvider? time = null, bool broken = false)
    {
        string factory = Path.Combine(folder, "factory.edge");
        File.WriteAllBytes(factory, TestModels.Described(["still", "shaking"], ["x", "y", "z"], bias: 100f));
        var options = new EdgeOptions { Sensor = new SensorOptions { Kind = kind } };
        (options.Output.Pin, options.Output.Class) = (Pin, "shaking");
        change?.Invoke(options);
        var policy = new UpdatePolicy { RequireSignature = false, RequireSelfTest = false };
        var updater = ModelUpdater.Open(Path.Combine(folder, "store"), factory, policy);
        var device = new Device(options, updater, () => new GpioController(pins ?? driver), time);
        if (broken)
        {
            // Its slot throws from now on, as a fault of the program would.
            updater.Dispose();
        }

        return device;
    }

    private sealed class TimersTime : FakeTimeProvider
    {
        private int timers;

        internal int Timers => Volatile.Read(ref timers);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ITimer timer = base.CreateTimer(callback, state, dueTime, period);
            Interlocked.Increment(ref timers);
            return timer;
        }
    }

    private sealed class CountingNotifier : ISystemdNotifier
    {
        private readonly List<string> states = [];

        public bool IsEnabled => true;

        /// <summary>Words that are still refused.</summary>
        internal int Refuses { get; set; }

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
            if (Refuses > 0)
            {
                Refuses--;
                throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.ConnectionRefused);
            }

            lock (states)
            {
                states.Add(state.ToString());
            }
        }
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
