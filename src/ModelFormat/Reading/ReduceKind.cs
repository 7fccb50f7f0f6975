namespace EdgeInference.ModelFormat
{
    /// <summary>How a reduction combines elements, by the number it has in a file.</summary>
    internal enum ReduceKind
    {
        /// <summary>Σx.</summary>
        Sum = 0,

        /// <summary>Σx / n.</summary>
        Mean = 1,

        /// <summary>The largest.</summary>
        Max = 2,

        /// <summary>The smallest.</summary>
        Min = 3,

        /// <summary>The product.</summary>
        Prod = 4,

        /// <summary>Σ|x|.</summary>
        L1 = 5,

        /// <summary>√Σx².</summary>
        L2 = 6,

        /// <summary>Σx².</summary>
        SumSquare = 7,

        /// <summary>ln Σx.</summary>
        LogSum = 8,

        /// <summary>ln Σe^x.</summary>
        LogSumExp = 9,
    }

    /// <summary>How many values <see cref="ReduceKind"/> has.</summary>
    internal static class ReduceKinds
    {
        /// <summary>One more than the last number.</summary>
        internal const int Count = 10;

        /// <summary>The first so many take int8 and int16 too: Sum, Mean, Max and Min.</summary>
        internal const int QuantizedCount = 4;
    }
}
