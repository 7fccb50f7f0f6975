using EdgeInference.ModelFormat.Numerics;

// x != x is the test for NaN that costs the interpreter no call.
#pragma warning disable CS1718

namespace EdgeInference.Nano
{
    /// <summary>Logarithm, root and power in float32 for all arguments; see <see cref="FloatMath"/> for why they are here.</summary>
    /// <remarks>
    /// nanoFramework's interpreter takes a NaN for greater than any number and +∞ and −∞ for equal; x != x is right. So kernels ask
    /// that first, and compare what may be infinite by its difference.
    /// </remarks>
    internal static class FloatPowers
    {
        internal const float Largest = 3.4028235e38f;

        // From here on a float32 is an even integer.
        private const float AllEven = 16777216f;

        // Whole powers up to this are products.
        private const int LargestProduct = 64;

        /// <summary>ln x; −∞ at 0, NaN below.</summary>
        internal static float Log(float x)
        {
            if (x != x)
            {
                return x;
            }

            if (0f < x)
            {
                return Largest < x ? x : FloatFunctions.Log(x);
            }

            return x == 0f ? float.NegativeInfinity : float.NaN;
        }

        /// <summary>√x within 1 ULP; NaN below 0.</summary>
        internal static float Sqrt(float x)
        {
            if (x != x || x <= 0f || Largest < x)
            {
                return x < 0f ? float.NaN : x;
            }

            // One step of Newton's method doubles the digits of what the exponential gives.
            float y = FloatFunctions.Exp(0.5f * FloatFunctions.Log(x));
            return 0.5f * (y + (x / y));
        }

        /// <summary>a to the power b, special cases as C's pow; relative error below 2e-7 · (2 + |b · ln a|).</summary>
        internal static float Pow(float a, float b)
        {
            if (b == 0f || a == 1f)
            {
                return 1f;
            }

            if (a != a || b != b)
            {
                return float.NaN;
            }

            float magnitude = b < 0f ? -b : b;
            bool isEven = AllEven <= magnitude;
            bool isWhole = isEven;
            if (!isEven)
            {
                int whole = (int)magnitude;
                isWhole = whole == magnitude;
                isEven = isWhole && (whole & 1) == 0;
                if (isWhole && whole <= LargestProduct)
                {
                    float product = Product(a, whole);
                    return b < 0f ? FloatMath.Divide(1f, product) : product;
                }
            }

            if (a == 0f)
            {
                return 0f < b ? 0f : float.PositiveInfinity;
            }

            if (a < 0f && !isWhole)
            {
                return -Largest <= a ? float.NaN : 0f < b ? float.PositiveInfinity : 0f;
            }

            float positive = a < 0f ? -a : a;
            float power = positive == 1f ? 1f : FloatFunctions.Exp(b * Log(positive));
            return a < 0f && !isEven ? -power : power;
        }

        private static float Product(float a, int n)
        {
            float product = 1f;
            while (n > 0)
            {
                if ((n & 1) != 0)
                {
                    product *= a;
                }

                a *= a;
                n >>= 1;
            }

            return product;
        }
    }
}
