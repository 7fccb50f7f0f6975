using System.Reflection;
using EdgeInference.Devices.Hosting.Tests.Updates.Doubles;
using EdgeInference.Devices.Tests.Doubles;

namespace EdgeInference.Devices.Hosting.Tests.Updates;

/// <summary>What goes over MQTT: how the device introduces itself, what it asks for, what it says of each model, and what it makes of a broker that does wrong.</summary>
public sealed class MqttUpdateTests
{
    [Fact]
    public async Task Models_are_taken_and_what_became_of_each_is_published()
    {
        await using var broker = new DeviceBrokerDouble();
        await using UpdateBench bench = Bench(broker);
        (bench.Options.Mqtt.User, bench.Options.Mqtt.Password) = ("device-7", "secret");
        await bench.MqttAsync();
        Assert.Equal(new DeviceBrokerDouble.Connect(5, false, "device-7", "secret", "pi-7", 86_400, 65_535, 1_131_072, 60), await broker.ConnectedAsync());
        Assert.Equal("fleet/model 1", await broker.SubscribedAsync());

        await broker.PublishAsync("fleet/model", TestModels.Signed(bench.Key, 2));
        Assert.Equal(
            new DeviceBrokerDouble.Message("fleet/status", "{\"outcome\":\"Applied\",\"origin\":\"mqtt://127.0.0.1/fleet/model\",\"reason\":\"Version 2 replaces version 1.\",\"offered_version\":2,\"version_in_use\":2}", 1, true),
            await broker.PublishedAsync());
        await broker.PublishAsync("fleet/model", TestModels.Signed(bench.Key, 1, weight: 5f));
        Assert.Equal(
            "{\"outcome\":\"NotNewer\",\"origin\":\"mqtt://127.0.0.1/fleet/model\",\"reason\":\"Its version 1 is not newer than version 2 in use.\",\"offered_version\":1,\"version_in_use\":2}",
            (await broker.PublishedAsync()).Payload);

        // What the device has already, what it refused already and places that cannot be reached are nobody's business but its own.
        byte[] three = TestModels.Signed(bench.Key, 3);
        await broker.PublishAsync("fleet/model", three);
        Assert.Contains("\"version_in_use\":3", (await broker.PublishedAsync()).Payload, StringComparison.Ordinal);
        bench.Updater.ReportUnreachable("elsewhere", "gone");
        await broker.PublishAsync("fleet/model", three);
        await broker.PublishAsync("fleet/model", [1, 2, 3]);
        Assert.Contains("\"outcome\":\"NotAModel\"", (await broker.PublishedAsync()).Payload, StringComparison.Ordinal);
        await broker.PublishAsync("fleet/model", [1, 2, 3]);
        await bench.StillAsync(() => broker.Confirmed.Count == 6);
        Assert.False(broker.HasMore);
        Assert.Equal((1L, 2L, 2L), (bench.Updater.Count(UpdateOutcome.Unchanged), bench.Updater.Count(UpdateOutcome.Applied), bench.Updater.Count(UpdateOutcome.NotAModel)));
        Assert.Null(bench.Sources.Mqtt.Problem);
    }

    [Fact]
    public async Task What_was_reported_before_the_connection_is_published_with_it_and_a_stopped_source_is_forgotten()
    {
        await using var broker = new DeviceBrokerDouble();
        await using UpdateBench bench = Bench(broker);
        using (var service = new MqttUpdateService(bench.Options, "", bench.Sources.Mqtt, bench.Sources.Status, () => bench.Updater, bench.Log, bench.Time))
        {
            bench.Updater.Apply(TestModels.Signed(bench.Key, 2), "folder");
            bench.Updater.ReportUnreachable("elsewhere", "gone");
            await service.StartAsync(default);
            DeviceBrokerDouble.Message first = await broker.PublishedAsync();
            Assert.Equal(("fleet/status", true), (first.Topic, first.Retained));
            Assert.StartsWith("{\"outcome\":\"Applied\",\"origin\":\"folder\"", first.Payload, StringComparison.Ordinal);
            await service.StopAsync(default);
        }

        FieldInfo reported = typeof(ModelUpdater).GetField(nameof(ModelUpdater.Reported), BindingFlags.NonPublic | BindingFlags.Instance)!;
        Assert.DoesNotContain(((Delegate)reported.GetValue(bench.Updater)!).GetInvocationList(), handler => handler.Target is MqttStatus);
        bench.Updater.Apply(TestModels.Signed(bench.Key, 3), "folder");
        Assert.False(broker.HasMore);
    }

    [Theory]
    [InlineData(0x86, "fail (connack_86): The broker refused the connection (0x86): the user or the password is wrong; check User and Password.")]
    [InlineData(0x87, "fail (connack_87): The broker refused the connection (0x87): this user, or one without a name, may not connect;")]
    [InlineData(0x88, "fail (connack_88): The broker refused the connection (0x88): it is busy.")]
    public async Task A_broker_that_refuses_the_connection_is_said_once_with_its_reason_and_tried_again(int code, string said)
    {
        await using var broker = new DeviceBrokerDouble { ConnectCode = code };
        await using UpdateBench bench = Bench(broker);
        await bench.MqttAsync();
        await bench.UntilAsync(() => bench.Counts.GetValueOrDefault($"edge.update.failures mqtt connack_{code:x2}") >= 4);
        Assert.Contains(said, Assert.Single(bench.Log.Of(3010)), StringComparison.Ordinal);
        broker.ConnectCode = 0;
        await bench.UntilAsync(() => bench.Log.Of(3011).Count > 0);
        Assert.Null(bench.Sources.Mqtt.Problem);
    }

    [Fact]
    public async Task A_subscription_that_is_denied_is_said_once_and_tried_again()
    {
        await using var broker = new DeviceBrokerDouble { SubscribeCode = 0x87 };
        await using UpdateBench bench = Bench(broker);
        await bench.MqttAsync();
        await bench.UntilAsync(() => bench.Counts.GetValueOrDefault("edge.update.failures mqtt suback_87") >= 4);
        Assert.Contains("fail (suback_87): The broker refused the subscription to 'fleet/model' (0x87): this user may not read it; give the right in the broker's access list.", Assert.Single(bench.Log.Of(3010)), StringComparison.Ordinal);
        broker.SubscribeCode = null;
        await bench.UntilAsync(() => bench.Log.Of(3011).Count > 0);
    }

    [Fact]
    public async Task A_broker_that_accepts_and_says_nothing_is_left_at_the_deadline()
    {
        await using var broker = new DeviceBrokerDouble { ConnectCode = -1 };
        await using UpdateBench bench = Bench(broker);
        await bench.MqttAsync();
        await broker.ConnectedAsync();
        await bench.UntilAsync(() => bench.Log.Of(3010).Count > 0);
        Assert.Contains("fail (timeout): The broker was connected to and asked, and did not answer within 30 s.", bench.Log.Of(3010)[0], StringComparison.Ordinal);
        broker.ConnectCode = 0;
        await bench.UntilAsync(() => bench.Sources.Mqtt.Problem is null);
    }

    [Fact]
    public async Task A_message_of_200_MB_is_not_received_whatever_the_broker_was_told()
    {
        await using var broker = new DeviceBrokerDouble();
        await using UpdateBench bench = Bench(broker);
        await bench.MqttAsync();
        await broker.SubscribedAsync();

        // What fits between two sockets, and not more.
        Assert.True(await broker.FloodAsync(200_000_000).WaitAsync(UpdateBench.Limit, TestContext.Current.CancellationToken) < 50_000_000);
        await bench.StillAsync(() => bench.Log.Of(3010).Count > 0);
        Assert.Contains("fail (protocol): The broker sends a packet of 200000000 bytes, more than the 1131072 that it was told to send at most; it is not received.", bench.Log.Of(3010)[0], StringComparison.Ordinal);
        await bench.UntilAsync(() => bench.Counts.GetValueOrDefault("edge.update.attempts mqtt") > 1);
        await broker.SubscribedAsync();
        await broker.PublishAsync("fleet/model", TestModels.Signed(bench.Key, 2));
        await bench.StillAsync(() => bench.Version == 2);
    }

    [Fact]
    public async Task A_cut_cable_is_noticed_by_the_keep_alive()
    {
        await using var broker = new DeviceBrokerDouble { IgnoresPings = true };
        await using UpdateBench bench = Bench(broker);
        bench.Options.Mqtt.KeepAliveSeconds = 1;
        await bench.MqttAsync();
        await bench.StillAsync(() => bench.Log.Of(3010).Count > 0);
        Assert.Contains("fail (keep_alive): The broker did not answer a test of the connection.", bench.Log.Of(3010)[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_drops_each_connection_is_said_once_and_asked_ever_less_often()
    {
        await using var broker = new DeviceBrokerDouble { Drops = true };
        await using UpdateBench bench = Bench(broker);
        DateTimeOffset start = bench.Time.GetUtcNow();
        await bench.MqttAsync();
        await bench.UntilAsync(() => bench.Counts.Where(count => count.Key.StartsWith("edge.update.failures mqtt ", StringComparison.Ordinal)).Sum(count => count.Value) >= 12, 5);
        Assert.True(bench.Time.GetUtcNow() - start > TimeSpan.FromMinutes(10));
        Assert.InRange(bench.Log.Of(3010).Count, 1, 2);
        Assert.Empty(bench.Log.Of(3011));
        broker.Drops = false;
        await bench.UntilAsync(() => bench.Log.Of(3011).Count == 1, 5);
    }

    [Fact]
    public async Task A_session_taken_by_another_device_of_the_same_name_is_said_so()
    {
        await using var broker = new DeviceBrokerDouble();
        await using UpdateBench bench = Bench(broker);
        await bench.MqttAsync();
        await broker.SubscribedAsync();
        await broker.DisconnectAsync(0x8E);
        await bench.StillAsync(() => bench.Log.Of(3010).Count > 0);
        Assert.Contains("fail (disconnect_8e): The broker refused the connection (0x8E): another client came with the same ClientId; each device needs one of its own.", bench.Log.Of(3010)[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_status_that_may_not_be_written_is_said_once_and_models_come_all_the_same()
    {
        await using var broker = new DeviceBrokerDouble { PublishCode = 0x87 };
        await using UpdateBench bench = Bench(broker);
        await bench.MqttAsync();
        await broker.SubscribedAsync();
        await broker.PublishAsync("fleet/model", TestModels.Signed(bench.Key, 2));
        await bench.UntilAsync(() => bench.Counts.GetValueOrDefault("edge.update.failures mqtt-status puback_87") >= 3);
        Assert.Contains("Updates from mqtt-status", Assert.Single(bench.Log.Of(3010)), StringComparison.Ordinal);
        Assert.Contains("The broker refused a message to 'fleet/status' (0x87): this user may not write it;", bench.Sources.Status.Problem, StringComparison.Ordinal);
        Assert.Equal((2ul, null), (bench.Version, bench.Sources.Mqtt.Problem));
        broker.PublishCode = 0;
        await bench.UntilAsync(() => bench.Sources.Status.Problem is null);
    }

    [Fact]
    public async Task A_model_for_which_the_disk_had_no_room_is_not_confirmed_and_asked_for_again()
    {
        await using var broker = new DeviceBrokerDouble();
        await using UpdateBench bench = Bench(broker);
        bench.Updater.Store.Files = new FullDisk(10);
        await bench.MqttAsync();
        await broker.SubscribedAsync();
        await broker.PublishAsync("fleet/model", TestModels.Signed(bench.Key, 2));
        await bench.StillAsync(() => bench.Log.Of(3010).Count > 0);
        Assert.Contains("fail (storage): A model could not be stored, and is asked for again: No space left on device.", bench.Log.Of(3010)[0], StringComparison.Ordinal);
        Assert.Empty(broker.Confirmed);
        bench.Updater.Store.Files = new StoreFiles();
        await bench.UntilAsync(() => bench.Counts.GetValueOrDefault("edge.update.attempts mqtt") > 1);
        await broker.SubscribedAsync();
        await broker.PublishAsync("fleet/model", TestModels.Signed(bench.Key, 2));
        await bench.StillAsync(() => bench.Version == 2);
    }

    [Theory]
    [InlineData("no-such-broker.invalid", "name_resolution")]
    [InlineData("127.0.0.1", "connect")]
    public async Task A_broker_that_is_not_there_is_said_so(string server, string kind)
    {
        await using var bench = new UpdateBench();
        using var taken = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        taken.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        int port = ((System.Net.IPEndPoint)taken.LocalEndPoint!).Port;
        bench.Options.Mqtt = new MqttUpdateOptions { Server = server, Port = port, Tls = false };
        await bench.MqttAsync();
        await bench.StillAsync(() => bench.Log.Of(3010).Count > 0);
        Assert.StartsWith($"Updates from mqtt (mqtt://{server}:{port}/edge/model) fail ({kind}): The broker", bench.Log.Of(3010)[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_that_anybody_can_read_on_the_way_is_warned_of()
    {
        await using var broker = new DeviceBrokerDouble();
        await using UpdateBench bench = Bench(broker);
        bench.Options.Mqtt.User = "u";
        await bench.MqttAsync();
        Assert.StartsWith("Edge:Updates:Mqtt:User names a user and Edge:Updates:Mqtt:Tls is false: the password", Assert.Single(bench.Log.Of(3020)), StringComparison.Ordinal);
    }

    private static UpdateBench Bench(DeviceBrokerDouble broker)
    {
        var bench = new UpdateBench();
        bench.Options.Mqtt = new MqttUpdateOptions { Server = "127.0.0.1", Port = broker.Port, Tls = false, Topic = "fleet/model", StatusTopic = "fleet/status", ClientId = "pi-7" };
        return bench;
    }
}
