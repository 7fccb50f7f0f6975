using System.Globalization;

namespace EdgeDevice;

/// <summary>Whether a driver that hangs is noticed, and a loop that only waits for its next sample is left alone.</summary>
internal sealed class WatchdogCheck : ICheck
{
    public string Name => "watchdog";

    public IEnumerable<Finding> Run(Examination examination)
    {
        UnitFile? unit = UnitFile.Find(examination.Machine).Unit ?? UnitFile.Shipped(examination.Machine);
        double period = examination.Options.Loop.PeriodMilliseconds / 1000;
        double own = examination.Options.Loop.WatchdogSeconds;
        double limit = unit is null ? 0 : Seconds(unit.Last("WatchdogSec"));
        string periodText = period.ToString(CultureInfo.InvariantCulture);
        if (own > 0 && own < 2 * period)
        {
            yield return Finding.Problem($"Edge:Loop:WatchdogSeconds is {own.ToString(CultureInfo.InvariantCulture)} and a sample comes each {periodText} seconds: outputs would fall to their safe state between two samples.", $"set Edge:Loop:WatchdogSeconds to {(3 * period).ToString(CultureInfo.InvariantCulture)} or more.");
        }

        // The service reports while it waits for a sample, three times within WatchdogSec, so no period is too long for it.
        yield return limit is > 0 and < 1 ? Finding.Warning($"WatchdogSec is {limit.ToString(CultureInfo.InvariantCulture)}: a pause of the system that long ends the service.", "WatchdogSec=10 in sudo systemctl edit edge-device.")
            : unit is not null && limit == 0 ? Finding.Warning("The unit has no WatchdogSec: a driver that hangs stays so.", "WatchdogSec=10 in sudo systemctl edit edge-device.")
            : Finding.Ok(unit is null ? "systemd does not watch the service." : $"WatchdogSec is {limit.ToString(CultureInfo.InvariantCulture)}, a sample comes each {periodText} seconds.");
    }

    // As systemd reads it: seconds, or numbers with units.
    private static double Seconds(string? text)
    {
        double seconds = 0;
        foreach (string word in (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string digits = string.Concat(word.TakeWhile(letter => char.IsAsciiDigit(letter) || letter == '.'));
            double unit = word[digits.Length..] switch { "" or "s" or "sec" => 1, "ms" => 0.001, "m" or "min" => 60, "h" or "hr" => 3600, _ => 0 };
            seconds += double.TryParse(digits, CultureInfo.InvariantCulture, out double value) ? value * unit : 0;
        }

        return seconds;
    }
}
