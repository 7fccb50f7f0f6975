namespace EdgeInference.ModelConverter.Emit.Trees;

/// <summary>Leaves of one number, all of a tree for the same target: added up in integers where that is exact, else in double as the engine does.</summary>
internal sealed class SingleLeaves : LeafSum
{
    private readonly ForestRecord forest;
    private readonly LeafIntegers? integers;
    private readonly int[] targets;

    private SingleLeaves(ForestRecord forest, int[] targets)
    {
        this.forest = forest;
        this.targets = targets;
        LeafIntegers? exact = LeafIntegers.Of(forest);
        integers = exact is not null && Array.TrueForAll(exact.Bounds, bound => bound <= int.MaxValue) ? exact : null;
    }

    internal override string LeafType => integers is null ? "float" : "int";

    internal override string SumType => integers is null ? "double" : "int";

    internal override IReadOnlyList<string> Initial => [.. Enumerable.Repeat("0", forest.Targets)];

    internal override (int Instructions, int Bytes) AddCost => (4, 8);

    /// <summary>Null where a tree's leaves are not for one target.</summary>
    internal static SingleLeaves? Find(ForestRecord forest)
    {
        int[] targets = new int[forest.Count];
        foreach (ForestTree tree in forest.Trees)
        {
            (int Target, float Weight)[][] leaves = [.. tree.Leaves.Select(leaf => forest.Leaf(tree, leaf).Where(pair => pair.Weight != 0f).ToArray())];
            int[] named = [.. leaves.SelectMany(pairs => pairs).Select(pair => pair.Target).Distinct()];
            if (named.Length > 1 || Array.Exists(leaves, pairs => pairs.Length > 1))
            {
                return null;
            }

            targets[tree.Number] = named.FirstOrDefault();
        }

        return new SingleLeaves(forest, targets);
    }

    internal override LeafConstant Constant(ForestTree tree, int leaf) => integers is null
        ? LeafConstant.Of(forest.Leaf(tree, leaf).Select(pair => pair.Weight).FirstOrDefault(weight => weight != 0f))
        : LeafConstant.Of((int)integers.Leaf(tree, leaf).Values.FirstOrDefault());

    internal override void Add(EmitContext context, ForestTree tree, string leaf, IReadOnlyList<string> sums) =>
        context.Add($"{sums[targets[tree.Number]]} += {leaf};", 0, 0);

    internal override (string Text, int Instructions, int Bytes) Result(EmitContext context, int target, IReadOnlyList<string> sums) =>
        (integers is null ? $"(float)({Mean(forest, sums[target], "d")})" : integers.Real(sums[target], target), 6, 30);
}
