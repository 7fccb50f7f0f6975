namespace EdgeInference.ModelFormat.Signals
{
    /// <summary>log₂(1 + p) of a power in fixed point: the bits after the point one by one, by squaring.</summary>
    internal static class FixedLogarithm
    {
        /// <summary>Bits after the point.</summary>
        public const int Bits = 16;

        // Bits after the point of 1 + p.
        private const int PowerBits = 20;

        /// <summary>log₂(1 + mantissa · 2^exponent).</summary>
        /// <param name="mantissa">0 to 2²⁴.</param>
        /// <param name="exponent">At most 16.</param>
        /// <returns>With 16 bits after the point, below 2²³.</returns>
        public static int OfOnePlus(int mantissa, int exponent)
        {
            int shift = exponent + PowerBits;
            long value = shift >= 0 ? (long)mantissa << shift
                : shift < -31 ? 0
                : ((long)mantissa + (1L << (-shift - 1))) >> -shift;
            value += 1L << PowerBits;
            int whole = -PowerBits + 30;
            int result = 0;
            while (value >= 1L << 31)
            {
                value >>= 1;
                result++;
            }

            while (value < 1L << 30)
            {
                value <<= 1;
                result--;
            }

            result += whole;
            for (int bit = 0; bit <= Bits; bit++)
            {
                value = (value * value) >> 30;
                result <<= 1;
                if (value >= 1L << 31)
                {
                    value >>= 1;
                    result++;
                }
            }

            // One bit more was made, to round.
            return (result + 1) >> 1;
        }
    }
}
