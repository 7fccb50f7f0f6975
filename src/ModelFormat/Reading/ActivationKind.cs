namespace EdgeInference.ModelFormat
{
    /// <summary>The activation functions, by the number they have in a file. Formulas: docs/operators.md.</summary>
    public enum ActivationKind
    {
        /// <summary>y = x.</summary>
        Linear = 0,

        /// <summary>y = 1 for x ≥ 0, else 0.</summary>
        Step = 1,

        /// <summary>y = 1 / (1 + e^-x).</summary>
        Sigmoid = 2,

        /// <summary>y = min(1, max(0, αx + β)), α 1/6 and β 0.5 by default.</summary>
        HardSigmoid = 3,

        /// <summary>y = tanh x.</summary>
        Tanh = 4,

        /// <summary>y = max(0, x).</summary>
        ReLU = 5,

        /// <summary>y = min(6, max(0, x)).</summary>
        ReLU6 = 6,

        /// <summary>y = x for x ≥ 0, else αx, α 0.01 by default.</summary>
        LeakyReLU = 7,

        /// <summary>LeakyReLU with a trained slope for each channel.</summary>
        PReLU = 8,

        /// <summary>y = x for x ≥ 0, else α(e^x − 1), α 1 by default.</summary>
        ELU = 9,

        /// <summary>y = γx for x ≥ 0, else γα(e^x − 1).</summary>
        SELU = 10,

        /// <summary>y = max(0, x) + min(0, α(e^(x/α) − 1)), α 1 by default.</summary>
        CELU = 11,

        /// <summary>y = x·Φ(x), Φ the normal distribution function by erf.</summary>
        GELU = 12,

        /// <summary>y = 0.5x(1 + tanh(√(2/π)(x + 0.044715x³))).</summary>
        GELUTanh = 13,

        /// <summary>y = x·sigmoid(x), also called Swish.</summary>
        SiLU = 14,

        /// <summary>y = x·min(1, max(0, x/6 + 0.5)).</summary>
        HardSwish = 15,

        /// <summary>y = x·tanh(ln(1 + e^x)).</summary>
        Mish = 16,

        /// <summary>y = ln(1 + e^x).</summary>
        Softplus = 17,

        /// <summary>y = x / (1 + |x|).</summary>
        Softsign = 18,

        /// <summary>y = x for x &gt; α, else 0, α 1 by default.</summary>
        ThresholdedReLU = 19,

        /// <summary>y = x − β for x &gt; α, x + β for x &lt; −α, else 0; both 0.5 unless told otherwise.</summary>
        Shrink = 20,
    }

    /// <summary>How many values <see cref="ActivationKind"/> has.</summary>
    internal static class ActivationKinds
    {
        /// <summary>One more than the last number.</summary>
        internal const int Count = 21;
    }
}
