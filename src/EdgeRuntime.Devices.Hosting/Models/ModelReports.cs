using Microsoft.Extensions.Logging;

namespace EdgeInference.Devices.Hosting;

/// <summary>Logs what became of each model that was offered; the same of the same origin once, until something else becomes of it.</summary>
internal sealed class ModelReports(ILogger logger)
{
    // An origin is a file, an address or a topic; a folder could be given files of ever new names.
    private const int MaxOrigins = 256;

    private readonly Dictionary<string, (UpdateOutcome Outcome, string Reason)> last = [];

    internal void Log(UpdateReport report)
    {
        // What cannot be reached is the affair of its source, which knows when it is well again.
        if (report.Outcome == UpdateOutcome.Unreachable || !IsNew(report))
        {
            return;
        }

        (string origin, string reason) = (LogText.OneLine(report.Origin), LogText.OneLine(report.Reason));
        switch (report.Outcome)
        {
            case UpdateOutcome.Applied:
                DeviceLog.ModelTaken(logger, origin, reason);
                break;
            case UpdateOutcome.Confirmed:
                DeviceLog.ModelConfirmed(logger, reason);
                break;
            case UpdateOutcome.TakenBack:
                DeviceLog.ModelTakenBack(logger, origin, reason);
                break;
            default:
                DeviceLog.ModelRefused(logger, report.Outcome, origin, reason);
                break;
        }
    }

    private bool IsNew(UpdateReport report)
    {
        lock (last)
        {
            if (last.TryGetValue(report.Origin, out (UpdateOutcome, string) before) && before == (report.Outcome, report.Reason))
            {
                return false;
            }

            if (last.Count >= MaxOrigins)
            {
                last.Clear();
            }

            last[report.Origin] = (report.Outcome, report.Reason);
            return true;
        }
    }
}
