using EdgeInference.ModelFormat.Numerics;

// x != x is the test for NaN that costs the interpreter no call.
#pragma warning disable CS1718

namespace EdgeInference.Nano
{
    /// <summary>
    /// Circular and hyperbolic functions and their inverses in float32; see <see cref="FloatMath"/> for why they are here. The
    /// polynomials are those of the Cephes library's single precision (Moshier, netlib.org/cephes). Relative error below 1e-6, of
    /// sine and cosine absolute, and |x| · 1e-7 beyond 8,192.
    /// </summary>
    internal static class FloatAngles
    {
        private const float HalfPi = 1.57079633f;
        private const float QuarterPi = 0.78539816f;
        private const float Pi = 3.14159265f;
        private const float Turn = 6.2831853f;
        private const float Ln2 = 0.69314718f;

        // π/2 in three parts, the first two short, so that a small multiple of them is exact.
        private const float HalfPi1 = 1.5703125f;
        private const float HalfPi2 = 4.837512969970703e-4f;
        private const float HalfPi3 = 7.549789954891882e-8f;
        private const float LargestExact = 8192f;

        // Above this, x² would be infinite, and 1 beside it is nothing.
        private const float LargestSquare = 1e18f;

        /// <summary>sin x.</summary>
        internal static float Sin(float x)
        {
            return Circular(x, 0);
        }

        /// <summary>cos x.</summary>
        internal static float Cos(float x)
        {
            return Circular(x, 1);
        }

        /// <summary>tan x.</summary>
        internal static float Tan(float x)
        {
            return FloatMath.Divide(Circular(x, 0), Circular(x, 1));
        }

        /// <summary>arctan x.</summary>
        internal static float Atan(float x)
        {
            if (x < 0f)
            {
                return -Atan(-x);
            }

            float start = 0f;
            float r = x;
            if (2.4142136f < x)
            {
                start = HalfPi;
                r = -1f / x;
            }
            else if (0.41421356f < x)
            {
                start = QuarterPi;
                r = (x - 1f) / (x + 1f);
            }

            float z = r * r;
            return start + (r + (r * z * (-0.333329491539f + (z * (0.199777106478f + (z * (-0.138776856032f + (z * 0.0805374449538f))))))));
        }

        /// <summary>arcsin x; NaN beyond ±1.</summary>
        internal static float Asin(float x)
        {
            if (1f <= x || x <= -1f)
            {
                return x == 1f ? HalfPi : x == -1f ? -HalfPi : float.NaN;
            }

            return x != x ? x : Atan(x / FloatPowers.Sqrt((1f - x) * (1f + x)));
        }

        /// <summary>arccos x; NaN beyond ±1.</summary>
        internal static float Acos(float x)
        {
            if (1f <= x || x <= -1f)
            {
                return x == 1f ? 0f : x == -1f ? Pi : float.NaN;
            }

            return x != x ? x : 2f * Atan(FloatPowers.Sqrt((1f - x) / (1f + x)));
        }

        /// <summary>sinh x.</summary>
        internal static float Sinh(float x)
        {
            float magnitude = x < 0f ? -x : x;
            float half = FloatFunctions.Exp(0.5f * magnitude);
            float e = FloatMath.ExpMinusOne(magnitude);
            float y = 20f < magnitude ? 0.5f * half * half : 0.5f * (e + (e / (1f + e)));
            return x < 0f ? -y : y;
        }

        /// <summary>cosh x.</summary>
        internal static float Cosh(float x)
        {
            float magnitude = x < 0f ? -x : x;
            float half = FloatFunctions.Exp(0.5f * magnitude);
            return 20f < magnitude ? 0.5f * half * half : 0.5f * ((half * half) + (1f / (half * half)));
        }

        /// <summary>Inverse of sinh.</summary>
        internal static float Asinh(float x)
        {
            float magnitude = x < 0f ? -x : x;
            float y;
            if (LargestSquare < magnitude)
            {
                y = FloatPowers.Log(magnitude) + Ln2;
            }
            else
            {
                float square = magnitude * magnitude;
                y = LogOnePlus(magnitude + (square / (1f + FloatPowers.Sqrt(square + 1f))));
            }

            return x < 0f ? -y : y;
        }

        /// <summary>Inverse of cosh; NaN below 1.</summary>
        internal static float Acosh(float x)
        {
            if (!(1f <= x))
            {
                return float.NaN;
            }

            float t = x - 1f;
            return LargestSquare < x ? FloatPowers.Log(x) + Ln2 : LogOnePlus(t + FloatPowers.Sqrt(t * (2f + t)));
        }

        /// <summary>Inverse of tanh; ±∞ at ±1, NaN beyond.</summary>
        internal static float Atanh(float x)
        {
            float magnitude = x < 0f ? -x : x;
            if (!(magnitude < 1f))
            {
                return x == 1f ? float.PositiveInfinity : x == -1f ? float.NegativeInfinity : float.NaN;
            }

            float y = 0.5f * LogOnePlus(2f * magnitude / (1f - magnitude));
            return x < 0f ? -y : y;
        }

        private static float LogOnePlus(float u)
        {
            return u <= 1f ? FloatMath.LogOnePlus(u) : FloatPowers.Log(1f + u);
        }

        // sin(x + quarters · π/2).
        private static float Circular(float x, int quarters)
        {
            float magnitude = x < 0f ? -x : x;
            if (!(magnitude <= FloatPowers.Largest))
            {
                return float.NaN;
            }

            float reduced = LargestExact < magnitude ? x % Turn : x;
            int k = (int)((reduced / HalfPi) + (reduced < 0f ? -0.5f : 0.5f));
            float r = ((reduced - (k * HalfPi1)) - (k * HalfPi2)) - (k * HalfPi3);
            float z = r * r;
            int quarter = (k + quarters) & 3;
            float y = (quarter & 1) == 0
                ? r + (r * z * (-0.16666654611f + (z * (0.0083321608736f + (z * -0.00019515295891f)))))
                : 1f - (0.5f * z) + (z * z * (0.04166664568298827f + (z * (-0.001388731625493765f + (z * 0.00002443315711809948f)))));
            return quarter >= 2 ? -y : y;
        }
    }
}
