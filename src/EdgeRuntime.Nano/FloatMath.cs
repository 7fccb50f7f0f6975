using System;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;

// x != x is the test for NaN that costs the interpreter no call.
#pragma warning disable CS1718

namespace EdgeInference.Nano
{
    /// <summary>
    /// Elementary functions and activations in float32 alone: a device may lack the System.Math package, and computes double
    /// in float where it has it. Nothing allocates, divides by zero or converts a float outside int's range, all three of which
    /// the interpreter punishes. Relative error below 1e-6 where no other bound is given; NaN gives NaN.
    /// </summary>
    public static class FloatMath
    {
        /// <summary>eˣ − 1 without the loss of digits near 0.</summary>
        public static float ExpMinusOne(float x)
        {
            if (0.5f < x || x < -0.5f || x != x)
            {
                return FloatFunctions.Exp(x) - 1f;
            }

            return x * (1f + (x * (0.5f + (x * (0.16666667f + (x * (0.041666668f + (x * (0.008333334f + (x * (0.0013888889f + (x * 0.0001984127f))))))))))));
        }

        /// <summary>tanh x.</summary>
        public static float Tanh(float x)
        {
            float t = ExpMinusOne(x < 0f ? 2f * x : -2f * x);
            t = t / (2f + t);
            return x < 0f ? t : -t;
        }

        /// <summary>ln(1 + eˣ).</summary>
        public static float Softplus(float x)
        {
            float u = FloatFunctions.Exp(x < 0f ? x : -x);
            return (0f < x ? x : 0f) + LogOnePlus(u);
        }

        /// <summary>The normal distribution function Φ(x) = erfc(−x/√2) / 2, relative error below 1e-5.</summary>
        public static float NormalDistribution(float x)
        {
            float z = (x < 0f ? -x : x) * 0.70710677f;
            if (13f < z)
            {
                return x < 0f ? 0f : 1f;
            }

            // Chebyshev fit of erfc, fractional error 1.2e-7: Press et al., Numerical Recipes, section 6.2.
            float t = 1f / (1f + (0.5f * z));
            float p = 1.00002368f + (t * (0.37409196f + (t * (0.09678418f + (t * (-0.18628806f + (t * (0.27886807f + (t * (-1.13520398f + (t * (1.48851587f + (t * (-0.82215223f + (t * 0.17087277f)))))))))))))));
            float tail = 0.5f * t * FloatFunctions.Exp((-z * z) - 1.26551223f + (t * p));
            return x < 0f ? tail : 1f - tail;
        }

        /// <summary>The error function.</summary>
        internal static float Erf(float x)
        {
            float magnitude = x < 0f ? -x : x;
            if (magnitude < 0.5f)
            {
                // Taylor's series: the first term left out is below 3e-8 of the first.
                float z = x * x;
                return 1.12837917f * x * (1f - (z * (0.33333333f - (z * (0.1f - (z * (0.023809524f - (z * (0.0046296296f - (z * 0.00075757576f))))))))));
            }

            if (x != x)
            {
                return x;
            }

            float y = 1f - (2f * NormalDistribution(-1.41421356f * magnitude));
            return x < 0f ? -y : y;
        }

        /// <summary>a / b as IEEE 754 has it, but for the sign of a zero divisor; the interpreter throws where b is 0.</summary>
        public static float Divide(float a, float b)
        {
            if (b != 0f)
            {
                return a / b;
            }

            return 0f < a ? float.PositiveInfinity : a < 0f ? float.NegativeInfinity : float.NaN;
        }

        /// <summary>round(<paramref name="scaled"/>) + zero point within the bounds, ties away from zero; NaN gives the zero point.</summary>
        public static int Round(float scaled, int zeroPoint, int min, int max)
        {
            // Wider than any range by far, and exact in int32.
            const float Limit = 1048576f;
            if (scaled != scaled)
            {
                return zeroPoint;
            }

            float bounded = scaled < -Limit ? -Limit : Limit < scaled ? Limit : scaled;
            int truncated = (int)bounded;
            float rest = bounded - truncated;
            int rounded = truncated + (0.5f <= rest ? 1 : rest <= -0.5f ? -1 : 0) + zeroPoint;
            return rounded < min ? min : rounded > max ? max : rounded;
        }

        /// <summary>An activation function; formulas and parameters are those of ActivationKind. PReLU takes its slope as α.</summary>
        public static float Activate(ActivationKind kind, float x, float alpha, float beta)
        {
            if (x != x)
            {
                return x;
            }

            switch (kind)
            {
                case ActivationKind.Linear: return x;
                case ActivationKind.Step: return 0f <= x ? 1f : 0f;
                case ActivationKind.Sigmoid: return FloatFunctions.Sigmoid(x);
                case ActivationKind.HardSigmoid: return Clamp((alpha * x) + beta, 1f);
                case ActivationKind.Tanh: return Tanh(x);
                case ActivationKind.ReLU: return 0f < x ? x : 0f;
                case ActivationKind.ReLU6: return Clamp(x, 6f);
                case ActivationKind.LeakyReLU:
                case ActivationKind.PReLU: return 0f <= x ? x : alpha * x;
                case ActivationKind.ELU: return 0f <= x ? x : alpha * ExpMinusOne(x);
                case ActivationKind.SELU: return 0f <= x ? beta * x : beta * alpha * ExpMinusOne(x);
                case ActivationKind.CELU: return Celu(x, alpha);
                case ActivationKind.GELU: return x < -18f ? 0f : x * NormalDistribution(x);
                case ActivationKind.GELUTanh: return GeluTanh(x);
                case ActivationKind.SiLU: return x < -88f ? 0f : x * FloatFunctions.Sigmoid(x);
                case ActivationKind.HardSwish: return x <= -3f ? 0f : 3f <= x ? x : x * (x + 3f) * 0.16666667f;
                case ActivationKind.Mish: return x < -88f ? 0f : x * Tanh(Softplus(x));
                case ActivationKind.Softplus: return Softplus(x);
                case ActivationKind.Softsign: return Softsign(x);
                case ActivationKind.ThresholdedReLU: return alpha < x ? x : 0f;
                case ActivationKind.Shrink: return alpha < x ? x - beta : x < -alpha ? x + beta : 0f;
                default: throw new ArgumentOutOfRangeException(nameof(kind));
            }
        }

        private static float Clamp(float x, float max)
        {
            return x < 0f ? 0f : max < x ? max : x;
        }

        private static float Celu(float x, float alpha)
        {
            if (0f < x)
            {
                return x;
            }

            float negative = alpha * ExpMinusOne(Divide(x, alpha));
            return negative < 0f || negative != negative ? negative : 0f;
        }

        private static float GeluTanh(float x)
        {
            // 0.5(1 + tanh z) = sigmoid(2z), z = √(2/π)(x + 0.044715x³); past 11 it is 0 or 1 to float32.
            if (x < -11f || 11f < x)
            {
                return x < 0f ? 0f : x;
            }

            return x * FloatFunctions.Sigmoid(1.5957691f * (x + (0.044715f * x * x * x)));
        }

        private static float Softsign(float x)
        {
            float magnitude = x < 0f ? -x : x;
            if (3e38f < magnitude)
            {
                return x < 0f ? -1f : 1f;
            }

            return x / (1f + magnitude);
        }

        /// <summary>ln(1 + u) for u from 0 to 1: 2 artanh(s), s = u / (2 + u) ≤ 1/3.</summary>
        internal static float LogOnePlus(float u)
        {
            float s = u / (2f + u);
            float q = s * s;
            return 2f * s * (1f + (q * (0.33333334f + (q * (0.2f + (q * (0.14285715f + (q * (0.11111111f + (q * (0.09090909f + (q * 0.07692308f))))))))))));
        }
    }
}
