namespace EdgeInference.ModelFormat.Signals
{
    /// <summary>
    /// From raw counts to features in integers: filters, a sliding window, and float32 features that are exact, correctly rounded, or
    /// within the bounds of docs/numerics.md, with the same bits on every engine. Allocates nothing after it is made; not thread-safe.
    /// </summary>
    internal sealed partial class SignalCore
    {
        private readonly int channels;
        private readonly int length;
        private readonly int hop;
        private readonly int[] plan;

        // The last counts of each channel, one channel after the other; each goes round.
        private readonly short[] ring;

        private int next;
        private int missing;

        /// <param name="channels">Values in a sample.</param>
        /// <param name="length">Samples of a window.</param>
        /// <param name="hop">Samples from the start of one window to that of the next.</param>
        /// <param name="coefficients">Those of all filters, five each; none for no filter.</param>
        /// <param name="plan">The features, as in <see cref="SignalPlan"/>.</param>
        public SignalCore(int channels, int length, int hop, int[] coefficients, int[] plan)
        {
            this.channels = channels;
            this.length = length;
            this.hop = hop;
            this.plan = plan;
            ring = new short[channels * length];
            missing = length;
            Count = channels * SignalPlan.CountOf(plan);
            MakeFilters(coefficients);
            MakeSpectrum();
        }

        /// <summary>Features of a window.</summary>
        public int Count { get; }

        /// <summary>Bytes of RAM of all arrays.</summary>
        public int RamBytes
        {
            get
            {
                int bytes = (2 * ring.Length) + (4 * plan.Length);
                AddFilters(ref bytes);
                AddSpectrum(ref bytes);
                return bytes;
            }
        }

        /// <summary>Adds a sample.</summary>
        /// <param name="sample">Counts, one a channel, from <paramref name="offset"/> on.</param>
        /// <param name="offset">Where they begin.</param>
        /// <returns>Whether a window is due: the first when it is full, then one every hop.</returns>
        public bool Add(short[] sample, int offset)
        {
            short[] to = ring;
            int end = offset + channels;
            for (int at = next; offset < end; at += length)
            {
                to[at] = sample[offset++];
            }

            Filter();
            next = next + 1 == length ? 0 : next + 1;
            missing--;
            if (missing > 0)
            {
                return false;
            }

            missing = hop;
            return true;
        }

        /// <summary>Forgets all samples, as after a gap that no window may span; the filters begin anew.</summary>
        public void Reset()
        {
            next = 0;
            missing = length;
            ResetFilters();
        }

        /// <summary>The features of the window that ends with the last sample: those of channel 0 first.</summary>
        /// <param name="values">Room for <see cref="Count"/> of them.</param>
        public void Features(float[] values)
        {
            int offset = 0;
            for (int channel = 0; channel < channels; channel++)
            {
                offset = Features(channel * length, values, offset);
            }
        }

        // Each of these is nothing in code for a pipeline without filters, or without a spectrum.
        partial void MakeFilters(int[] coefficients);

        partial void AddFilters(ref int bytes);

        partial void ResetFilters();

        partial void Filter();

        partial void MakeSpectrum();

        partial void AddSpectrum(ref int bytes);

        partial void Transform(int start, int sum, int min, int max);

        partial void Bands(int at, float[] values, int offset);

        private int Features(int start, float[] values, int offset)
        {
            short[] from = ring;
            int end = start + length;
            int sum = 0;
            long squares = 0;
            int min = from[start];
            int max = min;
            for (int i = start; i < end; i++)
            {
                int x = from[i];
                sum += x;
                squares += x * x;
                if (x < min)
                {
                    min = x;
                }
                else if (x > max)
                {
                    max = x;
                }
            }

            Transform(start, sum, min, max);
            for (int i = 0; i < plan.Length; i++)
            {
                switch ((SignalFeature)plan[i])
                {
                    case SignalFeature.Mean: values[offset++] = RoundedFloat.Ratio(sum, length, 0); break;
                    case SignalFeature.Variance: values[offset++] = RoundedFloat.Ratio((length * squares) - ((long)sum * sum), (long)length * length, 0); break;
                    case SignalFeature.Rms: values[offset++] = RoundedFloat.Root(squares, length); break;
                    case SignalFeature.Peak: values[offset++] = max > -min ? max : -min; break;
                    case SignalFeature.ZeroCrossingRate: values[offset++] = RoundedFloat.Ratio(Crossings(start, sum), length - 1, 0); break;
                    case SignalFeature.BandPower:
                    case SignalFeature.MelPower:
                    case SignalFeature.LogMelPower:
                        Bands(i, values, offset);
                        offset += plan[i + 1];
                        i += 1 + SignalPlan.Edges(plan[i], plan[i + 1]);
                        break;
                }
            }

            return offset;
        }

        private int Crossings(int start, int sum)
        {
            // n·x < Σx where x is below the least integer that is not below the mean.
            int floor = sum / length;
            int limit = floor * length < sum ? floor + 1 : floor;
            short[] from = ring;
            int at = start + next;
            int end = start + length;
            bool isBelow = from[at] < limit;
            int count = 0;
            for (int left = length - 1; left > 0; left--)
            {
                at++;
                if (at == end)
                {
                    at = start;
                }

                if (from[at] < limit != isBelow)
                {
                    isBelow = !isBelow;
                    count++;
                }
            }

            return count;
        }
    }
}
