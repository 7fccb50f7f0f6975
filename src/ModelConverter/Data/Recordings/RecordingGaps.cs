using System.Globalization;

namespace EdgeInference.ModelConverter.Data.Recordings;

/// <summary>What the times of a recording say: where samples are missing, and whether they fit the period.</summary>
internal sealed class RecordingGaps
{
    // Loggers write when they wrote, a little off from when the sample was taken.
    private const double Jitter = 0.25;

    private readonly string path;
    private readonly string column;
    private readonly decimal[] seconds;
    private readonly double period;
    private long looked;
    private long fitting;

    /// <summary>Takes the times of all rows.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="column">The name of its column of times.</param>
    /// <param name="seconds">The times, none where the file has none.</param>
    /// <param name="period">The period; 0 to take the difference that most times have.</param>
    internal RecordingGaps(string path, string column, decimal[] seconds, float period)
    {
        this.path = path;
        this.column = column;
        this.seconds = seconds;
        Period = period > 0 ? period : Usual();

        // As it is typed: a float32 is a little off from 0.01.
        this.period = double.Parse(Period.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    /// <summary>Seconds between samples.</summary>
    internal float Period { get; }

    /// <summary>Samples that are missing within stretches.</summary>
    internal long Missed { get; private set; }

    /// <summary>Gaps that are longer than a window may span.</summary>
    internal int Count { get; private set; }

    /// <summary>Whether a window must not reach from the row before to this one.</summary>
    internal bool IsBefore(int row)
    {
        if (seconds.Length == 0)
        {
            return false;
        }

        double passed = (double)(seconds[row] - seconds[row - 1]) / period;
        if (passed <= 0)
        {
            // Another recording begins.
            return true;
        }

        looked++;
        fitting += Math.Abs(passed - 1) <= Jitter ? 1 : 0;
        double missed = Math.Round(passed) - 1;
        bool isGap = missed > SampleRecording.ToleratedMisses;
        Count += isGap ? 1 : 0;
        Missed += isGap ? 0 : (long)Math.Max(0, missed);
        return isGap;
    }

    /// <summary>Checks that the period is that of the times; call it when all rows were asked for.</summary>
    /// <exception cref="InputException">It is not.</exception>
    internal void Check()
    {
        if (looked > 1 && fitting * 2 < looked)
        {
            string usual = UsualDifference() is { } difference ? $", most of them {difference} s apart" : "";
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"'{path}': only {fitting} of {looked} times in column '{column}' are {period} s apart, as the sample period says{usual}; give the recording's own period with --sample-period, name another column of seconds with --time, or leave '{column}' out with --ignore."));
        }
    }

    private float Usual() => UsualDifference() is { } difference
        ? (float)difference
        : throw new InputException(seconds.Length == 0
            ? $"'{path}' has no column '{RecordingColumns.TimeName}' that would say how long a sample takes; give the seconds with --sample-period, for example 0.01."
            : $"'{path}': the times in column '{column}' are not equally far apart; give the seconds between samples with --sample-period, for example 0.01.");

    private decimal? UsualDifference()
    {
        decimal[] differences = [.. seconds.Zip(seconds.Skip(1), (first, second) => second - first).Where(difference => difference > 0)];
        IGrouping<decimal, decimal>? most = differences.GroupBy(difference => difference).MaxBy(group => group.Count());
        return most is not null && most.Count() * 2 > differences.Length ? most.Key : null;
    }
}
