using Microsoft.Extensions.Logging;

namespace EdgeInference.Devices.Hosting;

/// <summary>What a device says, by event id. An id never changes its meaning; docs/raspberry-pi.md lists them.</summary>
internal static partial class DeviceLog
{
    [LoggerMessage(1000, LogLevel.Information, "The loop takes a sample every {Milliseconds} ms and decides every {Hop} samples, with version {Version} of the model.")]
    internal static partial void LoopStarted(ILogger logger, double milliseconds, int hop, ulong version);

    [LoggerMessage(1001, LogLevel.Information, "{Output}")]
    internal static partial void OutputBound(ILogger logger, string output);

    [LoggerMessage(1002, LogLevel.Critical, "The decision loop failed; the process ends.")]
    internal static partial void LoopFailed(ILogger logger, Exception exception);

    [LoggerMessage(1003, LogLevel.Error, "The decision loop did not end in time: a sensor's or an output's driver hangs.")]
    internal static partial void LoopHangs(ILogger logger);

    [LoggerMessage(1010, LogLevel.Warning, "The sensor is at fault: {Fault}{Reason}. Outputs are in their safe state.")]
    internal static partial void SensorFaultBegan(ILogger logger, SensorFault fault, string reason);

    [LoggerMessage(1011, LogLevel.Information, "The sensor's fault {Fault} is over; it set in {Count} times in {Seconds:0} s.")]
    internal static partial void SensorFaultEnded(ILogger logger, SensorFault fault, long count, double seconds);

    [LoggerMessage(1012, LogLevel.Warning, "An output fails and is tried again at each sample.")]
    internal static partial void OutputFaultBegan(ILogger logger);

    [LoggerMessage(1013, LogLevel.Information, "Outputs work again; {Count} tries failed in {Seconds:0} s.")]
    internal static partial void OutputFaultEnded(ILogger logger, long count, double seconds);

    [LoggerMessage(1014, LogLevel.Error, "The loop hangs; its watchdog put outputs into their safe state.")]
    internal static partial void WatchdogExpired(ILogger logger);

    [LoggerMessage(1015, LogLevel.Information, "The loop turns again; it hung {Count} times in {Seconds:0} s.")]
    internal static partial void WatchdogEnded(ILogger logger, long count, double seconds);

    [LoggerMessage(1016, LogLevel.Warning, "Samples are missed, more in a row than a window bears: the sensor's read, the model or another program takes too long.")]
    internal static partial void SamplesMissed(ILogger logger);

    [LoggerMessage(1017, LogLevel.Information, "Samples come in time again; windows were started anew {Count} times in {Seconds:0} s.")]
    internal static partial void SamplesMissedEnded(ILogger logger, long count, double seconds);

    [LoggerMessage(1018, LogLevel.Warning, "The model makes no decision: a feature or an output is NaN or infinite.")]
    internal static partial void NotFiniteBegan(ILogger logger);

    [LoggerMessage(1019, LogLevel.Information, "Values are finite again; {Count} were not in {Seconds:0} s.")]
    internal static partial void NotFiniteEnded(ILogger logger, long count, double seconds);

    [LoggerMessage(1020, LogLevel.Error, "A listener of the metrics failed; metrics may be incomplete.")]
    internal static partial void MetricsFailed(ILogger logger, Exception exception);

    [LoggerMessage(1100, LogLevel.Information, "New model from {Origin}. {Reason}")]
    internal static partial void ModelTaken(ILogger logger, string origin, string reason);

    [LoggerMessage(1101, LogLevel.Warning, "No new model ({Outcome}) from {Origin}: {Reason}")]
    internal static partial void ModelRefused(ILogger logger, UpdateOutcome outcome, string origin, string reason);

    [LoggerMessage(1102, LogLevel.Warning, "Passed over ({Outcome}) at the start: {Origin}: {Reason}")]
    internal static partial void ModelPassedOver(ILogger logger, UpdateOutcome outcome, string origin, string reason);

    [LoggerMessage(1103, LogLevel.Information, "The model on trial stays. {Reason}")]
    internal static partial void ModelConfirmed(ILogger logger, string reason);

    [LoggerMessage(1105, LogLevel.Information, "What was learned before decides, from {File}.")]
    internal static partial void LearnedTaken(ILogger logger, string file);

    [LoggerMessage(1106, LogLevel.Warning, "What was learned before is passed over, {File}: {Reason}")]
    internal static partial void LearnedRefused(ILogger logger, string file, string reason);

    [LoggerMessage(1107, LogLevel.Warning, "What was learned cannot be kept in {File} and is lost at the next start: {Reason}")]
    internal static partial void LearnedNotKept(ILogger logger, string file, string reason);

    [LoggerMessage(1104, LogLevel.Error, "The model from {Origin} is taken back; the one before decides. {Reason}")]
    internal static partial void ModelTakenBack(ILogger logger, string origin, string reason);
}
