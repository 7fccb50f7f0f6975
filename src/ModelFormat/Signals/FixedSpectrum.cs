namespace EdgeInference.ModelFormat.Signals
{
    /// <summary>
    /// The spectrum of a window of counts: mean-free exactly, under a Hann window, padded with zeros to a power of two, by the radix-2
    /// transform of half as many complex points (Cooley and Tukey 1965) in 32 bits.
    /// The rule of scaling: n times the mean-free signal is shifted so that its largest magnitude D lies from 2²⁸ to below 2²⁹, and each of
    /// the transform's stages halves.
    /// </summary>
    internal sealed partial class FixedSpectrum
    {
        // Where the shifted signal's largest magnitude ends.
        private const int SignalBits = 29;

        private readonly int length;
        private readonly int points;
        private readonly int[] re;
        private readonly int[] im;

        // cos(2πk / points) for a quarter of a turn.
        private readonly int[] quarter;

        // cos(2πk / length) for half a turn; null where a quarter of the points says it.
        private readonly int[] half;

        private readonly int bits;

        private int shift;

        /// <param name="length">Samples of the window, 4 to 16,384.</param>
        public FixedSpectrum(int length)
        {
            this.length = length;
            points = SignalPlan.Points(length);
            while (1 << bits < points)
            {
                bits++;
            }

            re = new int[points / 2];
            im = new int[points / 2];
            quarter = new int[(points / 4) + 1];
            for (int i = 0; i < quarter.Length; i++)
            {
                quarter[i] = Turns.Cosine(i, points);
            }

            if (length != points)
            {
                half = new int[(length / 2) + 1];
                for (int i = 0; i < half.Length; i++)
                {
                    half[i] = Turns.Cosine(i, length);
                }
            }
        }

        /// <summary>Bytes of RAM.</summary>
        public int RamBytes
        {
            get { return 4 * (re.Length + im.Length + quarter.Length + (half == null ? 0 : half.Length)); }
        }

        /// <summary>A sum is in counts² if divided by this, 3n³, ...</summary>
        public long Divisor
        {
            get { return 3L * length * length * length; }
        }

        /// <summary>... and multiplied by 2 to this.</summary>
        public int Exponent
        {
            get { return bits - 1 - (2 * shift); }
        }

        /// <summary>Transforms a window.</summary>
        /// <param name="counts">Where it is.</param>
        /// <param name="start">The first of the places that it goes round in.</param>
        /// <param name="oldest">The place of its oldest count.</param>
        /// <param name="sum">The sum of its counts.</param>
        /// <param name="min">The least of them.</param>
        /// <param name="max">The greatest.</param>
        public void Transform(short[] counts, int start, int oldest, int sum, int min, int max)
        {
            int above = (length * max) - sum;
            int below = sum - (length * min);
            int largest = above > below ? above : below;
            shift = 0;
            for (int i = 0; i < re.Length; i++)
            {
                re[i] = 0;
                im[i] = 0;
            }

            if (largest == 0)
            {
                return;
            }

            if (largest >= 1 << SignalBits)
            {
                shift = -1;
            }

            while (shift >= 0 && largest < 1 << (SignalBits - 1))
            {
                largest <<= 1;
                shift++;
            }

            Load(counts, start, oldest, sum);
            Reorder();
            Stages();
            Split();
        }

        /// <summary>Twice the squared magnitudes of bins from <paramref name="first"/>, 1 or more, to before <paramref name="end"/>; once that of the last, which has no mirror image.</summary>
        public long Sum(int first, int end)
        {
            int[] x = re;
            int[] y = im;
            int last = end > x.Length ? x.Length : end;
            long sum = 0;
            for (int k = first; k < last; k++)
            {
                long real = x[k];
                long imaginary = y[k];
                sum += (real * real) + (imaginary * imaginary);
            }

            sum <<= 1;
            if (last < end)
            {
                long middle = y[0];
                sum += middle * middle;
            }

            return sum;
        }

        // Samples i and n − i have one weight, 1/2 − cos(2πi/n)/2. Even ones are real parts, odd ones imaginary.
        private void Load(short[] counts, int start, int oldest, int sum)
        {
            int[] x = re;
            int[] y = im;
            int n = length;
            int end = start + n;
            int left = oldest;
            int right = oldest;
            int down = 31 - shift;
            long round = 1L << (down - 1);

            // A quarter of a turn of the points, or half a turn of the window.
            int[] cosines = half == null ? quarter : half;
            int reach = cosines.Length;
            int turn = points >> 1;
            int middle = n >> 1;
            for (int i = 1; i <= middle; i++)
            {
                left++;
                if (left == end)
                {
                    left = start;
                }

                if (right == start)
                {
                    right = end;
                }

                right--;
                int cosine = i < reach ? cosines[i] : -cosines[turn - i];
                long weight = Turns.One - (long)cosine;
                int value = (int)(((((n * counts[left]) - sum) * weight) + round) >> down);
                int other = (int)(((((n * counts[right]) - sum) * weight) + round) >> down);
                if ((i & 1) == 0)
                {
                    x[i >> 1] = value;
                }
                else
                {
                    y[i >> 1] = value;
                }

                int j = n - i;
                if ((j & 1) == 0)
                {
                    x[j >> 1] = other;
                }
                else
                {
                    y[j >> 1] = other;
                }
            }
        }

        // Each number to the place of its index with the bits in reverse order.
        private void Reorder()
        {
            int[] x = re;
            int[] y = im;
            int count = x.Length;
            int other = 0;
            for (int i = 1; i < count; i++)
            {
                int bit = count >> 1;
                while ((other & bit) != 0)
                {
                    other ^= bit;
                    bit >>= 1;
                }

                other |= bit;
                if (i < other)
                {
                    int kept = x[i];
                    x[i] = x[other];
                    x[other] = kept;
                    kept = y[i];
                    y[i] = y[other];
                    y[other] = kept;
                }
            }
        }

        private void Stages()
        {
            int[] x = re;
            int[] y = im;
            int[] cosines = quarter;
            int count = x.Length;
            int turn = points >> 2;
            int step = points >> 1;
            for (int reach = 1; reach < count; reach <<= 1)
            {
                int next = reach << 1;
                for (int a = 0; a < count; a += next)
                {
                    // The factor of the first of each stage is 1.
                    int b = a + reach;
                    int u = x[a] + 1;
                    int v = x[b];
                    x[a] = (u + v) >> 1;
                    x[b] = (u - v) >> 1;
                    u = y[a] + 1;
                    v = y[b];
                    y[a] = (u + v) >> 1;
                    y[b] = (u - v) >> 1;
                }

                for (int k = 1; k < reach; k++)
                {
                    int angle = k * step;
                    long c = angle <= turn ? cosines[angle] : -cosines[(2 * turn) - angle];
                    long s = angle <= turn ? cosines[turn - angle] : cosines[angle - turn];
                    for (int a = k; a < count; a += next)
                    {
                        int b = a + reach;
                        int p = x[b];
                        int q = y[b];
                        long product = (c * p) + (s * q);
                        long sum = ((long)x[a] << 30) + (1L << 30);
                        x[a] = (int)((sum + product) >> 31);
                        x[b] = (int)((sum - product) >> 31);
                        product = (c * q) - (s * p);
                        sum = ((long)y[a] << 30) + (1L << 30);
                        y[a] = (int)((sum + product) >> 31);
                        y[b] = (int)((sum - product) >> 31);
                    }
                }

                step >>= 1;
            }
        }

        // What the complex transform Z of even and odd samples says of the real one: bin k is A + T, bin M − k the conjugate of A − T, with
        // A = Z(k) + Z*(M − k), T = −i·w·(Z(k) − Z*(M − k)) and w the factor of k. The last bin goes to the place of im[0], the mean's is 0.
        private void Split()
        {
            int[] x = re;
            int[] y = im;
            int count = x.Length;
            int turn = points >> 2;
            y[0] = (x[0] - y[0]) << 1;
            x[0] = 0;
            int middle = count >> 1;
            for (int k = 1; k < middle; k++)
            {
                int m = count - k;
                long c = quarter[k];
                long s = quarter[turn - k];
                int sumX = x[k] + x[m];
                int sumY = y[k] - y[m];
                int p = x[k] - x[m];
                int q = y[k] + y[m];
                int realPart = (int)(((c * q) - (s * p) + (1L << 29)) >> 30);
                int otherPart = (int)(((c * p) + (s * q) + (1L << 29)) >> 30);
                x[k] = sumX + realPart;
                y[k] = sumY - otherPart;
                x[m] = sumX - realPart;
                y[m] = -sumY - otherPart;
            }

            x[middle] <<= 1;
            y[middle] = -y[middle] << 1;
        }
    }
}
