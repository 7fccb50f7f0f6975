using System.Text;
using System.Text.Json.Nodes;
using EdgeInference.Devices.Hosting.Tests.Updates.Doubles;
using EdgeInference.Devices.Tests.Doubles;
using MQTTnet;
using RaspberryPi.Tests;

namespace EdgeInference.Devices.Hosting.Tests.Updates;

/// <summary>Updates by MQTT with a real broker: passwords, rights, TLS, client certificates, restarts and sizes.</summary>
public sealed class MosquittoTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-mosquitto").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_retained_model_is_taken_and_the_outcome_stays_at_the_broker()
    {
        using var broker = new Mosquitto(folder, "allow_anonymous true");
        await using UpdateBench bench = Bench(broker);
        using IMqttClient client = await broker.ClientAsync();
        await Mosquitto.PublishAsync(client, TestModels.Signed(bench.Key, 2), retain: true);
        await bench.MqttAsync();
        await bench.UntilAsync(() => bench.Version == 2, 0.01);
        await bench.UntilAsync(() => bench.Counts.GetValueOrDefault("edge.update.attempts mqtt-status") > 0, 0.01);
        var status = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.ApplicationMessageReceivedAsync += message =>
        {
            status.TrySetResult($"{message.ApplicationMessage.Retain} {Encoding.UTF8.GetString(message.ApplicationMessage.Payload)}");
            return Task.CompletedTask;
        };
        await client.SubscribeAsync("fleet/status");
        Assert.Contains("\"outcome\":\"Applied\"", await status.Task.WaitAsync(UpdateBench.Limit, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_said_with_its_reason_and_works_once_it_is_right()
    {
        using var broker = new Mosquitto(folder, "allow_anonymous false", $"password_file {Mosquitto.Passwords(folder, ("pi", "right"))}");
        await using UpdateBench bench = Bench(broker);
        (bench.Options.Mqtt.User, bench.Options.Mqtt.Password) = ("pi", "wrong");
        using IMqttClient client = await broker.ClientAsync("pi", "right");
        await bench.MqttAsync();
        await bench.StillAsync(() => bench.Log.Of(3010).Count > 0);
        Assert.Contains("The broker refused the connection (0x87): this user, or one without a name, may not connect; check User, Password and the broker's rights.", bench.Log.Of(3010)[0], StringComparison.Ordinal);
        bench.Options.Mqtt.Password = "right";
        await bench.UntilAsync(() => bench.Sources.Mqtt.Problem is null);
    }

    [Fact]
    public async Task A_topic_that_may_not_be_read_is_said_with_its_reason()
    {
        const string Plugin = "/usr/lib/x86_64-linux-gnu/mosquitto_dynamic_security.so";
        Debian.Require("/usr/bin/mosquitto_ctrl", "mosquitto");
        Assert.SkipUnless(File.Exists(Plugin), $"{Plugin} is missing: an access list in a file (acl_file) grants every subscription and then sends nothing.");

        // Its first user may read everything; that right is taken away.
        string rights = Path.Combine(folder, "rights.json");
        Assert.Equal(0, Debian.Run("/usr/bin/mosquitto_ctrl", "dynsec", "init", rights, "pi", "right").ExitCode);
        JsonNode all = JsonNode.Parse(await File.ReadAllTextAsync(rights, TestContext.Current.CancellationToken))!;
        Assert.Equal(1, all["roles"]![0]!["acls"]!.AsArray().RemoveAll(right => (string?)right!["acltype"] == "subscribePattern" && (string?)right["topic"] == "#"));
        await File.WriteAllTextAsync(rights, all.ToJsonString(), TestContext.Current.CancellationToken);
        using var broker = new Mosquitto(folder, "allow_anonymous false", $"plugin {Plugin}", $"plugin_opt_config_file {rights}");
        await using UpdateBench bench = Bench(broker);
        (bench.Options.Mqtt.User, bench.Options.Mqtt.Password) = ("pi", "right");
        using IMqttClient client = await broker.ClientAsync("pi", "right");
        await bench.MqttAsync();
        await bench.UntilAsync(() => bench.Counts.GetValueOrDefault("edge.update.failures mqtt suback_87") >= 2);
        Assert.Contains("The broker refused the subscription to 'fleet/model' (0x87): this user may not read it;", Assert.Single(bench.Log.Of(3010)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_sent_while_the_device_was_off_arrives()
    {
        using var broker = new Mosquitto(folder, "allow_anonymous true");
        await using UpdateBench bench = Bench(broker);
        using IMqttClient client = await broker.ClientAsync();
        using (var first = new MqttUpdateService(bench.Options, "", bench.Sources.Mqtt, bench.Sources.Status, () => bench.Updater, bench.Log, bench.Time))
        {
            await first.StartAsync(default);
            await Mosquitto.PublishAsync(client, TestModels.Signed(bench.Key, 2), retain: true);
            await bench.StillAsync(() => bench.Version == 2);
            await first.StopAsync(default);
        }

        // Not retained: only the session knows it. The broker restarts as well.
        await Mosquitto.PublishAsync(client, TestModels.Signed(bench.Key, 3));
        broker.Stop();
        broker.Start();
        using IMqttClient other = await broker.ClientAsync();
        await bench.MqttAsync();
        await bench.StillAsync(() => bench.Version == 3);
    }

    [Fact]
    public async Task A_broker_that_dies_is_said_once_and_found_again()
    {
        using var broker = new Mosquitto(folder, "allow_anonymous true");
        await using UpdateBench bench = Bench(broker);
        using (IMqttClient client = await broker.ClientAsync())
        {
            // Retained: nothing here says when the device has subscribed.
            await Mosquitto.PublishAsync(client, TestModels.Signed(bench.Key, 2), retain: true);
            await bench.MqttAsync();
            await bench.StillAsync(() => bench.Version == 2);
        }

        broker.Kill();
        await bench.UntilAsync(() => bench.Counts.GetValueOrDefault("edge.update.failures mqtt connect") >= 3);
        Assert.Single(bench.Log.Of(3010), line => line.Contains("fail (connect)", StringComparison.Ordinal));
        broker.Start();
        using IMqttClient later = await broker.ClientAsync();
        await bench.UntilAsync(() => bench.Sources.Mqtt.Problem is null);
        await Mosquitto.PublishAsync(later, TestModels.Signed(bench.Key, 3));
        await bench.StillAsync(() => bench.Version == 3);
        Assert.Single(bench.Log.Of(3011));
    }

    [Fact]
    public async Task A_model_larger_than_allowed_is_left_at_the_broker_and_the_next_one_arrives()
    {
        using var broker = new Mosquitto(folder, "allow_anonymous true", "message_size_limit 0");
        await using UpdateBench bench = Bench(broker);
        using IMqttClient client = await broker.ClientAsync();
        await bench.MqttAsync();

        // Behind the subscription there is a status.
        bench.Updater.Apply(TestModels.Signed(bench.Key, 2), "elsewhere");
        await bench.UntilAsync(() => bench.Counts.GetValueOrDefault("edge.update.attempts mqtt-status") > 0, 0.01);
        for (int i = 0; i < 3; i++)
        {
            await Mosquitto.PublishAsync(client, new byte[5_000_000]);
        }

        await Mosquitto.PublishAsync(client, TestModels.Signed(bench.Key, 3));
        await bench.StillAsync(() => bench.Version == 3);
        Assert.Empty(bench.Log.Of(3010));
    }

    [Fact]
    public async Task With_a_CA_file_and_a_client_certificate_models_come_encrypted()
    {
        using var certificates = new TestCertificates();
        (string ca, _) = TestCertificates.Write(folder, "ca", certificates.Authority);
        (string server, string serverKey) = TestCertificates.Write(folder, "server", certificates.Issue("localhost"));
        (string own, string ownKey) = TestCertificates.Write(folder, "own", certificates.Issue("pi-7"));
        using var strangers = new TestCertificates();
        (string otherCa, _) = TestCertificates.Write(folder, "other-ca", strangers.Authority);
        using var broker = new Mosquitto(folder, $"cafile {ca}", $"certfile {server}", $"keyfile {serverKey}", "require_certificate true", "use_identity_as_username true", "allow_anonymous false");
        await using UpdateBench bench = Bench(broker);
        bench.Options.Mqtt.Tls = true;
        bench.Options.Mqtt.Server = "localhost";
        bench.Options.Mqtt.CaFile = otherCa;
        await bench.MqttAsync();

        // Another authority is trusted; then none is shown for this device; then all is right.
        await bench.UntilAsync(() => bench.Log.Of(3010).Any(line => line.Contains("fail (tls_untrusted)", StringComparison.Ordinal)));
        Assert.Contains($"is not vouched for by an authority that '{otherCa}' trusts", bench.Log.Of(3010)[^1], StringComparison.Ordinal);
        bench.Options.Mqtt.CaFile = ca;
        await bench.UntilAsync(() => bench.Log.Of(3010).Any(line => line.Contains("wants a client certificate", StringComparison.Ordinal)));
        (bench.Options.Mqtt.ClientCertificateFile, bench.Options.Mqtt.ClientKeyFile) = (own, ownKey);
        await bench.UntilAsync(() => bench.Sources.Mqtt.Problem is null);
        bench.Updater.Apply(TestModels.Signed(bench.Key, 2), "elsewhere");
        await bench.UntilAsync(() => bench.Counts.GetValueOrDefault("edge.update.attempts mqtt-status") > 0, 0.01);
        Assert.Null(bench.Sources.Status.Problem);
    }

    [Fact]
    public async Task A_broker_of_another_name_is_not_trusted_though_its_authority_is()
    {
        using var certificates = new TestCertificates();
        (string ca, _) = TestCertificates.Write(folder, "ca", certificates.Authority);
        (string server, string serverKey) = TestCertificates.Write(folder, "server", certificates.Issue("elsewhere.example"));
        using var broker = new Mosquitto(folder, $"cafile {ca}", $"certfile {server}", $"keyfile {serverKey}", "allow_anonymous true");
        await using UpdateBench bench = Bench(broker);
        (bench.Options.Mqtt.Tls, bench.Options.Mqtt.Server, bench.Options.Mqtt.CaFile) = (true, "localhost", ca);
        await bench.MqttAsync();
        await bench.UntilAsync(() => bench.Log.Of(3010).Any(line => line.Contains("fail (tls_name): The server's certificate is for elsewhere.example", StringComparison.Ordinal)));
    }

    private static UpdateBench Bench(Mosquitto broker)
    {
        var bench = new UpdateBench();
        bench.Options.Mqtt = new MqttUpdateOptions { Server = "127.0.0.1", Port = broker.Port, Tls = false, Topic = "fleet/model", StatusTopic = "fleet/status", ClientId = "pi-7" };
        return bench;
    }
}
