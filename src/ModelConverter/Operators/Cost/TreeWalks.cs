using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators.Cost;

/// <summary>The way of a row from the roots of an ensemble to its leaves.</summary>
/// <param name="MeanSplits">Splits on the way down all trees where each split sends half of the rows to each side.</param>
/// <param name="MostSplits">Splits on the longest ways.</param>
/// <param name="MeanWeights">Weights of the leaves at the ends, as above.</param>
internal readonly record struct TreeWalks(double MeanSplits, double MostSplits, double MeanWeights)
{
    private const int NodeInts = 4;
    private const int First = 2;
    private const int Second = 3;

    /// <summary>The walks of a TreeEnsemble.</summary>
    /// <param name="nodes">Its nodes, four numbers each; children follow their parents.</param>
    /// <param name="roots">The node that each tree begins with.</param>
    internal static TreeWalks Of(int[] nodes, int[] roots)
    {
        int count = nodes.Length / NodeInts;
        double[] mean = new double[count];
        double[] most = new double[count];
        double[] weights = new double[count];
        for (int i = count - 1; i >= 0; i--)
        {
            int first = nodes[(i * NodeInts) + First];
            int second = nodes[(i * NodeInts) + Second];
            if (nodes[i * NodeInts] < 0)
            {
                weights[i] = second;
                continue;
            }

            mean[i] = 1 + ((mean[first] + mean[second]) / 2);
            most[i] = 1 + Math.Max(most[first], most[second]);
            weights[i] = (weights[first] + weights[second]) / 2;
        }

        return new TreeWalks(roots.Sum(root => mean[root]), roots.Sum(root => most[root]), roots.Sum(root => weights[root]));
    }
}
