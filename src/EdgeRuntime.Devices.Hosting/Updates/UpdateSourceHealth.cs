using Microsoft.Extensions.Logging;

namespace EdgeInference.Devices.Hosting;

/// <summary>Counts what happens to one source, and says each kind of fault once, and once when the source is well again.</summary>
internal sealed class UpdateSourceHealth : IUpdateSourceState
{
    private readonly UpdateMetrics metrics;
    private readonly ILogger logger;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly HashSet<string> said = new(StringComparer.Ordinal);
    private long wellAt;
    private long failures;
    private string? problem;

    internal UpdateSourceHealth(string name, string origin, UpdateMetrics metrics, ILogger logger, TimeProvider time)
    {
        Name = name;
        Origin = origin;
        this.metrics = metrics;
        this.logger = logger;
        this.time = time;
        wellAt = time.GetTimestamp();
    }

    public string Name { get; }

    /// <summary>The folder, the address or the broker; empty where the source is not configured.</summary>
    internal string Origin { get; }

    public string? Problem
    {
        get
        {
            lock (gate)
            {
                return problem;
            }
        }
    }

    /// <summary>Time since the source was last well, or since the start.</summary>
    internal TimeSpan Age
    {
        get
        {
            lock (gate)
            {
                return time.GetElapsedTime(wellAt);
            }
        }
    }

    /// <summary>Shows the source among the metrics.</summary>
    internal void Register() => metrics.Add(this);

    /// <summary>Shows the source among the metrics, and says that it is looked at from now on.</summary>
    internal void Start()
    {
        Register();
        UpdateLog.SourceStarts(logger, Name, Origin);
    }

    internal void Attempted() => metrics.Attempt(Name);

    internal void Failed(UpdateSourceFault fault)
    {
        string reason = LogText.OneLine(fault.Reason);
        if (Count(fault.Kind, reason))
        {
            UpdateLog.SourceFails(logger, Name, Origin, fault.Kind, reason.EndsWith('.') ? reason : reason + ".");
        }
    }

    /// <summary>A fault that nobody foresaw: with its stack, for a report to the authors.</summary>
    internal void Broken(Exception exception)
    {
        if (Count(exception.GetType().Name, exception.Message))
        {
            UpdateLog.SourceBroken(logger, Name, Origin, exception);
        }
    }

    internal void Well()
    {
        long before;
        lock (gate)
        {
            wellAt = time.GetTimestamp();
            before = failures;
            failures = 0;
            problem = null;
            said.Clear();
        }

        if (before > 0)
        {
            UpdateLog.SourceWell(logger, Name, Origin, before);
        }
    }

    private bool Count(string kind, string reason)
    {
        metrics.Failure(Name, kind);
        lock (gate)
        {
            failures++;
            problem = reason;
            return said.Add(kind);
        }
    }
}
