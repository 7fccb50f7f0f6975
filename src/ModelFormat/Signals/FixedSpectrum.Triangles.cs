namespace EdgeInference.ModelFormat.Signals
{
    /// <content>Powers under a straight line.</content>
    internal sealed partial class FixedSpectrum
    {
        // 20 bits of a weight, and as many less of a power, keep sums in 64 bits.
        private const int WeightBits = 20;

        /// <summary>The power of the bins from one edge to before another, in 1/256 of a bin, and what of it is under a line that rises from 0 to 1.</summary>
        public long Segment(int from, int to, out long rising)
        {
            int[] x = re;
            int[] y = im;
            long all = 0;
            long sum = 0;
            int width = to - from;
            int k = (from + (1 << SignalPlan.BinShift) - 1) >> SignalPlan.BinShift;
            if (k == 0)
            {
                k = 1;
            }

            for (int at = (k << SignalPlan.BinShift) - from; at < width; at += 1 << SignalPlan.BinShift)
            {
                long real = x[k];
                long imaginary = y[k];
                long power = ((real * real) + (imaginary * imaginary) + (1L << (WeightBits - 2))) >> (WeightBits - 1);
                all += power;
                sum += (((long)at << WeightBits) + (width >> 1)) / width * power;
                k++;
            }

            rising = sum;
            return all << WeightBits;
        }
    }
}
