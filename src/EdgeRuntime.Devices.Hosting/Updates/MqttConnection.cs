using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Protocol;

namespace EdgeInference.Devices.Hosting;

/// <summary>One connection to a broker, from its beginning to its end, and the models that come over it.</summary>
internal sealed class MqttConnection : IDisposable
{
    private readonly MqttUpdateOptions options;
    private readonly ModelUpdater updater;
    private readonly ServerCertificate certificate;
    private readonly TimeProvider time;
    private readonly PayloadAdapterFactory factory;
    private readonly TaskCompletionSource<UpdateSourceFault> gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private X509Certificate2Collection authorities = [];
    private X509Certificate2Collection own = [];

    internal MqttConnection(MqttUpdateOptions options, ModelUpdater updater, ServerCertificate certificate, TimeProvider time)
    {
        this.options = options;
        this.updater = updater;
        this.certificate = certificate;
        this.time = time;
        factory = new PayloadAdapterFactory(MqttSettings.MaxPacket(updater.MaxBytes));
        Client = new MqttClientFactory(new MqttNetNullLogger(), factory).CreateMqttClient();
        Client.ApplicationMessageReceivedAsync += ReceivedAsync;
        Client.DisconnectedAsync += DisconnectedAsync;
    }

    /// <summary>Raised when a message came, on the thread that checks it.</summary>
    internal event Action<UpdateReport>? Received;

    /// <summary>Raised when checking a message failed in a way that nobody foresaw.</summary>
    internal event Action<Exception>? Broken;

    internal IMqttClient Client { get; }

    /// <summary>Ends with the connection, and says why it ended.</summary>
    internal Task<UpdateSourceFault> Gone => gone.Task;

    public void Dispose()
    {
        Client.ApplicationMessageReceivedAsync -= ReceivedAsync;
        Client.DisconnectedAsync -= DisconnectedAsync;
        Client.Dispose();
        foreach (X509Certificate2 used in authorities.Concat(own))
        {
            used.Dispose();
        }
    }

    /// <summary>Connects and subscribes.</summary>
    /// <param name="deadline">The longest time that both may take.</param>
    /// <param name="retained">Whether the message that the broker keeps for the topic is wanted even if the session was there already.</param>
    /// <param name="stopping">Ends the attempt.</param>
    /// <returns>Why there is no connection, or null.</returns>
    internal async Task<UpdateSourceFault?> OpenAsync(TimeSpan deadline, bool retained, CancellationToken stopping)
    {
        // Before anything else, so that certificates which were renewed are those that are used.
        if (ReadCertificates() is { } unreadable)
        {
            return unreadable;
        }

        certificate.Forget();
        using var late = new CancellationTokenSource(deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stopping);
        try
        {
            MqttClientOptions client = MqttSettings.Client(options, updater.MaxBytes, certificate, authorities, own);
            MqttClientConnectResult connected = await Client.ConnectAsync(client, either.Token).ConfigureAwait(false);
            if (MqttFaults.Of(connected) is { } refused)
            {
                return refused;
            }

            MqttClientSubscribeOptions topic = new MqttClientSubscribeOptionsBuilder()
                .WithTopicFilter(filter => filter
                    .WithTopic(options.Topic)
                    .WithAtLeastOnceQoS()
                    .WithRetainHandling(retained || !connected.IsSessionPresent ? MqttRetainHandling.SendAtSubscribe : MqttRetainHandling.SendAtSubscribeIfNewSubscriptionOnly))
                .Build();
            return MqttFaults.Of(await Client.SubscribeAsync(topic, either.Token).ConfigureAwait(false), options.Topic);
        }
        catch (Exception exception) when (exception is OperationCanceledException || MqttFaults.Is(exception))
        {
            stopping.ThrowIfCancellationRequested();
            return late.IsCancellationRequested
                ? new UpdateSourceFault("timeout", $"The broker was connected to and asked, and did not answer within {deadline.TotalSeconds:0.###} s.")
                : Gone is { IsCompletedSuccessfully: true } ? await Gone.ConfigureAwait(false) : MqttFaults.Of(exception, certificate);
        }
    }

    private UpdateSourceFault? ReadCertificates()
    {
        try
        {
            authorities = MqttSettings.Authorities(options);
            own = MqttSettings.Own(options);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return new UpdateSourceFault("tls_files", $"The files of the TLS settings cannot be used: {exception.Message}");
        }
    }

    private Task DisconnectedAsync(MqttClientDisconnectedEventArgs ended)
    {
        gone.TrySetResult(MqttFaults.Of(ended, certificate));
        return Task.CompletedTask;
    }

    private async Task ReceivedAsync(MqttApplicationMessageReceivedEventArgs received)
    {
        ReadOnlySequence<byte> place = received.ApplicationMessage.Payload;
        using ReceivedFile? payload = factory.Channel?.Take(place);
        if (payload is null)
        {
            // The connection ended and took it along, which is no empty file; not confirmed, so that the broker sends it again.
            received.ProcessingFailed = true;
            return;
        }

        try
        {
            // Where nothing else can come, the broker's own word for it is not needed.
            string topic = options.Topic.AsSpan().ContainsAny('+', '#') ? received.ApplicationMessage.Topic : options.Topic;

            // Verification and the disk would keep the connection's own thread from its keep-alive.
            UpdateReport report = await Task.Run(() => updater.Apply(payload.Memory, $"mqtt://{options.Server}/{topic}")).ConfigureAwait(false);
            if (report.Outcome == UpdateOutcome.StorageFailed)
            {
                // Not confirmed: the broker sends it again over the next connection.
                received.ProcessingFailed = true;
                gone.TrySetResult(new UpdateSourceFault("storage", $"A model could not be stored, and is asked for again: {report.Reason}"));
            }

            Received?.Invoke(report);
        }
        catch (Exception exception)
        {
            // The message is confirmed all the same, else it would come back for ever.
            Broken?.Invoke(exception);
        }
        finally
        {
            factory.Channel?.Handled(place);
        }
    }
}
