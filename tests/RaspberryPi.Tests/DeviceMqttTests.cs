using System.Reflection;
using System.Security.Cryptography;
using EdgeDevice;
using EdgeInference.Devices;
using EdgeInference.Devices.Tests.Doubles;

namespace RaspberryPi.Tests;

/// <summary>What goes over MQTT: how the device introduces itself, what it asks for, and what it says of each model.</summary>
public sealed class DeviceMqttTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-mqtt").FullName;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly UpdatePolicy policy = new();

    public DeviceMqttTests() => policy.Keys.AddPem(key.ExportSubjectPublicKeyInfoPem());

    public void Dispose()
    {
        policy.Keys.Dispose();
        key.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Models_are_taken_and_what_became_of_each_is_published()
    {
        await using var broker = new DeviceBrokerDouble();
        using ModelUpdater updater = Open();
        using var stop = new CancellationTokenSource();
        MqttOptions options = Options(broker, "device-7", "secret");
        using var source = new MqttUpdateSource(options, updater);
        Task run = source.RunAsync(stop.Token);
        Assert.Equal(new DeviceBrokerDouble.Connect(5, true, "device-7", "secret"), await broker.ConnectedAsync());
        Assert.Equal("fleet/model 1", await broker.SubscribedAsync());

        await broker.PublishAsync("fleet/model", TestModels.Signed(key, 2));
        Assert.Equal(
            new DeviceBrokerDouble.Message("fleet/status", "{\"outcome\":\"Applied\",\"origin\":\"mqtt://127.0.0.1/fleet/model\",\"reason\":\"Version 2 replaces version 1.\",\"offered_version\":2,\"version_in_use\":2}", 1, true),
            await broker.PublishedAsync());
        await broker.PublishAsync("fleet/model", TestModels.Signed(key, 1, weight: 5f));
        Assert.Equal(
            "{\"outcome\":\"NotNewer\",\"origin\":\"mqtt://127.0.0.1/fleet/model\",\"reason\":\"Its version 1 is not newer than version 2 in use.\",\"offered_version\":1,\"version_in_use\":2}",
            (await broker.PublishedAsync()).Payload);

        // What the device has already, and places that cannot be reached, are nobody's business but its own.
        await broker.PublishAsync("fleet/model", TestModels.Signed(key, 3));
        Assert.Contains("\"version_in_use\":3", (await broker.PublishedAsync()).Payload, StringComparison.Ordinal);
        updater.ReportUnreachable("elsewhere", "gone");
        await broker.PublishAsync("fleet/model", File.ReadAllBytes(Path.Combine(folder, "store", "model.edge")));
        await broker.PublishAsync("fleet/model", [1, 2, 3]);
        Assert.Contains("\"outcome\":\"NotAModel\"", (await broker.PublishedAsync()).Payload, StringComparison.Ordinal);
        Assert.False(broker.HasMore);
        Assert.Equal((1L, 2L), (updater.Count(UpdateOutcome.Unchanged), updater.Count(UpdateOutcome.Applied)));
        await stop.CancelAsync();
        await run;
    }

    [Fact]
    public async Task What_was_reported_before_the_connection_is_published_with_it()
    {
        await using var broker = new DeviceBrokerDouble();
        using ModelUpdater updater = Open();
        using var stop = new CancellationTokenSource();
        using var source = new MqttUpdateSource(Options(broker, "", "unused"), updater);
        updater.Apply(TestModels.Signed(key, 2), "folder");
        updater.ReportUnreachable("elsewhere", "gone");
        Task run = source.RunAsync(stop.Token);
        Assert.Equal(new DeviceBrokerDouble.Connect(5, true, null, null), await broker.ConnectedAsync());
        DeviceBrokerDouble.Message first = await broker.PublishedAsync();
        Assert.Equal(("fleet/status", true), (first.Topic, first.Retained));
        Assert.StartsWith("{\"outcome\":\"Applied\",\"origin\":\"folder\"", first.Payload, StringComparison.Ordinal);
        await stop.CancelAsync();
        await run;

        // A source that is disposed publishes nothing, and the updater knows it no more.
        FieldInfo reported = typeof(ModelUpdater).GetField(nameof(ModelUpdater.Reported), BindingFlags.NonPublic | BindingFlags.Instance)!;
        Assert.NotNull(reported.GetValue(updater));
        source.Dispose();
        Assert.Null(reported.GetValue(updater));
        updater.Apply(TestModels.Signed(key, 3), "folder");
        Assert.False(broker.HasMore);
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_reported_by_its_address()
    {
        using ModelUpdater updater = Open();
        var reported = new TaskCompletionSource<UpdateReport>(TaskCreationOptions.RunContinuationsAsynchronously);
        updater.Reported += report => reported.TrySetResult(report);
        using var stop = new CancellationTokenSource();
        int port = RunningService.FreePort();
        using var source = new MqttUpdateSource(new MqttOptions { Server = "127.0.0.1", Port = port, Tls = false, Topic = "fleet/model" }, updater);
        Task run = source.RunAsync(stop.Token);
        UpdateReport report = await reported.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal((UpdateOutcome.Unreachable, $"mqtt://127.0.0.1:{port}/fleet/model"), (report.Outcome, report.Origin));
        await stop.CancelAsync();
        await run;
    }

    private static MqttOptions Options(DeviceBrokerDouble broker, string user, string password) =>
        new() { Server = "127.0.0.1", Port = broker.Port, Tls = false, User = user, Password = password, Topic = "fleet/model", StatusTopic = "fleet/status" };

    private ModelUpdater Open()
    {
        string factory = Path.Combine(folder, "factory.edge");
        File.WriteAllBytes(factory, TestModels.Signed(key, 1));
        return ModelUpdater.Open(Path.Combine(folder, "store"), factory, policy);
    }
}
