using System.Buffers;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Protocol;
using Polly;

namespace EdgeInference.Devices.Hosting;

/// <summary>Publishes what became of the last model, retained. Only the last is kept: a broker that is away costs no memory.</summary>
internal sealed class MqttStatus : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly string topic;
    private readonly ModelUpdater updater;
    private readonly UpdateSourceHealth health;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim news = new(0, 1);
    private readonly Lock gate = new();
    private byte[]? last;
    private bool published;

    internal MqttStatus(string topic, ModelUpdater updater, UpdateSourceHealth health, TimeProvider time)
    {
        this.topic = topic;
        this.updater = updater;
        this.health = health;
        this.time = time;
        if (topic.Length > 0)
        {
            health.Register();
            updater.Reported += Keep;
        }
    }

    // A report may be on its way on another thread: the semaphore stays usable, and holds nothing that must be freed.
    public void Dispose() => updater.Reported -= Keep;

    /// <summary>Publishes over one connection until it is cancelled.</summary>
    internal async Task RunAsync(IMqttClient client, CancellationToken gone)
    {
        ResiliencePipeline<UpdateSourceFault?> untilPublished = UpdateBackOff.Create(time, UpdateBackOff.Longest);
        try
        {
            while (true)
            {
                await untilPublished.ExecuteAsync(async cancellation => await PublishAsync(client, cancellation).ConfigureAwait(false), gone).ConfigureAwait(false);
                await news.WaitAsync(gone).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // The next connection publishes what this one did not.
        }
        catch (Exception exception)
        {
            // Nobody waits for this task: what it met is said here or never.
            health.Broken(exception);
        }
    }

    private async Task<UpdateSourceFault?> PublishAsync(IMqttClient client, CancellationToken gone)
    {
        byte[]? message;
        lock (gate)
        {
            message = published ? null : last;
        }

        if (message is null)
        {
            return null;
        }

        health.Attempted();
        UpdateSourceFault? fault;
        using var late = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, gone);
        try
        {
            fault = MqttFaults.Of(await client.PublishBinaryAsync(topic, message, MqttQualityOfServiceLevel.AtLeastOnce, retain: true, either.Token).ConfigureAwait(false), topic);
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested)
        {
            fault = new UpdateSourceFault("timeout", $"The broker did not confirm a message to '{topic}' within {Deadline.TotalSeconds:0} s.");
        }
        catch (Exception exception) when (MqttFaults.Is(exception))
        {
            // The connection broke, which is said of the connection.
            return new UpdateSourceFault("connection_lost", exception.Message);
        }

        if (fault is not null)
        {
            health.Failed(fault);
            return fault;
        }

        health.Well();
        lock (gate)
        {
            published = ReferenceEquals(message, last);
        }

        return null;
    }

    private void Keep(UpdateReport report)
    {
        if (report.Outcome == UpdateOutcome.Unreachable)
        {
            return;
        }

        byte[] message = Json(report);
        lock (gate)
        {
            // A message that the broker sent twice is no news.
            if (last is not null && message.AsSpan().SequenceEqual(last))
            {
                return;
            }

            last = message;
            published = false;
            if (news.CurrentCount == 0)
            {
                news.Release();
            }
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
