using System.Globalization;

namespace EdgeInference.ModelConverter.Emit.Trees;

/// <summary>Leaves of several float32 numbers in a table, added up in double, in the order of the trees, as the engine does.</summary>
internal sealed class TabledLeaves : LeafSum
{
    private readonly ForestRecord forest;
    private readonly LeafVectors leaves;
    private readonly string name;

    internal TabledLeaves(ForestRecord forest, int number)
    {
        this.forest = forest;
        name = string.Create(CultureInfo.InvariantCulture, $"Leaves{number}");
        leaves = new LeafVectors(forest, 0f, (first, second) => first == 0f ? second : first);
    }

    internal override string LeafType => "int";

    internal override string SumType => "double";

    internal override IReadOnlyList<string> Initial => [.. Enumerable.Repeat("0", forest.Targets)];

    internal override (int Instructions, int Bytes) AddCost => (8 * forest.Targets, 13 * forest.Targets);

    /// <summary>Why the sums cannot be emitted so, or null.</summary>
    internal static string? Ambiguity(ForestRecord forest)
    {
        bool isTwice = forest.Trees.Any(tree => tree.Leaves.Any(leaf => forest.Leaf(tree, leaf).Where(pair => pair.Weight != 0f).GroupBy(pair => pair.Target).Any(pairs => pairs.Count() > 1)));
        return isTwice ? "Code cannot be emitted for trees with a leaf that names an output twice; use the table form, --form table." : null;
    }

    internal override LeafConstant Constant(ForestTree tree, int leaf) => LeafConstant.Of(leaves.Row(tree, leaf) * forest.Targets);

    internal override void Add(EmitContext context, ForestTree tree, string leaf, IReadOnlyList<string> sums)
    {
        string table = Table(context);
        for (int target = 0; target < forest.Targets; target++)
        {
            context.Add(string.Create(CultureInfo.InvariantCulture, $"{sums[target]} += {table}[{leaf}{(target == 0 ? "" : $" + {target}")}];"), 0, 0);
        }
    }

    internal override void Prepare(EmitContext context) => Table(context);

    internal override (string Text, int Instructions, int Bytes) Result(EmitContext context, int target, IReadOnlyList<string> sums) =>
        ($"(float)({Mean(forest, sums[target], "d")})", 6, 20);

    private string Table(EmitContext context) =>
        context.Local("float", context.Table<float>(name, "float", leaves.Vectors.SelectMany(vector => vector).ToArray()));
}
