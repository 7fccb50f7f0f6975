using Microsoft.Extensions.Logging;

namespace EdgeDevice;

/// <summary>What the status pages say in the log, by event id.</summary>
internal static partial class StatusLog
{
    [LoggerMessage(1400, LogLevel.Information, "/health and /metrics are at http://127.0.0.1:{Port}.")]
    internal static partial void Up(ILogger logger, int port);

    [LoggerMessage(1401, LogLevel.Error, "/health and /metrics cannot be at http://127.0.0.1:{Port}: {Reason}. The device goes on without them; they are tried again.")]
    internal static partial void Down(ILogger logger, int port, string reason);
}
