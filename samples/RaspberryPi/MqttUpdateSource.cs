using System.Buffers;
using System.Text.Json;
using EdgeInference.Devices;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeDevice;

/// <summary>Takes models from an MQTT topic (retained, so that a device which was off gets the newest), and publishes what became of each.</summary>
internal sealed class MqttUpdateSource : IDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    private readonly MqttOptions options;
    private readonly ModelUpdater updater;
    private readonly IMqttClient client = new MqttClientFactory().CreateMqttClient();
    private UpdateReport? last;

    internal MqttUpdateSource(MqttOptions options, ModelUpdater updater)
    {
        this.options = options;
        this.updater = updater;
        client.ApplicationMessageReceivedAsync += ReceivedAsync;
        updater.Reported += Reported;
    }

    public void Dispose()
    {
        updater.Reported -= Reported;
        client.Dispose();
    }

    /// <summary>Keeps the connection until it is cancelled.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        string origin = $"mqtt://{options.Server}:{options.Port}/{options.Topic}";
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await client.ConnectAsync(Options(options), stopping).ConfigureAwait(false);
                await client.SubscribeAsync(options.Topic, MqttQualityOfServiceLevel.AtLeastOnce, stopping).ConfigureAwait(false);
                await PublishAsync(last).ConfigureAwait(false);
                await DisconnectedAsync(stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception) when (exception is MqttCommunicationException or MqttProtocolViolationException or MqttClientNotConnectedException or IOException or OperationCanceledException)
            {
                updater.ReportUnreachable(origin, exception.Message);
            }

            await Task.Delay(RetryDelay, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await client.TryDisconnectAsync().ConfigureAwait(false);
    }

    internal static MqttClientOptions Options(MqttOptions options)
    {
        MqttClientOptionsBuilder builder = new MqttClientOptionsBuilder()
            .WithTcpServer(options.Server, options.Port)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithCleanStart()
            .WithTlsOptions(tls => tls.UseTls(options.Tls));
        return (options.User.Length > 0 ? builder.WithCredentials(options.User, options.Password) : builder).Build();
    }

    private async Task DisconnectedAsync(CancellationToken stopping)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task OnGone(MqttClientDisconnectedEventArgs _)
        {
            gone.TrySetResult();
            return Task.CompletedTask;
        }

        client.DisconnectedAsync += OnGone;
        try
        {
            if (client.IsConnected)
            {
                await gone.Task.WaitAsync(stopping).ConfigureAwait(false);
            }
        }
        finally
        {
            client.DisconnectedAsync -= OnGone;
        }
    }

    private async Task ReceivedAsync(MqttApplicationMessageReceivedEventArgs received)
    {
        ReadOnlySequence<byte> payload = received.ApplicationMessage.Payload;
        string origin = $"mqtt://{options.Server}/{received.ApplicationMessage.Topic}";

        // Verification and the disk would keep the connection's own thread from its keep-alive.
        byte[] file = payload.ToArray();
        await Task.Run(() => updater.Apply(file, origin)).ConfigureAwait(false);
    }

    private void Reported(UpdateReport report)
    {
        if (report.Outcome == UpdateOutcome.Unreachable)
        {
            return;
        }

        last = report;
        _ = PublishAsync(report);
    }

    private async Task PublishAsync(UpdateReport? report)
    {
        if (report is null || !client.IsConnected)
        {
            return;
        }

        try
        {
            await client.PublishBinaryAsync(options.StatusTopic, Json(report), MqttQualityOfServiceLevel.AtLeastOnce, retain: true).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is MqttCommunicationException or MqttClientNotConnectedException or OperationCanceledException)
        {
            // It is published again with the next connection.
        }
    }

    private byte[] Json(UpdateReport report)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("outcome", report.Outcome.ToString());
            json.WriteString("origin", report.Origin);
            json.WriteString("reason", report.Reason);
            json.WriteNumber("offered_version", report.Version);
            json.WriteNumber("version_in_use", updater.Host.Version);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
