using System.Globalization;

namespace EdgeInference.Devices.Recordings;

/// <summary>The time of a sample in a table: seconds, exact to 100 ns.</summary>
internal static class RecordedTime
{
    // A cell may have been rounded to fewer digits by another program.
    private const double Tolerance = 0.05;

    // About three years.
    private const double MostSeconds = 1e8;

    internal static string Text(long number, TimeSpan period) =>
        ((decimal)number * period.Ticks / TimeSpan.TicksPerSecond).ToString("0.#######", CultureInfo.InvariantCulture);

    /// <summary>The number of the sample, from 0; null where the cell is no multiple of the period, or years.</summary>
    internal static long? Number(string text, TimeSpan period)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds))
        {
            return null;
        }

        double number = seconds / period.TotalSeconds;
        double whole = Math.Round(number);
        return seconds is >= 0 and < MostSeconds && Math.Abs(number - whole) < Tolerance ? (long)whole : null;
    }
}
