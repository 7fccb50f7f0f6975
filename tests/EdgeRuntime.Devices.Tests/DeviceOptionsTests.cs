using System.Reflection;
using System.Security.Cryptography;
using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Signals;

namespace EdgeInference.Devices.Tests;

/// <summary>
/// Each option of each options class: what it is by default, and that another value does something else. A new option without a
/// row fails. The rows run the same scene twice and compare what can be seen from outside.
/// </summary>
public sealed class DeviceOptionsTests : IDisposable
{
    private static readonly I2cSensorLayout Layout = new() { DataRegister = 3, Channels = [new(0, RegisterEncoding.UInt8)] };

    private static readonly Dictionary<string, Func<DeviceOptionsTests, (string Default, string Other)>> Rows = new()
    {
        ["DecisionLoopOptions.Period"] = _ => (Scene(), Scene(loop => loop with { Period = TimeSpan.FromMilliseconds(20) })),
        ["DecisionLoopOptions.WindowLength"] = _ => (Scene(model: 1), Scene(loop => loop with { WindowLength = 2 }, model: 2)),
        ["DecisionLoopOptions.Hop"] = _ => (Scene(loop => loop with { WindowLength = 2 }, model: 2), Scene(loop => loop with { WindowLength = 2, Hop = 2 }, model: 2)),
        ["DecisionLoopOptions.Features"] = _ => (Scene(loop => loop with { WindowLength = 2 }, model: 2), Scene(loop => loop with { WindowLength = 2, Features = [Feature.Mean, Feature.Peak] }, model: 2)),
        ["DecisionLoopOptions.Bands"] = _ => (Scene(Banded, model: 8), Refused(() => Scene(loop => Banded(loop) with { Bands = 4 }, model: 8))),
        ["DecisionLoopOptions.ToleratedMisses"] = _ => (Scene(loop => loop with { WindowLength = 2 }, model: 2), Scene(loop => loop with { WindowLength = 2, ToleratedMisses = 4 }, model: 2)),
        ["DecisionLoopOptions.ToleratedAbstentions"] = _ => (Scene(), Scene(loop => loop with { ToleratedAbstentions = 0 })),
        ["DecisionLoopOptions.WatchdogTimeout"] = _ => (Scene(), Scene(loop => loop with { WatchdogTimeout = TimeSpan.FromMilliseconds(30) })),
        ["DecisionLoopOptions.Filter"] = _ => (Scene(), Scene(loop => loop with { Filter = new() { Votes = 2 } })),
        ["DecisionFilterOptions.Hysteresis"] = _ => (Scene(), Scene(loop => loop with { Filter = new() { Hysteresis = 0.9f } })),
        ["DecisionFilterOptions.Votes"] = _ => (Scene(), Scene(loop => loop with { Filter = new() { Votes = 3 } })),
        ["DecisionFilterOptions.MinimumHold"] = _ => (Scene(), Scene(loop => loop with { Filter = new() { MinimumHold = TimeSpan.FromMilliseconds(50) } })),
        ["SensorMonitorOptions.ToleratedErrors"] = _ => (Scene(), Scene(sensor: new() { ToleratedErrors = 1 })),
        ["SensorMonitorOptions.StuckSamples"] = _ => (Scene(), Scene(sensor: new() { StuckSamples = 2 })),
        ["SensorMonitorOptions.RecoverySamples"] = _ => (Scene(), Scene(sensor: new() { RecoverySamples = 2 })),
        ["SensorMonitorOptions.RetryInterval"] = _ => (Scene(), Scene(sensor: new() { RetryInterval = TimeSpan.FromMilliseconds(20) })),
        ["SensorMonitorOptions.Minimum"] = _ => (Scene(), Scene(sensor: new() { Minimum = 0f })),
        ["SensorMonitorOptions.Maximum"] = _ => (Scene(), Scene(sensor: new() { Maximum = 5f })),
        ["UpdatePolicy.Keys"] = test => (test.Offer(new UpdatePolicy()), test.Offer(new UpdatePolicy { Keys = test.keys })),
        ["UpdatePolicy.RequireSignature"] = test => (test.Offer(new UpdatePolicy(), signed: false), test.Offer(new UpdatePolicy { RequireSignature = false }, signed: false)),
        ["UpdatePolicy.RequireSelfTest"] = test => (test.Offer(new UpdatePolicy { Keys = test.keys }, selfTest: false), test.Offer(new UpdatePolicy { Keys = test.keys, RequireSelfTest = false }, selfTest: false)),
        ["UpdatePolicy.AllowOtherContract"] = test => (test.Offer(new UpdatePolicy { Keys = test.keys }, named: true), test.Offer(new UpdatePolicy { Keys = test.keys, AllowOtherContract = true }, named: true)),
        ["UpdatePolicy.Trial"] = test => (test.OnTrial(new UpdatePolicy { Keys = test.keys }), test.OnTrial(new UpdatePolicy { Keys = test.keys, Trial = new UpdateTrial() })),
        ["UpdatePolicy.MaxBytes"] = test => (test.Offer(new UpdatePolicy { Keys = test.keys }), test.Offer(new UpdatePolicy { Keys = test.keys, MaxBytes = 100 })),
        ["I2cSensorLayout.IdRegister"] = _ => (Read(Layout), Read(Layout with { IdRegister = 4 })),
        ["I2cSensorLayout.Id"] = _ => (Read(Layout with { IdRegister = 4 }), Read(Layout with { IdRegister = 4, Id = 104 })),
        ["I2cSensorLayout.Setup"] = _ => (Read(Layout), Read(Layout with { Setup = [new(1, 2)] })),
        ["I2cSensorLayout.DataRegister"] = _ => (Read(Layout), Read(Layout with { DataRegister = 7 })),
        ["I2cSensorLayout.Channels"] = _ => (Read(Layout), Read(Layout with { Channels = [new(1, RegisterEncoding.UInt8)] })),
        ["I2cSensorLayout.ChannelNames"] = _ => (Read(Layout), Read(Layout with { ChannelNames = ["x"] })),
    };

    private static readonly Type[] Classes = [typeof(DecisionLoopOptions), typeof(DecisionFilterOptions), typeof(SensorMonitorOptions), typeof(UpdatePolicy), typeof(I2cSensorLayout)];

    private readonly string folder = Directory.CreateTempSubdirectory("edge-options").FullName;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly TrustedKeys keys = new();
    private int offers;

    public DeviceOptionsTests() => keys.AddPem(key.ExportSubjectPublicKeyInfoPem());

    public static TheoryData<string> Options() => [.. Classes.SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).Select(property => $"{type.Name}.{property.Name}"))];

    public void Dispose()
    {
        keys.Dispose();
        key.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void Each_option_changes_what_is_seen(string option)
    {
        Assert.True(Rows.ContainsKey(option), $"{option} has no row: add a scene in which it matters.");
        (string normal, string other) = Rows[option](this);
        Assert.NotEqual(normal, other);
        (string again, string otherAgain) = Rows[option](this);
        Assert.Equal((normal, other), (again, otherAgain));
    }

    [Fact]
    public void No_options_class_is_left_out()
    {
        Type[] found = [.. typeof(DecisionLoopOptions).Assembly.GetExportedTypes().Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) || type.Name.EndsWith("Policy", StringComparison.Ordinal) || type.Name.EndsWith("Layout", StringComparison.Ordinal))];
        Assert.Equal(found.OrderBy(type => type.Name, StringComparer.Ordinal), Classes.OrderBy(type => type.Name, StringComparer.Ordinal));
    }

    [Fact]
    public void The_defaults_are_those_of_the_documentation()
    {
        var loop = new DecisionLoopOptions { Period = TimeSpan.Zero };
        Assert.Equal((1, 1, 8, 2, int.MaxValue, Timeout.InfiniteTimeSpan), (loop.WindowLength, loop.Hop, loop.Bands, loop.ToleratedMisses, loop.ToleratedAbstentions, loop.WatchdogTimeout));
        Assert.Empty(loop.Features);
        Assert.Equal(new DecisionFilterOptions { Hysteresis = 0f, Votes = 1, MinimumHold = TimeSpan.Zero }, loop.Filter);
        Assert.Equal(loop.Filter, new DecisionFilterOptions());
        Assert.Equal(
            new SensorMonitorOptions { ToleratedErrors = 0, StuckSamples = 0, RecoverySamples = 1, RetryInterval = TimeSpan.FromSeconds(1), Minimum = float.NegativeInfinity, Maximum = float.PositiveInfinity },
            new SensorMonitorOptions());
        Assert.Equal(
            new UpdateTrial { Duration = TimeSpan.FromMinutes(10), Decisions = 100, Starts = 3, NotFiniteShare = 0.1, AbstainedShare = 0.9, UnlikeTrainingShare = 0.5 },
            new UpdateTrial());
        var policy = new UpdatePolicy();
        Assert.Null(policy.Trial);
        Assert.Equal((0, true, true, false, 16_777_216), (policy.Keys.Count, policy.RequireSignature, policy.RequireSelfTest, policy.AllowOtherContract, policy.MaxBytes));
    }

    public static TheoryData<string, bool> Bounds() => new()
    {
        { "Period 1 tick", true }, { "Period 0", false }, { "Period -1", false },
        { "WindowLength 0", false }, { "Hop 0", false }, { "Hop 1", true }, { "Hop 2", false },
        { "ToleratedMisses 0", true }, { "ToleratedMisses -1", false },
        { "ToleratedAbstentions 0", true }, { "ToleratedAbstentions -1", false },
        { "Watchdog 1 tick", true }, { "Watchdog 0", false }, { "Watchdog -2", false }, { "Watchdog infinite", true },
        { "Votes 0", false }, { "Hysteresis 1", false },
        { "ToleratedErrors 0", true }, { "ToleratedErrors -1", false },
        { "StuckSamples 0", true }, { "StuckSamples 1", false }, { "StuckSamples 2", true }, { "StuckSamples -1", false },
        { "RecoverySamples 0", false }, { "RecoverySamples 1", true },
    };

    [Theory]
    [MemberData(nameof(Bounds))]
    public void Options_are_taken_up_to_their_bounds(string setting, bool taken)
    {
        string[] parts = setting.Split(' ');
        int number = parts[1] == "infinite" ? 0 : int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        TimeSpan span = parts[1] == "infinite" ? Timeout.InfiniteTimeSpan : TimeSpan.FromTicks(number);
        var loop = new DecisionLoopOptions { Period = TimeSpan.FromSeconds(1) };
        var sensor = new SensorMonitorOptions();
        (loop, sensor) = parts[0] switch
        {
            "Period" => (loop with { Period = span }, sensor),
            "WindowLength" => (loop with { WindowLength = number }, sensor),
            "Hop" => (loop with { Hop = number }, sensor),
            "ToleratedMisses" => (loop with { ToleratedMisses = number }, sensor),
            "ToleratedAbstentions" => (loop with { ToleratedAbstentions = number }, sensor),
            "Watchdog" => (loop with { WatchdogTimeout = span }, sensor),
            "Votes" => (loop with { Filter = new() { Votes = number } }, sensor),
            "Hysteresis" => (loop with { Filter = new() { Hysteresis = number } }, sensor),
            "ToleratedErrors" => (loop, sensor with { ToleratedErrors = number }),
            "StuckSamples" => (loop, sensor with { StuckSamples = number }),
            _ => (loop, sensor with { RecoverySamples = number }),
        };
        Exception? exception = Record.Exception(() =>
        {
            using var host = new ModelHost(EdgeModel.Load(TestModels.Create()), 1);
            using ModelSlot slot = host.CreateSlot();
            using var monitor = new SensorMonitor(new DelegateSampleSource(1, _ => { }, channelNames: ["x"]), sensor);
            using var made = new DecisionLoop(monitor, slot, loop, []);
            if (parts[0] is "Period" or "ToleratedMisses" or "WindowLength" or "Hop")
            {
                _ = new LoopRecorder(monitor, loop);
            }
        });
        Assert.Equal(taken ? null : typeof(ArgumentOutOfRangeException), exception?.GetType());
        if (!taken && parts[0] is "Period" or "ToleratedMisses")
        {
            using var monitor = new SensorMonitor(new DelegateSampleSource(1, _ => { }, channelNames: ["x"]));
            Assert.Throws<ArgumentOutOfRangeException>(() => new LoopRecorder(monitor, loop));
        }
    }

    private static DecisionLoopOptions Banded(DecisionLoopOptions loop) => loop with { WindowLength = 16, Features = [Feature.BandPower] };

    private static string Refused(Action action) => Assert.Throws<ArgumentException>(action).Message;

    // A loop over a run of reads with a failed one, one that holds still, high and low ones and a hang: when was read and what was shown.
    private static string Scene(Func<DecisionLoopOptions, DecisionLoopOptions>? change = null, int model = 1, SensorMonitorOptions? sensor = null)
    {
        float[] reads = [9f, 9f, 8f, -9f, 7f, 0f, 0.1f, 0.2f, -1f, 1f, -1f, float.NegativeZero, 9f, -7f];
        var time = new FakeTime();
        var log = new List<string>();
        long start = time.GetTimestamp();
        using var stop = new CancellationTokenSource();
        using var host = new ModelHost(EdgeModel.Load(TestModels.Create(inputs: model, bands: [0.45f, 0.6f])), 1);
        using ModelSlot slot = host.CreateSlot();
        int read = 0;
        DecisionLoop? seen = null;
        var source = new DelegateSampleSource(1, sample =>
        {
            log.Add($"{time.GetElapsedTime(start).TotalMilliseconds} read behind {seen?.Statistics.Decisions} {seen?.LastDecision.Probability}");
            int i = read++;
            if (i == 60)
            {
                stop.Cancel();
            }

            time.Pass(TimeSpan.FromMilliseconds(i == 17 ? 45 : 0));
            sample[0] = i is 33 ? throw new IOException() : reads[i % reads.Length];
        });
        using var monitor = new SensorMonitor(source, sensor ?? new SensorMonitorOptions(), time);
        var options = new DecisionLoopOptions { Period = TimeSpan.FromMilliseconds(10) };
        using var loop = new DecisionLoop(monitor, slot, change?.Invoke(options) ?? options, [new CallbackOutput(label => log.Add($"{time.GetElapsedTime(start).TotalMilliseconds} {label}"))], time);
        seen = loop;
        loop.Run(stop.Token);
        return string.Join('\n', log);
    }

    private string OnTrial(UpdatePolicy policy)
    {
        string factory = Path.Combine(folder, "factory.edge");
        File.WriteAllBytes(factory, TestModels.Signed(key, 1));
        using var updater = ModelUpdater.Open(Path.Combine(folder, $"{offers++}"), factory, policy);
        return $"{updater.Apply(TestModels.Signed(key, 2), "t").Outcome} {updater.OnTrial}";
    }

    private string Offer(UpdatePolicy policy, bool signed = true, bool selfTest = true, bool named = false)
    {
        string store = Path.Combine(folder, $"{offers++}");
        string factory = Path.Combine(folder, "factory.edge");
        File.WriteAllBytes(factory, TestModels.Create());
        using var updater = ModelUpdater.Open(store, factory, new UpdatePolicy { RequireSignature = false });
        byte[] offered = named ? TestModels.Named(key, 1, ["a", "b"], "x") : TestModels.Create(selfTest: selfTest, weight: 2f);
        var candidate = ModelCandidate.Check(signed ? ModelSignature.Sign(offered, key, 1) : offered, policy);
        string? refusal = candidate.Model is null ? null : updater.Host.Refusal(candidate.Model, policy.AllowOtherContract);
        candidate.Model?.Dispose();
        return $"{candidate.Outcome} {candidate.Reason} {refusal}";
    }

    private static string Read(I2cSensorLayout layout)
    {
        var device = new RegisterI2cDevice();
        for (int i = 0; i < 256; i++)
        {
            device.Registers[i] = (byte)(i + 100);
        }

        using var source = new I2cSampleSource(device, layout);
        float[] sample = new float[1];
        Exception? exception = Record.Exception(() =>
        {
            source.Start();
            source.Read(sample);
        });
        return $"{exception?.Message} {sample[0]} {string.Join(',', device.Transactions)} {string.Join(',', source.ChannelNames)}";
    }
}
