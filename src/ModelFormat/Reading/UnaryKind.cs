namespace EdgeInference.ModelFormat
{
    /// <summary>The functions of one number that are not activations, by the number they have in a file.</summary>
    internal enum UnaryKind
    {
        /// <summary>|x|.</summary>
        Abs = 0,

        /// <summary>−x.</summary>
        Neg = 1,

        /// <summary>e^x.</summary>
        Exp = 2,

        /// <summary>Natural logarithm.</summary>
        Log = 3,

        /// <summary>√x.</summary>
        Sqrt = 4,

        /// <summary>1 / x.</summary>
        Reciprocal = 5,

        /// <summary>x².</summary>
        Square = 6,

        /// <summary>Largest integer not above x.</summary>
        Floor = 7,

        /// <summary>Smallest integer not below x.</summary>
        Ceil = 8,

        /// <summary>Nearest integer, ties to even.</summary>
        Round = 9,

        /// <summary>x without its fraction.</summary>
        Truncate = 10,

        /// <summary>−1, 0 or 1.</summary>
        Sign = 11,

        /// <summary>min(β, max(α, x)); α and β may be infinite.</summary>
        Clip = 12,

        /// <summary>The error function.</summary>
        Erf = 13,

        /// <summary>1 where x is 0, else 0.</summary>
        Not = 14,

        /// <summary>1 where x is not a number, else 0.</summary>
        IsNaN = 15,

        /// <summary>1 where x is −∞ and α is not 0, or +∞ and β is not 0, else 0.</summary>
        IsInf = 16,

        /// <summary>Sine of x in radians.</summary>
        Sin = 17,

        /// <summary>Cosine of x in radians.</summary>
        Cos = 18,

        /// <summary>Tangent of x in radians.</summary>
        Tan = 19,

        /// <summary>Arc sine, radians.</summary>
        Asin = 20,

        /// <summary>Arc cosine, radians.</summary>
        Acos = 21,

        /// <summary>Arc tangent, radians.</summary>
        Atan = 22,

        /// <summary>Hyperbolic sine.</summary>
        Sinh = 23,

        /// <summary>Hyperbolic cosine.</summary>
        Cosh = 24,

        /// <summary>Inverse hyperbolic sine.</summary>
        Asinh = 25,

        /// <summary>Inverse hyperbolic cosine.</summary>
        Acosh = 26,

        /// <summary>Inverse hyperbolic tangent.</summary>
        Atanh = 27,
    }

    /// <summary>How many values <see cref="UnaryKind"/> has.</summary>
    internal static class UnaryKinds
    {
        /// <summary>One more than the last number.</summary>
        internal const int Count = 28;
    }
}
