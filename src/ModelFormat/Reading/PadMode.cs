namespace EdgeInference.ModelFormat
{
    /// <summary>What Pad puts around a tensor, by the number it has in a file.</summary>
    internal enum PadMode
    {
        /// <summary>One value.</summary>
        Constant = 0,

        /// <summary>The tensor mirrored at its first and last element, which are not repeated.</summary>
        Reflect = 1,

        /// <summary>The nearest element.</summary>
        Edge = 2,

        /// <summary>The tensor again and again.</summary>
        Wrap = 3,
    }
}
