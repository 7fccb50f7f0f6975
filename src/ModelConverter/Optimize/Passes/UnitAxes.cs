namespace EdgeInference.ModelConverter.Optimize.Passes;

/// <summary>Shapes that differ by axes of one element alone.</summary>
internal static class UnitAxes
{
    /// <summary>The axes of the larger shape that the smaller one has, in order; null if more than axes of one element is missing.</summary>
    internal static int[]? Kept(int[] larger, int[] smaller)
    {
        var kept = new List<int>();
        for (int axis = 0; axis < larger.Length; axis++)
        {
            if (kept.Count < smaller.Length && larger[axis] == smaller[kept.Count])
            {
                kept.Add(axis);
            }
            else if (larger[axis] != 1)
            {
                return null;
            }
        }

        return kept.Count == smaller.Length && smaller.Length > 0 ? [.. kept] : null;
    }
}
