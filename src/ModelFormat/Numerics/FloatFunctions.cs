namespace EdgeInference.ModelFormat.Numerics
{
    /// <summary>
    /// e^x and ln x in float32 from additions, multiplications and divisions alone, so that a desktop and a device, which
    /// have other libraries and other precisions, calculate the same bits.
    /// </summary>
    static partial class FloatFunctions
    {
        // ln 2 in two parts, the first with 9 trailing zero bits, so that k times it is exact (Cody and Waite, "Software
        // Manual for the Elementary Functions", 1980).
        private const float Ln2High = 0.693359375f;
        private const float Ln2Low = -2.12194440e-4f;
        private const float ReciprocalLn2 = 1.44269504f;
        private const float SquareRootOfHalf = 0.70710678f;

        // 2^−126 … 2^128 as 2^(16 · coarse − 128) · 2^fine: nanoFramework has no cheap way to write a float's exponent, and
        // 2^128 is none of its own.
        private static readonly float[] coarsePowers = Powers(-128, 16, 16);
        private static readonly float[] finePowers = Powers(0, 1, 17);

        /// <summary>e^x within 2 ULP; 0 below −87.33, where it would be subnormal, and +∞ above 88.72; NaN gives NaN.</summary>
        public static float Exp(float x)
        {
            // nanoFramework's interpreter takes a NaN for greater than any number, so that no other comparison tells it.
#pragma warning disable CS1718
            if (x != x)
#pragma warning restore CS1718
            {
                return x;
            }

            if (88.72283f < x)
            {
                return float.PositiveInfinity;
            }

            if (x < -87.33654f)
            {
                return 0f;
            }

            int k = (int)((x * ReciprocalLn2) + (x < 0f ? -0.5f : 0.5f));
            float r = (x - (k * Ln2High)) - (k * Ln2Low);

            // Taylor's series: the first term left out is below 2⁻²⁷ on |r| ≤ ln2 / 2.
            float series = (1f / 720f) + (r * (1f / 5040f));
            series = (1f / 120f) + (r * series);
            series = (1f / 24f) + (r * series);
            series = (1f / 6f) + (r * series);
            series = 0.5f + (r * series);
            int coarse = k == 128 ? 15 : (k + 128) >> 4;
            return (1f + (r + (r * r * series))) * finePowers[k + 128 - (coarse << 4)] * coarsePowers[coarse];
        }

        /// <summary>ln x within 2 ULP for x from 2⁻¹²⁶ to 2¹²⁷; NaN gives NaN.</summary>
        public static float Log(float x)
        {
            int k = 0;
            while (x < SquareRootOfHalf)
            {
                x *= 2f;
                k--;
            }

            while (2f * SquareRootOfHalf < x)
            {
                x *= 0.5f;
                k++;
            }

            // ln(1 + f) = f − s(f − 2(s²/3 + s⁴/5 + …)) with s = f / (2 + f), |s| ≤ 0.1716.
            float f = x - 1f;
            float s = f / (2f + f);
            float z = s * s;
            float series = (2f / 7f) + (z * (2f / 9f));
            series = (2f / 5f) + (z * series);
            series = (2f / 3f) + (z * series);
            return (k * Ln2High) + ((k * Ln2Low) + (f - (s * (f - (z * series)))));
        }

        /// <summary>1 / (1 + e^−x).</summary>
        public static float Sigmoid(float x)
        {
            float e = Exp(x < 0f ? x : -x);
            return x < 0f ? e / (1f + e) : 1f / (1f + e);
        }

        private static float[] Powers(int first, int step, int count)
        {
            float[] powers = new float[count];
            for (int i = 0; i < count; i++)
            {
                int exponent = first + (i * step);
                float power = 1f;
                for (int n = exponent; n > 0; n--)
                {
                    power *= 2f;
                }

                for (int n = exponent; n < 0; n++)
                {
                    power *= 0.5f;
                }

                powers[i] = power;
            }

            return powers;
        }
    }
}
