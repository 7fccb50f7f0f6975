namespace EdgeInference.ModelFormat.Signals
{
    /// <summary>
    /// Filters of second order one after the other, for several channels: y = b0·x + b1·x₁ + b2·x₂ − a1·y₁ − a2·y₂ (direct form I).
    /// Values have 10 bits after the point, coefficients 30, sums 64 bits. What a sum loses when it is cut is added to the next one
    /// (error feedback of first order), so that slow filters keep their level.
    /// </summary>
    internal sealed class BiquadCascade
    {
        /// <summary>Bits after the point of values between filters.</summary>
        public const int FractionBits = 10;

        /// <summary>Where values between filters saturate: 16 times what a count can be, and five products stay within 64 bits.</summary>
        public const int Limit = (1 << 29) - 1;

        private const int CoefficientBits = 30;
        private const int RestMask = (1 << CoefficientBits) - 1;

        private readonly int[] coefficients;

        // For each channel the last two inputs, then the last two outputs of each filter, which are the inputs of the next.
        private readonly int[] history;

        // For each channel and filter what its last sum lost.
        private readonly int[] rests;

        private readonly int filters;

        /// <param name="coefficients">Five for each filter, of a stable one.</param>
        /// <param name="channels">1 or more.</param>
        public BiquadCascade(int[] coefficients, int channels)
        {
            this.coefficients = coefficients;
            filters = coefficients.Length / 5;
            history = new int[channels * 2 * (filters + 1)];
            rests = new int[channels * filters];
        }

        /// <summary>Bytes of RAM.</summary>
        public int RamBytes
        {
            get { return 4 * (coefficients.Length + history.Length + rests.Length); }
        }

        /// <summary>Forgets all samples: what came before is taken for 0.</summary>
        public void Reset()
        {
            for (int i = 0; i < history.Length; i++)
            {
                history[i] = 0;
            }

            for (int i = 0; i < rests.Length; i++)
            {
                rests[i] = 0;
            }
        }

        /// <summary>The next output of a channel.</summary>
        /// <param name="channel">Its number.</param>
        /// <param name="sample">A count.</param>
        /// <returns>Rounded to a count, halves up, and saturated to int16.</returns>
        public int Next(int channel, int sample)
        {
            int[] c = coefficients;
            int[] h = history;
            int[] lost = rests;
            int at = channel * 2 * (filters + 1);
            int rest = channel * filters;
            int x = sample << FractionBits;
            for (int i = 0; i < c.Length; i += 5)
            {
                int x1 = h[at];
                long sum = ((long)c[i] * x) + ((long)c[i + 1] * x1) + ((long)c[i + 2] * h[at + 1]) + lost[rest];
                h[at + 1] = x1;
                h[at] = x;
                at += 2;
                sum -= ((long)c[i + 3] * h[at]) + ((long)c[i + 4] * h[at + 1]);
                lost[rest++] = (int)sum & RestMask;
                sum >>= CoefficientBits;
                x = sum > Limit ? Limit : sum < -Limit ? -Limit : (int)sum;
            }

            h[at + 1] = h[at];
            h[at] = x;
            int count = (x + (1 << (FractionBits - 1))) >> FractionBits;
            return count > short.MaxValue ? short.MaxValue : count < short.MinValue ? short.MinValue : count;
        }
    }
}
