namespace EdgeInference.ModelFormat.Signals
{
    /// <summary>
    /// From raw counts to features in integers: filters, a sliding window, and float32 features that are exact, correctly rounded, or
    /// within the bounds of docs/numerics.md, with the same bits on every engine. Allocates nothing after it is made; not thread-safe.
    /// </summary>
    internal sealed class SignalCore
    {
        private readonly int channels;
        private readonly int length;
        private readonly int hop;
        private readonly int[] plan;
        private readonly BiquadCascade filters;
        private readonly FixedSpectrum spectrum;

        // The last counts of each channel, one channel after the other; each goes round.
        private readonly short[] ring;

        private int next;
        private int missing;

        /// <param name="channels">Values in a sample.</param>
        /// <param name="length">Samples of a window.</param>
        /// <param name="hop">Samples from the start of one window to that of the next.</param>
        /// <param name="coefficients">Those of all filters, five each; none for no filter.</param>
        /// <param name="plan">The features, as in <see cref="SignalsRecord.Plan"/>.</param>
        public SignalCore(int channels, int length, int hop, int[] coefficients, int[] plan)
        {
            this.channels = channels;
            this.length = length;
            this.hop = hop;
            this.plan = plan;
            ring = new short[channels * length];
            missing = length;
            Count = channels * SignalsRecord.CountOf(plan);
            if (coefficients.Length > 0)
            {
                filters = new BiquadCascade(coefficients, channels);
            }

            for (int i = 0; i < plan.Length; i++)
            {
                if (SignalsRecord.HasBands(plan[i]))
                {
                    i += 1 + SignalsRecord.Edges(plan[i], plan[i + 1]);
                    if (spectrum == null)
                    {
                        spectrum = new FixedSpectrum(length);
                    }
                }
            }
        }

        /// <summary>Features of a window.</summary>
        public int Count { get; }

        /// <summary>Bytes of RAM of all arrays.</summary>
        public int RamBytes
        {
            get { return (2 * ring.Length) + (4 * plan.Length) + (filters == null ? 0 : filters.RamBytes) + (spectrum == null ? 0 : spectrum.RamBytes); }
        }

        /// <summary>Adds a sample.</summary>
        /// <param name="sample">Counts, one a channel, from <paramref name="offset"/> on.</param>
        /// <param name="offset">Where they begin.</param>
        /// <returns>Whether a window is due: the first when it is full, then one every hop.</returns>
        public bool Add(short[] sample, int offset)
        {
            short[] to = ring;
            int at = next;
            for (int channel = 0; channel < channels; channel++)
            {
                to[at] = filters == null ? sample[offset + channel] : (short)filters.Next(channel, sample[offset + channel]);
                at += length;
            }

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
            if (filters != null)
            {
                filters.Reset();
            }
        }

        /// <summary>The features of the window that ends with the last sample: those of channel 0 first.</summary>
        /// <param name="values">Room for <see cref="Count"/> of them.</param>
        /// <param name="offset">Where they begin.</param>
        public void Features(float[] values, int offset)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                offset = Features(channel * length, values, offset);
            }
        }

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

            bool isTransformed = false;
            for (int i = 0; i < plan.Length; i++)
            {
                int kind = plan[i];
                switch ((SignalFeature)kind)
                {
                    case SignalFeature.Mean: values[offset++] = RoundedFloat.Ratio(sum, length, 0); break;
                    case SignalFeature.Variance: values[offset++] = RoundedFloat.Ratio((length * squares) - ((long)sum * sum), (long)length * length, 0); break;
                    case SignalFeature.Rms: values[offset++] = RoundedFloat.Root(squares, length); break;
                    case SignalFeature.Peak: values[offset++] = max > -min ? max : -min; break;
                    case SignalFeature.ZeroCrossingRate: values[offset++] = RoundedFloat.Ratio(Crossings(start, sum), length - 1, 0); break;
                    default:
                        if (!isTransformed)
                        {
                            spectrum.Transform(from, start, start + next, sum, min, max);
                            isTransformed = true;
                        }

                        offset = Bands(i, values, offset);
                        i += 1 + SignalsRecord.Edges(kind, plan[i + 1]);
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

        private int Bands(int at, float[] values, int offset)
        {
            int bands = plan[at + 1];
            at += 2;
            if (plan[at - 2] == (int)SignalFeature.BandPower)
            {
                for (int band = 0; band < bands; band++)
                {
                    long sum = 0;
                    int end = plan[at + band + 1];
                    for (int k = plan[at + band]; k < end; k++)
                    {
                        sum += spectrum.Power(k);
                    }

                    values[offset++] = RoundedFloat.Ratio(sum, Cube(), spectrum.Exponent);
                }

                return offset;
            }

            bool isLog = plan[at - 2] == (int)SignalFeature.LogMelPower;
            long falling = 0;
            long rising;
            for (int segment = 0; segment <= bands; segment++)
            {
                // A triangle falls where the next one rises, and both are 1 together.
                long all = Segment(plan[at + segment], plan[at + segment + 1], out rising);
                if (segment > 0)
                {
                    int power;
                    int mantissa = RoundedFloat.Mantissa(falling + all - rising, Cube(), out power);
                    power += spectrum.Exponent;
                    values[offset++] = isLog
                        ? RoundedFloat.Scale(FixedLogarithm.OfOnePlus(mantissa, power), -FixedLogarithm.Bits)
                        : RoundedFloat.Scale(mantissa, power);
                }

                falling = rising;
            }

            return offset;
        }

        // The power of the bins from one edge to before another, in 1/256 of a bin, and that under a line that rises from 0 to 1.
        private long Segment(int from, int to, out long rising)
        {
            long all = 0;
            long sum = 0;
            long width = to - from;
            int first = (from + 255) >> SignalsRecord.BinShift;
            for (int k = first == 0 ? 1 : first; k << SignalsRecord.BinShift < to; k++)
            {
                // 20 bits of a weight, and as many less of a power, keep sums in 64 bits.
                long power = (spectrum.Power(k) + (1L << 19)) >> 20;
                long weight = (((long)((k << SignalsRecord.BinShift) - from) << 20) + (width >> 1)) / width;
                all += power;
                sum += weight * power;
            }

            rising = sum;
            return all << 20;
        }

        private long Cube()
        {
            return 3L * length * length * length;
        }
    }
}
