namespace EdgeInference.Runtime.Kernels.Float32.Trees;

/// <summary>
/// A split, or a leaf, of a tree that is laid out for walks: the two below a split lie side by side, and a step down is the same
/// few instructions whatever the comparison was, so that no step waits for a guess.
/// </summary>
/// <remarks>
/// A leaf leads to itself: nothing is above its slot's value, the lowest integer. Walks of several trees therefore go on together
/// until the longest of them has ended.
/// </remarks>
internal struct WalkNode
{
    /// <summary>Of a split: the largest sort key that goes to the first of the two below. Of a leaf: what <see cref="WalkForest"/> says.</summary>
    internal int Key;

    /// <summary>Which of a row's sort keys is compared.</summary>
    internal ushort Slot;

    /// <summary>How many nodes on the first of the two below is; 0 in a leaf.</summary>
    internal ushort Down;
}
