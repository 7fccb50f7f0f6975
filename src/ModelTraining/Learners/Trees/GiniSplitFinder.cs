using EdgeInference.ModelConverter.Data;

namespace EdgeInference.ModelTraining.Learners.Trees;

/// <summary>
/// The split of a node on one feature that lowers the Gini impurity most: the largest Σ w²/Σw over classes and both sides. Both sides are
/// tried for missing values. Categories are put into the order of the share of the node's most frequent class, in which for two classes
/// the best subset is one cut (Breiman et al., "Classification and Regression Trees", 1984).
/// </summary>
internal sealed class GiniSplitFinder(int classes, ForestGrowth growth)
{
    private readonly double[] left = new double[classes];
    private readonly double[] right = new double[classes];
    private readonly int[] order = new int[FeatureBins.Most + 1];
    private readonly double[] keys = new double[FeatureBins.Most + 1];

    /// <summary>The best split, or null where the feature has none.</summary>
    /// <param name="feature">The feature.</param>
    /// <param name="bins">Its bins.</param>
    /// <param name="histogram">The node's rows.</param>
    /// <param name="total">The node's weight of each class.</param>
    /// <param name="random">Draws thresholds where they are not searched.</param>
    internal SplitCandidate Find(int feature, FeatureBins bins, ClassHistogram histogram, ReadOnlySpan<double> total, Xoshiro256 random)
    {
        int last = histogram.Bins[histogram.Count - 1];
        bool hasMissing = last == bins.Missing;
        int count = bins.IsCategory ? ByShare(histogram, total) : Ascending(histogram, hasMissing);
        int rows = 0;
        for (int i = 0; i < histogram.Count; i++)
        {
            rows += histogram.Rows(histogram.Bins[i]);
        }

        if (bins.IsCategory)
        {
            (double score, int cut) = Scan(histogram, total, rows, count - 1, -1, Drawn(random, count - 1));
            if (cut < 0)
            {
                return default;
            }

            int leftRows = 0;
            for (int i = 0; i <= cut; i++)
            {
                leftRows += histogram.Rows(order[i]);
            }

            return new SplitCandidate(CategorySubset.Split(feature, bins, order.AsSpan(0, cut + 1), order.AsSpan(cut + 1, count - cut - 1), 2 * leftRows >= rows), score);
        }

        int cuts = hasMissing ? count : count - 1;
        int drawn = Drawn(random, cuts);
        (double best, int bestCut) = Scan(histogram, total, rows, cuts, -1, drawn);
        bool missingLeft = false;
        if (hasMissing)
        {
            (double other, int otherCut) = Scan(histogram, total, rows, count - 1, bins.Missing, drawn);
            missingLeft = otherCut >= 0 && (bestCut < 0 || other > best);
            (best, bestCut) = missingLeft ? (other, otherCut) : (best, bestCut);
        }

        if (bestCut < 0)
        {
            return default;
        }

        int bin = bestCut == count - 1 ? bins.Count - 1 : bins.Middle(order[bestCut], order[bestCut + 1]);
        if (!hasMissing)
        {
            int leftRows = 0;
            for (int i = 0; i <= bestCut; i++)
            {
                leftRows += histogram.Rows(order[i]);
            }

            missingLeft = 2 * leftRows > rows;
        }

        return new SplitCandidate(new TreeSplit(feature, bin, missingLeft, null), best);
    }

    private int Drawn(Xoshiro256 random, int cuts) => growth.IsExtra && cuts > 0 ? random.Next(cuts) : -1;

    private int Ascending(ClassHistogram histogram, bool hasMissing)
    {
        int count = hasMissing ? histogram.Count - 1 : histogram.Count;
        histogram.Bins.AsSpan(0, count).CopyTo(order);
        return count;
    }

    // By insertion: equal keys keep the order of codes.
    private int ByShare(ClassHistogram histogram, ReadOnlySpan<double> total)
    {
        int frequent = 0;
        for (int c = 1; c < classes; c++)
        {
            frequent = total[c] > total[frequent] ? c : frequent;
        }

        for (int i = 0; i < histogram.Count; i++)
        {
            int bin = histogram.Bins[i];
            double sum = 0;
            foreach (double weight in histogram.Weights(bin))
            {
                sum += weight;
            }

            double key = histogram.Weights(bin)[frequent] / sum;
            int j = i;
            for (; j > 0 && keys[j - 1] > key; j--)
            {
                (keys[j], order[j]) = (keys[j - 1], order[j - 1]);
            }

            (keys[j], order[j]) = (key, bin);
        }

        return histogram.Count;
    }

    // Cut i sends the first i + 1 bins of the order left, and one bin more.
    private (double Score, int Cut) Scan(ClassHistogram histogram, ReadOnlySpan<double> total, int rows, int cuts, int alsoLeft, int only)
    {
        double leftSquares = 0;
        double rightSquares = 0;
        double leftWeight = 0;
        double rightWeight = 0;
        int leftRows = 0;
        for (int c = 0; c < classes; c++)
        {
            left[c] = 0;
            right[c] = total[c];
            rightSquares += total[c] * total[c];
            rightWeight += total[c];
        }

        double best = double.NegativeInfinity;
        int cut = -1;
        for (int i = alsoLeft < 0 ? 0 : -1; i < cuts; i++)
        {
            int bin = i < 0 ? alsoLeft : order[i];
            ReadOnlySpan<double> weights = histogram.Weights(bin);
            for (int c = 0; c < weights.Length; c++)
            {
                double w = weights[c];
                if (w != 0)
                {
                    leftSquares += w * ((2 * left[c]) + w);
                    rightSquares -= w * ((2 * right[c]) - w);
                    left[c] += w;
                    right[c] -= w;
                    leftWeight += w;
                    rightWeight -= w;
                }
            }

            leftRows += histogram.Rows(bin);
            if (i < 0 || (only >= 0 && i != only) || leftRows < growth.MinRows || rows - leftRows < growth.MinRows)
            {
                continue;
            }

            double score = (leftSquares / leftWeight) + (rightSquares / rightWeight);
            if (score > best)
            {
                (best, cut) = (score, i);
            }
        }

        return (best, cut);
    }
}
