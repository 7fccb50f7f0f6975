namespace EdgeInference.ModelFormat.Numerics
{
    /// <summary>
    /// The fixed-point steps that every engine shares, so that they agree to the bit. The rules are those of the TensorFlow Lite
    /// quantization specification and of gemmlowp's doc/quantization.md: a real multiplier is an int32 Q0.31 multiplier and a
    /// power of two, and the product is rounded twice, first to nearest with ties up, then to nearest with ties away from zero.
    /// </summary>
    internal static class FixedPoint
    {
        /// <summary>round(a·b / 2³¹), ties towards +∞, saturated (only −2³¹ · −2³¹ saturates).</summary>
        public static int SaturatingRoundingDoublingHighMul(int a, int b)
        {
            if (a == int.MinValue && b == int.MinValue)
            {
                return int.MaxValue;
            }

            return (int)((((long)a * b) + (1L << 30)) >> 31);
        }

        /// <summary>round(x / 2^exponent), ties away from zero; exponent 0 to 31.</summary>
        public static int RoundingDivideByPowerOfTwo(int x, int exponent)
        {
            int mask = (int)((1L << exponent) - 1);
            int remainder = x & mask;
            int threshold = (mask >> 1) + (x < 0 ? 1 : 0);
            return (x >> exponent) + (remainder > threshold ? 1 : 0);
        }

        /// <summary>How many elements a mean adds in int32, rounding included; sums of larger windows are int64.</summary>
        /// <param name="lowest">The lowest element, −128 or −32768.</param>
        public static int MostOfMean(int lowest)
        {
            return int.MaxValue / (1 - lowest);
        }

        /// <summary>x · multiplier · 2^(shift − 31), rounded as above; a shift above 0 is to the left, before the product, and saturates.</summary>
        public static int Requantize(int x, int multiplier, int shift)
        {
            return shift > 0
                ? SaturatingRoundingDoublingHighMul(FixedPointExponential.ShiftLeftSaturated(x, shift), multiplier)
                : RoundingDivideByPowerOfTwo(SaturatingRoundingDoublingHighMul(x, multiplier), -shift);
        }

        /// <summary>A multiplier cut to 16 bits, rounded.</summary>
        public static int ReducedMultiplier(int multiplier)
        {
            return multiplier < 0x7FFF0000 ? (multiplier + (1 << 15)) >> 16 : 0x7FFF;
        }

        /// <summary>
        /// The form for 64-bit accumulators: the multiplier is cut to 16 bits and the product rounded once, ties up;
        /// the result saturates. |x| must be below 2⁴⁷.
        /// </summary>
        public static int Requantize(long x, int multiplier, int shift)
        {
            int totalShift = 15 - shift;
            long product = (x * ReducedMultiplier(multiplier)) + (1L << (totalShift - 1));
            product >>= totalShift;
            return product > int.MaxValue ? int.MaxValue : product < int.MinValue ? int.MinValue : (int)product;
        }
    }
}
