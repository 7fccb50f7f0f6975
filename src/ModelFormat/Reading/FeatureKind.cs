namespace EdgeInference.ModelFormat
{
    /// <summary>What FeatureTransform makes of a value v; the values are the ones in the file.</summary>
    internal enum FeatureKind
    {
        /// <summary>A line through knots, and a number for a missing value.</summary>
        PiecewiseLinear = 0,

        /// <summary>1 where v is one number, else 0.</summary>
        Equal = 1,

        /// <summary>1 where v is missing, NaN, else 0.</summary>
        Missing = 2,

        /// <summary>1 where v is neither missing nor one of 0 to k − 1, else 0.</summary>
        Unknown = 3,

        /// <summary>How many boundaries are at or below v; 0 where v is missing.</summary>
        Bin = 4,
    }
}
