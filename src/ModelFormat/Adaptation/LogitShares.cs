using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.ModelFormat.Adaptation
{
    /// <summary>Probabilities of logits, in integers: shares by a softmax, or one by a sigmoid, as multiples of 2⁻¹⁵.</summary>
    internal static class LogitShares
    {
        /// <summary>1 as a share.</summary>
        public const int One = 1 << 15;

        private const int ExponentBits = 26;
        private const int Deepest = 32;

        /// <summary>Shares of a softmax.</summary>
        /// <param name="logits">Magnitudes below 2⁶⁰.</param>
        /// <param name="fractionBits">16 to 30.</param>
        /// <param name="shares">Takes as many shares, 0 to 2¹⁵.</param>
        /// <param name="powers">Room for as many numbers.</param>
        public static void Softmax(long[] logits, int fractionBits, int[] shares, int[] powers)
        {
            long highest = logits[0];
            for (int i = 1; i < logits.Length; i++)
            {
                highest = logits[i] > highest ? logits[i] : highest;
            }

            long sum = 0;
            for (int i = 0; i < logits.Length; i++)
            {
                powers[i] = Power(logits[i] - highest, fractionBits);
                sum += powers[i];
            }

            for (int i = 0; i < logits.Length; i++)
            {
                shares[i] = (int)((((long)powers[i] << 15) + (sum >> 1)) / sum);
            }
        }

        /// <summary>1 / (1 + e^−logit).</summary>
        public static int Sigmoid(long logit, int fractionBits)
        {
            long power = Power(logit < 0 ? logit : -logit, fractionBits);
            long sum = power + int.MaxValue;
            long share = logit < 0 ? power : int.MaxValue;
            return (int)(((share << 15) + (sum >> 1)) / sum);
        }

        // e^x of x ≤ 0, in Q0.31.
        private static int Power(long x, int fractionBits)
        {
            if (x <= -((long)Deepest << fractionBits))
            {
                return 0;
            }

            int cut = fractionBits - ExponentBits;
            return FixedPointExponential.OfNegative((int)(cut > 0 ? x >> cut : x << -cut));
        }
    }
}
