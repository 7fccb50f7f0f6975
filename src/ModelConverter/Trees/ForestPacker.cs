using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Trees;

/// <summary>Lays trees out as <see cref="ModelFormat.Rules.TreeEnsembleRule"/> says, in whichever of its forms takes the fewest bytes.</summary>
internal sealed class ForestPacker
{
    private readonly LeafPool pool;
    private readonly bool own;
    private readonly LeafForm form;
    private readonly List<int> features = [];
    private readonly List<int> children = [];
    private readonly List<float> thresholds = [];
    private readonly List<int> comparisons = [];
    private readonly List<int> counts = [];
    private readonly int common;

    private ForestPacker(TreeLists lists, IReadOnlyList<List<int>> orders, LeafForm form, bool own)
    {
        this.form = form;
        this.own = own;
        pool = new LeafPool(form, own);
        common = orders.SelectMany(order => order).Select(lists.Comparison).FirstOrDefault();
        for (int tree = 0; tree < orders.Count; tree++)
        {
            pool.Begin(tree);
            AddTree(lists, lists.Roots[tree], orders[tree]);
            counts.Add(Math.Max(1, orders[tree].Count));
            if (own)
            {
                counts.Add(pool.TreeCount);
            }
        }
    }

    private int Trees => own ? counts.Count / 2 : counts.Count;

    private int ChildSize => SmallestIntegers.Signed(children.Min(), children.Max());

    private int CountSize => SmallestIntegers.Unsigned(counts.Max());

    // What the forms differ by.
    private long Bytes => ((long)children.Count * ChildSize) + ((long)counts.Count * CountSize) + (pool.Weights.Count * 4L)
        + (pool.Targets.Count == 0 ? 0 : (long)pool.Targets.Count * SmallestIntegers.Unsigned(pool.Targets.Max()));

    /// <summary>The constants of trees.</summary>
    /// <param name="lists">The trees; children follow their node.</param>
    /// <param name="targets">Number of targets, 1 or more.</param>
    /// <param name="aggregate">How leaves are added up.</param>
    /// <param name="name">What the names of the constants begin with.</param>
    internal static PackedForest Pack(TreeLists lists, int targets, int aggregate, string name)
    {
        List<int>[] orders = [.. lists.Roots.Select(root => TreeOrder.Of(lists, root))];
        List<int>[] leaves = [.. lists.Roots.Select((root, tree) => Leaves(lists, root, orders[tree]))];
        ForestPacker best = LeafForm.Of(lists, leaves, targets, aggregate)
            .SelectMany(form => new[] { new ForestPacker(lists, orders, form, false), new ForestPacker(lists, orders, form, true) })
            .MinBy(packer => packer.Bytes)!;
        return best.Constants(name);
    }

    private static List<int> Leaves(TreeLists lists, int root, List<int> order) =>
        order.Count == 0 ? [root] : [.. order.SelectMany(split => new[] { lists.WhenTrue(split), lists.WhenFalse(split) }).Where(lists.IsLeaf).Distinct()];

    private void AddTree(TreeLists lists, int root, List<int> order)
    {
        if (order.Count == 0)
        {
            int leaf = -1 - pool.Add(root);
            features.Add(0);
            thresholds.Add(0f);
            comparisons.Add(common);
            children.AddRange([leaf, leaf]);
            return;
        }

        var positions = new Dictionary<int, int>();
        for (int i = 0; i < order.Count; i++)
        {
            positions.Add(order[i], i);
        }

        for (int i = 0; i < order.Count; i++)
        {
            int Child(int node) => lists.IsLeaf(node) ? -1 - pool.Add(node) : positions[node] - i - 1;
            features.Add(lists.Feature(order[i]));
            thresholds.Add(lists.Thresholds[order[i]]);
            comparisons.Add(lists.Comparison(order[i]));
            children.Add(Child(lists.WhenTrue(order[i])));
            children.Add(Child(lists.WhenFalse(order[i])));
        }
    }

    private PackedForest Constants(string name)
    {
        int splits = features.Count;
        bool same = comparisons.TrueForAll(comparison => comparison == common);
        return new PackedForest(
            SmallestIntegers.Constant(name + ".trees", counts, CountSize, own ? [Trees, 2] : [Trees]),
            SmallestIntegers.Constant(name + ".features", features, SmallestIntegers.Unsigned(features.Max()), splits),
            SmallestIntegers.Constant(name + ".children", children, ChildSize, splits, 2),
            Value.Constant(name + ".thresholds", [.. thresholds], splits),
            Value.Constant(name + ".leaf_weights", [.. pool.Weights], pool.Count, form.Width),
            form.Targets == TreeTargets.All ? null : SmallestIntegers.Constant(name + ".leaf_targets", pool.Targets, SmallestIntegers.Unsigned(pool.Targets.Max()), pool.Targets.Count),
            same ? null : SmallestIntegers.Constant(name + ".comparisons", comparisons, 1, splits),
            same ? common : 0,
            form.Targets);
    }
}
