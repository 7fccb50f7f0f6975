using MQTTnet;
using Microsoft.Extensions.Logging;

namespace EdgeInference.Devices.Hosting;

/// <summary>
/// Takes models from an MQTT topic and publishes what became of each. The broker keeps a session, so that what is sent while the device is
/// away arrives, and a retained message for devices that are new.
/// </summary>
internal sealed class MqttUpdateService : UpdateSourceService
{
    /// <summary>A connection that lasted so long was well: the next failure is a new one.</summary>
    internal static readonly TimeSpan Calm = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestOpening = TimeSpan.FromSeconds(30);

    private readonly MqttUpdateOptions options;
    private readonly TimeSpan opening;
    private readonly ModelUpdater? updater;
    private readonly ServerCertificate certificate;
    private readonly MqttStatus? publisher;
    private bool retained = true;

    internal MqttUpdateService(ModelUpdateOptions options, string path, UpdateSourceHealth health, UpdateSourceHealth status, Func<ModelUpdater> updater, ILogger logger, TimeProvider time)
        : base(health, Pause, time)
    {
        this.options = options.Mqtt;
        opening = options.Deadline < LongestOpening ? options.Deadline : LongestOpening;
        certificate = new ServerCertificate(AuthorityFile.NameOf(this.options.CaFile), time);
        if (this.options.Server.Length == 0)
        {
            return;
        }

        this.updater = updater();
        publisher = new MqttStatus(this.options.StatusTopic, this.updater, status, time);
        if (this.options.User.Length > 0 && !this.options.Tls)
        {
            UpdateLog.PasswordInTheClear(logger, $"{path}:Mqtt:User", $"{path}:Mqtt:Tls");
        }

        if (this.options.SessionExpirySeconds >= 1 && !MqttSettings.IsPersistent(this.options))
        {
            UpdateLog.NoSession(logger, $"{path}:Mqtt:ClientId");
        }
    }

    public override void Dispose()
    {
        publisher?.Dispose();
        base.Dispose();
    }

    protected override async Task<UpdateSourceFault?> AskAsync(CancellationToken stopping)
    {
        using var connection = new MqttConnection(options, updater!, certificate, Time);
        connection.Received += Received;
        connection.Broken += Health.Broken;
        if (await connection.OpenAsync(opening, retained, stopping).ConfigureAwait(false) is { } closed)
        {
            return closed;
        }

        // With the session there, only what is new is wanted; after a start also what an older program refused.
        retained = false;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task publishing = publisher!.RunAsync(connection.Client, end.Token);
        try
        {
            return await StayAsync(connection, stopping).ConfigureAwait(false);
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await publishing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await connection.Client.TryDisconnectAsync().ConfigureAwait(false);
        }
    }

    private async Task<UpdateSourceFault?> StayAsync(MqttConnection connection, CancellationToken stopping)
    {
        if (Health.Problem is null)
        {
            Health.Well();
        }

        // A broker that accepts and drops again and again is not well in between.
        bool calm = await Task.WhenAny(connection.Gone, Task.Delay(Calm, Time, stopping)).ConfigureAwait(false) != connection.Gone;
        stopping.ThrowIfCancellationRequested();
        if (calm)
        {
            Health.Well();
        }

        UpdateSourceFault fault = await connection.Gone.WaitAsync(stopping).ConfigureAwait(false);
        retained = fault.Kind == "storage";
        if (!calm)
        {
            return fault;
        }

        // It was well: no longer pause than the first.
        Health.Failed(fault);
        return null;
    }

    private void Received(UpdateReport report)
    {
        if (report.Outcome != UpdateOutcome.StorageFailed)
        {
            Health.Well();
        }
    }
}
