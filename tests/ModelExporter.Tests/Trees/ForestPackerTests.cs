using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Check;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Trees;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Trees;

/// <summary>Trees as importers collect them against what they become: the same sums, in the form of the fewest bytes.</summary>
public class ForestPackerTests
{
    private const int Features = 4;

    [Fact]
    public void Packed_trees_give_what_the_lists_say()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            int targets = random.Next(1, 5);
            int aggregate = random.Next(4);
            TreeLists lists = Random(random, targets);
            Node node = Pack(lists, targets, aggregate, out Graph graph);
            using EdgeModel model = EdgeModel.Load(ModelWriter.Write(graph));
            using Session session = model.CreateSession();
            var evaluator = new DoubleEvaluator(graph);
            for (int row = 0; row < 8; row++)
            {
                float[] x = [.. Enumerable.Range(0, Features).Select(_ => random.Next(8) == 0 ? float.NaN : random.Next(-4, 5) / 2f)];
                double[] expected = Evaluate(lists, x, targets, aggregate);
                var actual = new float[targets];
                session.Run(x, actual);
                string where = $"seed {seed}, row {row}, {(TreeTargets)node.Parameters[TreeEnsembleRule.Targets]}";
                Assert.True(expected.Select(value => (float)value).SequenceEqual(actual), where);
                Assert.True(expected.SequenceEqual(evaluator.Run(x)), where);
            }
        }
    }

    [Fact]
    public void Equal_leaves_of_all_trees_are_one()
    {
        // Two trees of one split with the leaves 1 and 2, and 2 and 1.
        TreeLists lists = new([0, 0, 1, 2, -1, 0, 0, 1, -1, 0, 1, 1, 1, 0, 4, 5, -1, 0, 1, 1, -1, 0, 0, 1], new float[6], [0, 3], [0, 0], [1, 2]);
        Node node = Pack(lists, 1, 0);
        Assert.Equal([1, 2], node.Input(TreeEnsembleRule.Weights).Floats);
        Assert.Equal(new sbyte[] { -1, -2, -2, -1 }, node.Input(TreeEnsembleRule.Children).Data);
        Assert.Equal(new sbyte[] { 1, 1 }, node.Input(TreeEnsembleRule.Trees).Data);
        Assert.Equal(6, node.Inputs.Count);
    }

    [Fact]
    public void A_tree_of_one_leaf_is_a_split_with_it_on_both_sides()
    {
        Node node = Pack(new TreeLists([-1, 0, 0, 1], [9f], [0], [0], [5]), 1, 0);
        Assert.Equal(new sbyte[] { -1, -1 }, node.Input(TreeEnsembleRule.Children).Data);
        Assert.Equal([0f], node.Input(TreeEnsembleRule.Thresholds).Floats);
        Assert.Empty(Forest.Of(node).Splits());
    }

    [Theory]
    [InlineData(128, TensorType.Int8, 1)]
    [InlineData(129, TensorType.Int16, 1)]
    public void Children_take_two_bytes_where_one_tree_has_more_than_128_leaves(int leaves, TensorType type, int dimensions)
    {
        Node node = Pack(Chains(1, leaves - 1), 1, 0);
        Assert.Equal(type, node.Input(TreeEnsembleRule.Children).Type);
        Assert.Equal(dimensions, node.Input(TreeEnsembleRule.Trees).Shape.Length);
    }

    [Fact]
    public void Trees_have_leaves_of_their_own_where_all_together_are_too_many_for_a_byte()
    {
        Node node = Pack(Chains(20, 30), 1, 0);
        Assert.Equal(TensorType.Int8, node.Input(TreeEnsembleRule.Children).Type);
        Assert.Equal([20, 2], node.Input(TreeEnsembleRule.Trees).Shape);
        Assert.Equal([620, 1], node.Input(TreeEnsembleRule.Weights).Shape);
    }

    [Fact]
    public void Trees_that_name_one_target_each_say_so_once()
    {
        // As boosted trees for three classes: the leaves of each name one.
        TreeLists chains = Chains(30, 7);
        Node node = Pack(chains with { LeafTargets = [.. Enumerable.Range(0, 30 * 8).Select(leaf => leaf / 8 % 3)] }, 3, 0);
        Assert.Equal((int)TreeTargets.OfTree, node.Parameters[TreeEnsembleRule.Targets]);
        Assert.Equal(30, node.Input(TreeEnsembleRule.TargetInput).Elements);
        Assert.Equal(240, node.Input(TreeEnsembleRule.Weights).Elements);
    }

    [Fact]
    public void Two_weights_for_one_target_stay_two()
    {
        Node node = Pack(new TreeLists([-1, 0, 0, 2], [0f], [0], [0, 0], [16777216, 1]), 1, 0);
        Assert.Equal((int)TreeTargets.OfWeight, node.Parameters[TreeEnsembleRule.Targets]);
        Assert.Equal([16777216, 1], node.Input(TreeEnsembleRule.Weights).Floats);
    }

    [Fact]
    public void A_comparison_that_all_splits_have_is_a_parameter()
    {
        TreeLists lists = Chains(2, 3);
        Assert.Null(Pack(lists, 1, 0).InputOrNull(TreeEnsembleRule.Comparisons));
        int[] nodes = [.. lists.Nodes];
        nodes[1] = 8;
        Node node = Pack(lists with { Nodes = nodes }, 1, 0);
        Assert.Equal(new sbyte[] { 8, 1, 1, 1, 1, 1 }, node.Input(TreeEnsembleRule.Comparisons).Data);
        Assert.Equal(0, node.Parameters[TreeEnsembleRule.Comparison]);
        Assert.True(Forest.Of(node).HasMissingBranch);
    }

    // A deep subtree where true: the jump over it would not fit a byte, that over the leaf does.
    [Fact]
    public void The_smaller_subtree_comes_first()
    {
        const int Deep = 200;
        TreeLists chain = Chains(1, Deep);
        Node node = Pack(chain with { LeafWeights = [.. Enumerable.Range(0, Deep + 1).Select(leaf => (float)(leaf % 2))] }, 1, 0);
        Assert.Equal(TensorType.Int8, node.Input(TreeEnsembleRule.Children).Type);
        Assert.All(Forest.Of(node).Children, child => Assert.InRange(child, -2, 0));
    }

    // Chains of splits x₀ < i, each with a leaf where false, and one more leaf at the end; all leaves differ.
    private static TreeLists Chains(int trees, int splits)
    {
        var nodes = new List<int>();
        var thresholds = new List<float>();
        var roots = new List<int>();
        int leaf = 0;
        for (int tree = 0; tree < trees; tree++)
        {
            roots.Add(thresholds.Count);
            for (int i = 0; i < splits; i++)
            {
                int at = thresholds.Count;
                nodes.AddRange([0, 1, at + 2, at + 1, -1, 0, leaf++, 1]);
                thresholds.AddRange([-i, 0]);
            }

            nodes.AddRange([-1, 0, leaf++, 1]);
            thresholds.Add(0);
        }

        return new TreeLists(nodes, thresholds, roots, new int[leaf], [.. Enumerable.Range(0, leaf).Select(i => (float)i)]);
    }

    // Nodes that lead to any later one, leaves of none to three weights, roots anywhere.
    private static TreeLists Random(Random random, int targets)
    {
        int weights = random.Next(1, 8);
        int count = random.Next(1, 40);
        int most = random.Next(2) == 0 ? 1 : Math.Min(3, weights);
        var nodes = new List<int>();
        for (int i = 0; i < count; i++)
        {
            if (i == count - 1 || random.Next(3) == 0)
            {
                int number = random.Next(random.Next(4) == 0 ? 0 : 1, most + 1);
                nodes.AddRange([-1, 0, random.Next(weights - number + 1), number]);
            }
            else
            {
                nodes.AddRange([random.Next(Features), random.Next(3) == 0 ? random.Next(6) + (8 * random.Next(2)) : 0, random.Next(i + 1, count), random.Next(i + 1, count)]);
            }
        }

        return new TreeLists(
            nodes,
            [.. Enumerable.Range(0, count).Select(_ => random.Next(-4, 5) / 2f)],
            [.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Next(count))],
            [.. Enumerable.Range(0, weights).Select(_ => random.Next(targets))],
            [.. Enumerable.Range(0, weights).Select(_ => random.Next(-20, 21) / 10f)]);
    }

    private static double[] Evaluate(TreeLists lists, float[] x, int targets, int aggregate)
    {
        var reached = new List<double>[targets];
        foreach (int root in lists.Roots)
        {
            int at = root;
            while (!lists.IsLeaf(at))
            {
                float value = x[lists.Feature(at)];
                float threshold = lists.Thresholds[at];
                bool goes = (lists.Comparison(at) & 7) switch
                {
                    0 => value <= threshold,
                    1 => value < threshold,
                    2 => value >= threshold,
                    3 => value > threshold,
                    4 => value == threshold,
                    _ => value != threshold,
                };
                at = goes || (float.IsNaN(value) && lists.Comparison(at) >= 8) ? lists.WhenTrue(at) : lists.WhenFalse(at);
            }

            for (int i = lists.WhenTrue(at); i < lists.WhenTrue(at) + lists.WhenFalse(at); i++)
            {
                (reached[lists.LeafTargets[i]] ??= []).Add(lists.LeafWeights[i]);
            }
        }

        return Array.ConvertAll(reached, weights => weights is null ? 0 : aggregate switch
        {
            0 => weights.Sum(),
            1 => weights.Sum() / lists.Roots.Count,
            2 => weights.Min(),
            _ => weights.Max(),
        });
    }

    private static Node Pack(TreeLists lists, int targets, int aggregate) => Pack(lists, targets, aggregate, out _);

    private static Node Pack(TreeLists lists, int targets, int aggregate, out Graph graph)
    {
        graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, Features);
        graph.Inputs.Add(x);
        graph.Outputs.Add(new GraphBuilder(graph) { Name = "trees" }.TreeEnsemble(x, lists, targets, aggregate));
        return graph.Nodes.Single();
    }
}
