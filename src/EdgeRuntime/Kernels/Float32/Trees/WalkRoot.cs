namespace EdgeInference.Runtime.Kernels.Float32.Trees;

/// <summary>Where the walk of a tree begins.</summary>
internal unsafe struct WalkRoot
{
    /// <summary>Its first node.</summary>
    internal WalkNode* Node;

    /// <summary>Steps to its farthest leaf; in the first of those that are walked together, to the farthest of any.</summary>
    internal int Depth;

    /// <summary>What its leaves are for, 0 where they say that themselves.</summary>
    internal int Target;
}
