namespace EdgeInference.ModelFormat
{
    /// <summary>What the weights of a tree's leaf are for; the values are the ones in the file.</summary>
    internal enum TreeTargets
    {
        /// <summary>A leaf has a weight for each target.</summary>
        All = 0,

        /// <summary>Each weight has a target of its own.</summary>
        OfWeight = 1,

        /// <summary>A leaf has one weight, for the target of its tree.</summary>
        OfTree = 2,
    }
}
