namespace EdgeInference.ModelFormat
{
    /// <summary>The functions of two numbers besides + − · /, by the number they have in a file. Truth is 1, and any number but 0 is true.</summary>
    internal enum BinaryKind
    {
        /// <summary>The smaller; not a number where either is none.</summary>
        Min = 0,

        /// <summary>The larger; not a number where either is none.</summary>
        Max = 1,

        /// <summary>a to the power b.</summary>
        Pow = 2,

        /// <summary>a − b·⌊a/b⌋: the remainder with the sign of b.</summary>
        Mod = 3,

        /// <summary>The remainder with the sign of a, C's fmod.</summary>
        Remainder = 4,

        /// <summary>a = b.</summary>
        Equal = 5,

        /// <summary>a &lt; b.</summary>
        Less = 6,

        /// <summary>a ≤ b.</summary>
        LessOrEqual = 7,

        /// <summary>Both.</summary>
        And = 8,

        /// <summary>Either or both.</summary>
        Or = 9,

        /// <summary>One and not the other.</summary>
        Xor = 10,
    }

    /// <summary>How many values <see cref="BinaryKind"/> has.</summary>
    internal static class BinaryKinds
    {
        /// <summary>One more than the last number.</summary>
        internal const int Count = 11;
    }
}
