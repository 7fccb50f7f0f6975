namespace EdgeInference.ModelFormat.Signals
{
    /// <summary>
    /// float32 values nearest to a fraction or root of integers, ties to even: made of an integer of at most 24 bits and a power of two,
    /// so that every engine has the same bits.
    /// </summary>
    internal static class RoundedFloat
    {
        private const int Bits = 24;

        /// <summary>numerator / denominator · 2^exponent.</summary>
        /// <param name="numerator">Any but the lowest.</param>
        /// <param name="denominator">1 to 2⁴⁶.</param>
        /// <param name="exponent">So that the result is a normal number.</param>
        public static float Ratio(long numerator, long denominator, int exponent)
        {
            int power;
            return numerator < 0
                ? -Scale(Mantissa(-numerator, denominator, out power), power + exponent)
                : Scale(Mantissa(numerator, denominator, out power), power + exponent);
        }

        /// <summary>The mantissa of the nearest float32: numerator / denominator is about mantissa · 2^power.</summary>
        /// <returns>0, or 2²³ to 2²⁴.</returns>
        public static int Mantissa(long numerator, long denominator, out int power)
        {
            power = 0;
            if (numerator == 0)
            {
                return 0;
            }

            // One bit more than a mantissa has, and whether there is more behind it.
            long quotient = numerator / denominator;
            long rest = numerator - (quotient * denominator);
            bool more = false;
            while (quotient >= 1L << (Bits + 1))
            {
                more |= (quotient & 1) != 0;
                quotient >>= 1;
                power++;
            }

            while (quotient < 1L << Bits)
            {
                quotient <<= 1;
                rest <<= 1;
                power--;
                if (rest >= denominator)
                {
                    rest -= denominator;
                    quotient |= 1;
                }
            }

            return Round((int)quotient, more || rest != 0, ref power);
        }

        /// <summary>√(numerator / denominator).</summary>
        /// <param name="numerator">0 to 2⁴⁶.</param>
        /// <param name="denominator">1 to 2¹⁶.</param>
        public static float Root(long numerator, int denominator)
        {
            if (numerator == 0)
            {
                return 0f;
            }

            // 4^-power times as much has 49 or 50 bits, its root 25.
            long quotient = numerator / denominator;
            long rest = numerator - (quotient * denominator);
            int power = 0;
            while (quotient < 1L << (2 * Bits))
            {
                rest <<= 2;
                long next = rest / denominator;
                rest -= next * denominator;
                quotient = (quotient << 2) + next;
                power--;
            }

            long root = Root(quotient);
            return Scale(Round((int)root, rest != 0 || root * root != quotient, ref power), power);
        }

        /// <summary>mantissa · 2^power, exactly.</summary>
        public static float Scale(int mantissa, int power)
        {
            float value = mantissa;
            while (power >= 16)
            {
                value *= 65536f;
                power -= 16;
            }

            while (power <= -16)
            {
                value *= 1f / 65536f;
                power += 16;
            }

            return power >= 0 ? value * (float)(1 << power) : value / (float)(1 << -power);
        }

        // The last of 25 bits is the half.
        private static int Round(int quotient, bool more, ref int power)
        {
            power++;
            int mantissa = quotient >> 1;
            bool up = (quotient & 1) != 0 && (more || (mantissa & 1) != 0);
            return up ? mantissa + 1 : mantissa;
        }

        // The whole part of the root of a number below 2⁵⁰, a bit at a time.
        private static long Root(long square)
        {
            long root = 0;
            for (long bit = 1L << 48; bit > 0; bit >>= 2)
            {
                if (square >= root + bit)
                {
                    square -= root + bit;
                    root = (root >> 1) + bit;
                }
                else
                {
                    root >>= 1;
                }
            }

            return root;
        }
    }
}
