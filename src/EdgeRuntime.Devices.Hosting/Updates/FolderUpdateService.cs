using Microsoft.Extensions.Logging;

namespace EdgeInference.Devices.Hosting;

/// <summary>Looks into a folder for models.</summary>
internal sealed class FolderUpdateService : UpdateSourceService
{
    private readonly string folder;
    private readonly TimeSpan deadline;
    private readonly FolderUpdateSource? source;
    private readonly ModelUpdater? updater;
    private readonly ILogger logger;
    private readonly Func<string, bool> exists;
    private readonly string root = "";
    private Task<UpdateSourceFault?>? look;
    private bool missed;

    internal FolderUpdateService(ModelUpdateOptions options, UpdateSourceHealth health, Func<ModelUpdater> updater, ILogger logger, TimeProvider time, Func<string, bool>? exists = null)
        : base(health, options.Interval, time)
    {
        folder = options.Folder;
        deadline = options.Deadline;
        this.logger = logger;
        this.exists = exists ?? Path.Exists;
        if (folder.Length > 0)
        {
            root = Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
            this.updater = updater();
            source = new FolderUpdateSource(folder, this.updater);
            this.updater.Reported += Log;
        }
    }

    public override void Dispose()
    {
        if (updater is not null)
        {
            updater.Reported -= Log;
        }

        base.Dispose();
    }

    protected override async Task<UpdateSourceFault?> AskAsync(CancellationToken stopping)
    {
        // A dead mount holds the thread that looks, and no other: a second look waits for the end of the first.
        look ??= Task.Run(() => Look(stopping), stopping);
        UpdateSourceFault? fault;
        try
        {
            fault = await look.WaitAsync(deadline, Time, stopping).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return new UpdateSourceFault("timeout", $"It was not looked through within {deadline.TotalSeconds:0.###} s; its disk or network does not answer.");
        }
        finally
        {
            look = look.IsCompleted ? null : look;
        }

        updater!.Host.FreeUnused();
        if (fault is null)
        {
            Health.Well();
        }

        return fault;
    }

    private UpdateSourceFault? Look(CancellationToken stopping)
    {
        if (!missed && !exists(folder))
        {
            missed = true;
            UpdateLog.NoFolderYet(logger, folder);
        }

        return source!.Poll(stopping);
    }

    // A single file that cannot be read is no fault of the source, and said nowhere else. The source reports it once.
    private void Log(UpdateReport report)
    {
        if (report.Outcome == UpdateOutcome.Unreachable && report.Origin.StartsWith(root, StringComparison.Ordinal))
        {
            UpdateLog.FileFails(logger, LogText.OneLine(report.Origin), LogText.OneLine(report.Reason));
        }
    }
}
