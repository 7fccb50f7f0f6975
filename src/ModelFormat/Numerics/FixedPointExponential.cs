namespace EdgeInference.ModelFormat.Numerics
{
    /// <summary>
    /// e^x and 1/(1 + x) on int32 fixed point, by the polynomials and constants published with gemmlowp (fixedpoint.h), whose
    /// results the int8 Softmax of TensorFlow Lite is defined by. Qm.n has m integer bits and n = 31 − m fraction bits.
    /// </summary>
    static partial class FixedPointExponential
    {
        // 1 in Q2.29.
        private const int One = 1 << 29;

        // e^(−2^k) in Q0.31 for k = −2 to 4.
        private static readonly int[] powers = new int[] { 1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242 };

        /// <summary>e^x for x ≤ 0.</summary>
        /// <param name="x">Q5.26, −32 to 0.</param>
        /// <returns>Q0.31.</returns>
        public static int OfNegative(int x)
        {
            return OfNegative(x, 5);
        }

        /// <summary>e^x for x ≤ 0.</summary>
        /// <param name="x">Qm.n with m = <paramref name="integerBits"/>, −2^m to 0.</param>
        /// <param name="integerBits">0 to 5.</param>
        /// <returns>Q0.31.</returns>
        public static int OfNegative(int x, int integerBits)
        {
            int quarter = 1 << (29 - integerBits);
            if (x == 0)
            {
                return int.MaxValue;
            }

            // −1/4 ≤ reduced < 0 and x = reduced − remainder, remainder a multiple of 1/4.
            int reduced = (x & (quarter - 1)) - quarter;
            int result = OfSmallNegative(reduced << integerBits);
            int remainder = reduced - x;
            for (int k = 0; k < integerBits + 2; k++)
            {
                if ((remainder & (quarter << k)) != 0)
                {
                    result = FixedPoint.SaturatingRoundingDoublingHighMul(result, powers[k]);
                }
            }

            return result;
        }

        /// <summary>1 / (1 + x) for x from 0 to 1.</summary>
        /// <param name="x">Q0.31.</param>
        /// <returns>Q0.31.</returns>
        public static int ReciprocalOfOnePlus(int x)
        {
            return ShiftLeftSaturated(ReciprocalOfHalf(x), 1);
        }

        /// <summary>(1 − x) / (1 + x) for x from 0 to 1; tanh t for x = e^−2t.</summary>
        /// <param name="x">Q0.31.</param>
        /// <returns>Q0.31.</returns>
        public static int OneMinusOverOnePlus(int x)
        {
            return ShiftLeftSaturated(ReciprocalOfHalf(x) - One, 2);
        }

        /// <summary>x · 2^bits, saturated to int32.</summary>
        public static int ShiftLeftSaturated(int x, int bits)
        {
            long value = (long)x << bits;
            return value > int.MaxValue ? int.MaxValue : value < int.MinValue ? int.MinValue : (int)value;
        }

        // 2 / (1 + x) in Q2.29 by three Newton-Raphson steps from 48/17 − 32/17·d.
        private static int ReciprocalOfHalf(int x)
        {
            int half = (int)(((long)x + int.MaxValue + 1) >> 1);
            int estimate = 1515870810 + FixedPoint.SaturatingRoundingDoublingHighMul(half, -1010580540);
            for (int step = 0; step < 3; step++)
            {
                int error = One - FixedPoint.SaturatingRoundingDoublingHighMul(half, estimate);
                estimate += ShiftLeftSaturated(FixedPoint.SaturatingRoundingDoublingHighMul(estimate, error), 2);
            }

            return estimate;
        }

        // Taylor's series around −1/8 for x from −1/4 to 0, Q0.31.
        private static int OfSmallNegative(int x)
        {
            const int ExpOfMinusEighth = 1895147668;
            const int Third = 715827883;
            int t = x + (1 << 28);
            int t2 = FixedPoint.SaturatingRoundingDoublingHighMul(t, t);
            int t3 = FixedPoint.SaturatingRoundingDoublingHighMul(t2, t);
            int t4 = FixedPoint.SaturatingRoundingDoublingHighMul(t2, t2);
            int t4Over4 = FixedPoint.RoundingDivideByPowerOfTwo(t4, 2);
            int tail = FixedPoint.RoundingDivideByPowerOfTwo(FixedPoint.SaturatingRoundingDoublingHighMul(t4Over4 + t3, Third) + t2, 1);
            return ExpOfMinusEighth + FixedPoint.SaturatingRoundingDoublingHighMul(ExpOfMinusEighth, t + tail);
        }
    }
}
