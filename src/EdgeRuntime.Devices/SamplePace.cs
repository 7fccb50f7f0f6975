namespace EdgeInference.Devices;

/// <summary>When samples are due, and how many were missed. A loop and a recording of its input share it.</summary>
internal sealed class SamplePace
{
    private readonly long period;

    /// <summary>The first sample is due now.</summary>
    internal SamplePace(TimeProvider time, TimeSpan period)
    {
        this.period = Math.Max(1, (long)(period.TotalSeconds * time.TimestampFrequency));
        Due = time.GetTimestamp();
    }

    /// <summary>When the next sample is due.</summary>
    internal long Due { get; private set; }

    /// <summary>Goes on to the next sample. Of those that were due meanwhile the last one is taken, late.</summary>
    /// <param name="ended">When the work on the present sample ended.</param>
    /// <returns>Samples that were due meanwhile and are left out.</returns>
    internal long Next(long ended)
    {
        Due += period;
        long missed = Math.Max(0, (ended - Due) / period);
        Due += missed * period;
        return missed;
    }
}
