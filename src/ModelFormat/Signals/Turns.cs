namespace EdgeInference.ModelFormat.Signals
{
    /// <summary>
    /// Cosines of fractions of a turn from integers alone: a device whose functions are those of float32 has the same tables.
    /// 60 fraction bits in between, so that the 30 that are given are off by half of the last at most, and 2⁻⁵⁵.
    /// </summary>
    internal static class Turns
    {
        /// <summary>1 in the cosines that are given.</summary>
        public const int One = 1 << 30;

        private const long Unit = 1L << 60;

        // π/4 with 60 fraction bits.
        private const long Octant = 905502432259640355;

        /// <summary>cos(2π · index / count) with 30 fraction bits.</summary>
        /// <param name="index">0 to <paramref name="count"/> / 2.</param>
        /// <param name="count">1 to 16,384.</param>
        public static int Cosine(int index, int count)
        {
            int eighths = 8 * index;
            int octant = eighths / count;
            int rest = eighths - (octant * count);
            long value;
            switch (octant)
            {
                case 0: value = CosineSeries(Angle(rest, count)); break;
                case 1: value = SineSeries(Angle(count - rest, count)); break;
                case 2: value = -SineSeries(Angle(rest, count)); break;
                case 3: value = -CosineSeries(Angle(count - rest, count)); break;
                default: value = -Unit; break;
            }

            return (int)((value + (1L << 29)) >> 30);
        }

        // rest / count of an eighth of a turn.
        private static long Angle(int rest, int count)
        {
            long whole = Octant / count;
            return (whole * rest) + ((Octant - (whole * count)) * rest / count);
        }

        // Taylor's series, the terms from the last to the first; what is left out is below 2⁻⁶⁰ at π/4.
        private static long CosineSeries(long x)
        {
            return Series(Multiply(x, x), 17);
        }

        private static long SineSeries(long x)
        {
            return Multiply(x, Series(Multiply(x, x), 18));
        }

        private static long Series(long square, int last)
        {
            long sum = Unit;
            for (int n = last; n > 0; n -= 2)
            {
                sum = Unit - (Multiply(square, sum) / (n * (n + 1)));
            }

            return sum;
        }

        // The product of two numbers from 0 to 1, at most three of its last places too small.
        private static long Multiply(long a, long b)
        {
            long highA = a >> 30;
            long highB = b >> 30;
            return (highA * highB) + ((highA * (b & (One - 1))) >> 30) + (((a & (One - 1)) * highB) >> 30);
        }
    }
}
