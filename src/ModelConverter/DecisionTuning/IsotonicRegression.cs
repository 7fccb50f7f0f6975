using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.DecisionTuning;

/// <summary>
/// Fits the rising step function of least squared error by pooling adjacent violators (Ayer et al. 1955), and gives it as
/// knots: each step's lowest and highest probability.
/// </summary>
internal static class IsotonicRegression
{
    private const int MaxBlocks = 32;

    internal static float[] Fit(IReadOnlyList<int> labels, IReadOnlyList<float> probabilities)
    {
        var blocks = new List<Block>();
        foreach (IGrouping<float, int> group in Enumerable.Range(0, labels.Count).GroupBy(i => Math.Clamp(probabilities[i], 0f, 1f), i => labels[i]).OrderBy(group => group.Key))
        {
            blocks.Add(new Block(group.Key, group.Key, group.Count(), group.Sum()));
            while (blocks.Count > 1 && blocks[^2].Mean >= blocks[^1].Mean)
            {
                Merge(blocks, blocks.Count - 2);
            }
        }

        while (blocks.Count > MaxBlocks)
        {
            Merge(blocks, Enumerable.Range(0, blocks.Count - 1).MinBy(i => MergingCost(blocks[i], blocks[i + 1])));
        }

        var values = new List<float> { (float)CalibrationMethod.Isotonic };
        foreach (Block block in blocks)
        {
            values.AddRange([block.Low, (float)block.Mean]);
            if (block.High > block.Low)
            {
                values.AddRange([block.High, (float)block.Mean]);
            }
        }

        return [.. values];
    }

    private static void Merge(List<Block> blocks, int index)
    {
        (Block a, Block b) = (blocks[index], blocks[index + 1]);
        blocks[index] = new Block(a.Low, b.High, a.Rows + b.Rows, a.Ones + b.Ones);
        blocks.RemoveAt(index + 1);
    }

    // By how much the sum of squared errors grows.
    private static double MergingCost(Block a, Block b) => (double)a.Rows * b.Rows / (a.Rows + b.Rows) * (a.Mean - b.Mean) * (a.Mean - b.Mean);

    private readonly record struct Block(float Low, float High, int Rows, int Ones)
    {
        internal double Mean => (double)Ones / Rows;
    }
}
