using System.Security.Cryptography;
using EdgeInference.Devices.Hosting.Tests.Updates.Doubles;
using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace EdgeInference.Devices.Hosting.Tests.Trials;

/// <summary>The service that ends the trial of a new model, whatever happens while it looks.</summary>
public sealed class ModelTrialServiceTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-trial-service").FullName;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly UpdatePolicy policy = new() { Trial = new UpdateTrial { Duration = TimeSpan.FromMinutes(1), Decisions = 20 } };
    private readonly Clock time = new();
    private readonly LogLines log = new();
    private readonly ModelUpdater updater;
    private readonly SensorMonitor sensor;
    private readonly ModelSlot slot;
    private readonly DecisionLoop loop;
    private readonly ModelTrialService service;

    public ModelTrialServiceTests()
    {
        policy.Keys.AddPem(key.ExportSubjectPublicKeyInfoPem());
        string factory = Path.Combine(folder, "factory.edge");
        File.WriteAllBytes(factory, TestModels.Signed(key, 1));
        updater = ModelUpdater.Open(Path.Combine(folder, "store"), factory, policy);
        sensor = new SensorMonitor(new DelegateSampleSource(1, sample => sample[0] = 1f));
        slot = updater.Host.CreateSlot();
        loop = new DecisionLoop(sensor, slot, new DecisionLoopOptions { Period = TimeSpan.FromSeconds(1) }, [], time);
        service = new ModelTrialService(updater, loop, time, log.CreateLogger<ModelTrialService>());
    }

    public void Dispose()
    {
        service.Dispose();
        loop.Dispose();
        slot.Dispose();
        sensor.Dispose();
        updater.Dispose();
        policy.Keys.Dispose();
        key.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_model_that_does_well_is_confirmed()
    {
        await service.StartAsync(TestContext.Current.CancellationToken);
        updater.Apply(TestModels.Signed(key, 2), "t");
        Step(20);
        await UntilAsync(() => updater.Count(UpdateOutcome.Confirmed) == 1);
        Assert.Equal((2ul, false), (updater.Host.Version, updater.OnTrial));
        Assert.Empty(log.All);
    }

    [Theory]
    [InlineData("watchdog")]
    [InlineData("drift")]
    [InlineData("score")]
    public async Task A_model_that_does_badly_is_taken_back(string how)
    {
        await service.StartAsync(TestContext.Current.CancellationToken);
        byte[] next = how switch
        {
            "drift" => TestModels.WithTrainingRows(TestModels.TrainingRow(100f, 1f, 1f, 1f)),
            "score" => TestModels.WithStatistics(100f),
            _ => TestModels.Create(weight: 2f),
        };
        Assert.Equal(UpdateOutcome.Applied, updater.Apply(ModelSignature.Sign(next, key, 2), "t").Outcome);
        Step(20);
        if (how == "watchdog")
        {
            loop.Statistics.AddWatchdogExpiration();
        }

        await UntilAsync(() => updater.Count(UpdateOutcome.TakenBack) == 1);
        Assert.Equal((1ul, false), (updater.Host.Version, updater.OnTrial));
    }

    [Fact]
    public async Task What_goes_wrong_in_a_look_is_said_once_and_the_next_look_comes()
    {
        await service.StartAsync(TestContext.Current.CancellationToken);
        updater.Apply(TestModels.Signed(key, 2), "t");
        Step(20);
        time.Fault = "One.";
        await UntilAsync(() => time.Faults > 5);
        Assert.Equal(1300, Assert.Single(log.All).Id);
        time.Fault = "Two.";
        await UntilAsync(() => log.All.Count == 2);
        Assert.True(updater.OnTrial);
        time.Fault = null;
        await UntilAsync(() => updater.Count(UpdateOutcome.Confirmed) == 1);
        Assert.Equal((2ul, false), (updater.Host.Version, updater.OnTrial));
        Assert.Equal(2, log.All.Count);
    }

    [Fact]
    public async Task A_device_without_a_store_or_a_loop_has_nothing_to_try()
    {
        foreach ((ModelUpdater? store, DecisionLoop? decides) in ((ModelUpdater?, DecisionLoop?)[])[(null, loop), (updater, null)])
        {
            using var idle = new ModelTrialService(store, decides, time, log.CreateLogger<ModelTrialService>());
            await idle.StartAsync(TestContext.Current.CancellationToken);
            await idle.ExecuteTask!.WaitAsync(UpdateBench.Limit, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task It_ends_with_the_host_in_the_middle_of_a_trial()
    {
        await service.StartAsync(TestContext.Current.CancellationToken);
        updater.Apply(TestModels.Signed(key, 2), "t");
        await service.StopAsync(TestContext.Current.CancellationToken).WaitAsync(UpdateBench.Limit, TestContext.Current.CancellationToken);

        // Cancelled where the host stops it before a thread of the pool began with it.
        Assert.True(service.ExecuteTask!.IsCompletedSuccessfully || service.ExecuteTask.IsCanceled, $"{service.ExecuteTask.Exception}");
        Assert.True(updater.OnTrial);
    }

    private void Step(int times)
    {
        for (int i = 0; i < times; i++)
        {
            loop.Step();
        }
    }

    // The limit is there so that a hang ends; it is no expectation.
    private async Task UntilAsync(Func<bool> condition)
    {
        for (long end = Environment.TickCount64 + (long)UpdateBench.Limit.TotalMilliseconds; !condition(); await Task.Delay(1))
        {
            Assert.True(Environment.TickCount64 < end, $"It never was so. The log: {string.Join('\n', log.All)}");
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>A clock that the test moves, and that fails while it is told to.</summary>
    private sealed class Clock : FakeTimeProvider
    {
        private int faults;
        private volatile string? fault;

        internal string? Fault
        {
            get => fault;
            set => fault = value;
        }

        internal int Faults => Volatile.Read(ref faults);

        public override long GetTimestamp()
        {
            if (fault is { } message)
            {
                Interlocked.Increment(ref faults);
                throw new InvalidOperationException(message);
            }

            return base.GetTimestamp();
        }
    }
}
