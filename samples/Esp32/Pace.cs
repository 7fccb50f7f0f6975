namespace Esp32
{
    /// <summary>
    /// When samples are due: at multiples of the period, however long the work on one takes. Of samples that were due meanwhile the last
    /// is taken, late; where more than a few were missed, no window may span them. The loop of a Raspberry Pi does the same.
    /// </summary>
    public sealed class Pace
    {
        private const int ToleratedMisses = 2;
        private const int TicksPerMillisecond = 10000;

        private readonly long period;
        private long due;

        /// <summary>The first sample is due now.</summary>
        /// <param name="period">From one sample to the next, in units of 100 ns.</param>
        /// <param name="now">The time in these units.</param>
        public Pace(long period, long now)
        {
            this.period = period;
            due = now;
        }

        /// <summary>Milliseconds until the next sample is due, after <see cref="Next"/>.</summary>
        public int Wait { get; private set; }

        /// <summary>Goes on to the next sample.</summary>
        /// <param name="now">The time, when the work on the present one ended.</param>
        /// <returns>Whether so many were missed that the window has to begin anew.</returns>
        public bool Next(long now)
        {
            due += period;
            long missed = now < due ? 0 : (now - due) / period;
            due += missed * period;
            Wait = now < due ? (int)((due - now) / TicksPerMillisecond) : 0;
            return missed > ToleratedMisses;
        }
    }
}
