using System.Globalization;

namespace EdgeInference.ModelConverter.Emit.Trees;

/// <summary>How the leaves that a row reaches become its outputs.</summary>
internal abstract class LeafSum
{
    // Each sum is a local.
    private const int MostSums = 100;

    /// <summary>C#'s type of what a leaf says.</summary>
    internal abstract string LeafType { get; }

    /// <summary>C#'s type of the sums.</summary>
    internal abstract string SumType { get; }

    /// <summary>What each sum begins with.</summary>
    internal abstract IReadOnlyList<string> Initial { get; }

    /// <summary>IL instructions and bytes of <see cref="Add"/>.</summary>
    internal abstract (int Instructions, int Bytes) AddCost { get; }

    /// <summary>Why the sums cannot be emitted, or null.</summary>
    internal static string? Obstacle(ForestRecord forest)
    {
        bool isSum = forest.Aggregate < LeafRanks.Smallest;
        if (isSum && PackedLeaves.Find(forest, 0) is { Initial.Count: <= MostSums })
        {
            return null;
        }

        if (forest.Targets > MostSums)
        {
            return string.Create(CultureInfo.InvariantCulture, $"Code cannot be emitted for trees of {forest.Targets} outputs, more than {MostSums}; use the table form, --form table.");
        }

        return isSum && SingleLeaves.Find(forest) is null ? TabledLeaves.Ambiguity(forest) : null;
    }

    /// <summary>The way that takes the least time.</summary>
    internal static LeafSum Of(ForestRecord forest, int number) =>
        forest.Aggregate >= LeafRanks.Smallest ? new LeafRanks(forest, number)
        : (forest.Targets <= MostSums ? SingleLeaves.Find(forest) : null) ?? PackedLeaves.Find(forest, number) ?? (LeafSum)new TabledLeaves(forest, number);

    /// <summary>What the code says for a leaf.</summary>
    internal abstract LeafConstant Constant(ForestTree tree, int leaf);

    /// <summary>Declares what <see cref="Add"/> reads besides, where every way through the method passes.</summary>
    internal virtual void Prepare(EmitContext context)
    {
    }

    /// <summary>Adds the statement that takes up the leaf of a tree.</summary>
    /// <param name="context">The code.</param>
    /// <param name="tree">The tree.</param>
    /// <param name="leaf">The name of the local that holds what the leaf says.</param>
    /// <param name="sums">The names of the sums.</param>
    internal abstract void Add(EmitContext context, ForestTree tree, string leaf, IReadOnlyList<string> sums);

    /// <summary>An output of a row as an expression; IL instructions and bytes of it.</summary>
    /// <param name="context">The code.</param>
    /// <param name="target">The output.</param>
    /// <param name="sums">The names of the sums.</param>
    internal abstract (string Text, int Instructions, int Bytes) Result(EmitContext context, int target, IReadOnlyList<string> sums);

    /// <summary>The mean of a sum, or the sum itself, in float or double, where the engine has it in double and rounds once.</summary>
    protected static string Mean(ForestRecord forest, string sum, string suffix) =>
        forest.Aggregate == 1 ? string.Create(CultureInfo.InvariantCulture, $"{sum} / {forest.Count}{suffix}") : sum;
}
