using System.Runtime.InteropServices;
using EdgeInference.Runtime.Tests.Reference;

namespace EdgeInference.Runtime.Tests.Kernels.Trees;

/// <summary>Trees that are laid out and walked side by side end at the leaves of their scalar twin, and add them in its order.</summary>
public class TreeWalkTests
{
    // What a laid-out tree takes at least for each split: two nodes of 8 bytes.
    private const int SplitBytes = 16;

    private static readonly int[] orders = [0, 1, 2, 3, 8, 9, 10, 11];

    [Fact]
    public void Each_comparison_and_both_ways_for_missing_values()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            foreach (int mode in orders)
            {
                Same(new GrownForest(seed) { Modes = [mode] }, isLaidOut: true);
            }

            Same(new GrownForest(seed) { Modes = orders }, isLaidOut: true);
        }
    }

    [Fact]
    public void Any_number_of_trees_of_any_depth_for_any_targets()
    {
        foreach (int trees in new[] { 1, 2, 7, 8, 9, 16, 17 })
        {
            foreach (int depth in new[] { 1, 2, 3, 7, 8, 9, 10, 17 })
            {
                foreach ((int targets, int kind) in new[] { (1, 0), (2, 0), (3, 0), (1, 1), (3, 1), (1, 2), (4, 2) })
                {
                    Same(new GrownForest(trees + depth) { Trees = trees, Depth = depth, Targets = targets, Kind = kind, Aggregate = (trees + depth) % 4, IsChain = depth > 8, Features = 1 + trees }, isLaidOut: true);
                }
            }
        }
    }

    [Fact]
    public void A_walk_of_thousands_of_steps() => Same(new GrownForest(5) { Trees = 3, Depth = 5000, IsChain = true, Modes = orders }, isLaidOut: true);

    [Fact]
    public void Splits_that_others_share_are_not_copied() => Same(new GrownForest(6) { Meets = true, Depth = 30, Trees = 9 }, isLaidOut: false);

    [Fact]
    public void Comparisons_for_equality_stay() => Same(new GrownForest(7) { Modes = [0, 4, 5, 12, 13] }, isLaidOut: false);

    [Theory]
    [InlineData(65_535, 0, true)]
    [InlineData(65_536, 0, false)]
    [InlineData(32_767, 8, true)]
    [InlineData(32_768, 8, false)]
    public void As_many_features_as_a_node_has_room_for(int features, int mode, bool isLaidOut) =>
        Same(new GrownForest(8) { Features = features, Modes = [mode] }, isLaidOut);

    [Fact]
    public void A_tree_beyond_what_a_step_can_lead_over_stays() => Same(new GrownForest(9) { Trees = 1, Depth = 20_476, IsChain = true }, isLaidOut: false);

    private static void Same(GrownForest forest, bool isLaidOut)
    {
        OperatorRow row = forest.Row();
        using EdgeModel model = EdgeModel.Load(row.Model());
        using Session fast = model.CreateSession();
        Assert.Equal(isLaidOut, model.Memory.SharedBytes >= forest.Splits * (long)SplitBytes);
        using Session reference = model.CreateSession(KernelSet.Reference);
        Assert.Equal(Run(reference, row), Run(fast, row));
    }

    private static int[] Run(Session session, OperatorRow row)
    {
        float[] output = new float[session.OutputLength];
        session.Run(row.In(0).Reals(), output);
        return MemoryMarshal.Cast<float, int>(output).ToArray();
    }
}
