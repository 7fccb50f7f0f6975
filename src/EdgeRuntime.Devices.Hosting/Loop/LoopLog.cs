using Microsoft.Extensions.Logging;

namespace EdgeInference.Devices.Hosting;

/// <summary>
/// Logs each fault of the loop once when it sets in and once when it is over. It looks at counters now and then, so that the loop
/// neither waits for a log nor fails with it.
/// </summary>
internal sealed class LoopLog
{
    private readonly DecisionLoop loop;
    private readonly SensorMonitor sensor;
    private readonly ILogger logger;
    private readonly FaultEpisode[] sensorFaults;
    private readonly FaultEpisode outputs;
    private readonly FaultEpisode watchdog;
    private readonly FaultEpisode missed;
    private readonly FaultEpisode notFinite;

    internal LoopLog(DecisionLoop loop, SensorMonitor sensor, ILogger logger, TimeProvider time)
    {
        this.loop = loop;
        this.sensor = sensor;
        this.logger = logger;
        sensorFaults = [.. Enum.GetValues<SensorFault>().Select(_ => new FaultEpisode(time))];
        outputs = new FaultEpisode(time);
        watchdog = new FaultEpisode(time);
        missed = new FaultEpisode(time);
        notFinite = new FaultEpisode(time);
    }

    internal void Look()
    {
        foreach (SensorFault fault in Enum.GetValues<SensorFault>())
        {
            if (fault is not (SensorFault.None or SensorFault.Starting))
            {
                LookAt(fault, sensorFaults[(int)fault]);
            }
        }

        LoopStatistics counters = loop.Statistics;
        Log(outputs, outputs.Changed(counters.OutputFaults, loop.OutputsAtFault > 0), DeviceLog.OutputFaultBegan, DeviceLog.OutputFaultEnded);
        Log(watchdog, watchdog.Changed(counters.WatchdogExpirations, loop.SinceTurn > loop.Options.WatchdogTimeout && watchdog.IsActive), DeviceLog.WatchdogExpired, DeviceLog.WatchdogEnded);
        Log(missed, missed.Changed(counters.Gaps, isNow: false), DeviceLog.SamplesMissed, DeviceLog.SamplesMissedEnded);
        Log(notFinite, notFinite.Changed(counters.NotFinite, isNow: false), DeviceLog.NotFiniteBegan, DeviceLog.NotFiniteEnded);
    }

    private void LookAt(SensorFault fault, FaultEpisode episode)
    {
        bool isNow = sensor.Fault == fault;
        if (!episode.Changed(sensor.Count(fault), isNow))
        {
            return;
        }

        if (episode.IsActive)
        {
            DeviceLog.SensorFaultBegan(logger, fault, isNow && sensor.LastError is { Length: > 0 } reason ? $" ({reason.TrimEnd('.')})" : "");
        }
        else
        {
            DeviceLog.SensorFaultEnded(logger, fault, episode.Count, episode.Seconds);
        }
    }

    private void Log(FaultEpisode episode, bool changed, Action<ILogger> began, Action<ILogger, long, double> ended)
    {
        if (changed && episode.IsActive)
        {
            began(logger);
        }
        else if (changed)
        {
            ended(logger, episode.Count, episode.Seconds);
        }
    }
}
