using System.Runtime.Intrinsics;

namespace EdgeInference.ModelTraining.Learners.Trees;

/// <summary>
/// The best split of a node on one feature by second-order gain, Σ G²/(H + λ) over both sides less that of the node. Both sides are tried
/// for missing values. Categories are put into the order of G/H, in which the best subset is one cut (Fisher, "On grouping for maximum
/// homogeneity", 1958).
/// </summary>
internal readonly struct GradientSplitFinder(PackedGradients units, GrowthLimits limits)
{
    // Sums of few rows are drawn to 0, so that a rare category does not lead the order; and subsets of many categories, which can be chosen in many ways, pay for it.
    private const double CategorySmoothing = 10;
    private const int FewCategories = 4;

    /// <summary>The best split on a feature.</summary>
    /// <param name="feature">The feature.</param>
    /// <param name="bins">Its bins.</param>
    /// <param name="histogram">The sums of each bin, the missing one last.</param>
    /// <param name="total">The sums of the node.</param>
    internal SplitCandidate Find(int feature, FeatureBins bins, ReadOnlySpan<Vector128<long>> histogram, Vector128<long> total) =>
        bins.IsCategory ? OfCategories(feature, bins, histogram, total) : OfNumbers(feature, bins, histogram, total);

    private SplitCandidate OfNumbers(int feature, FeatureBins bins, ReadOnlySpan<Vector128<long>> histogram, Vector128<long> total)
    {
        Vector128<long> missing = histogram[bins.Missing];
        bool hasMissing = missing[1] != 0;
        double best = Start(total, limits.L2);
        double start = best;
        int bestBin = -1;
        bool bestMissing = false;
        Vector128<long> left = Vector128<long>.Zero;
        int last = hasMissing ? bins.Count : bins.Count - 1;
        for (int bin = 0; bin < last; bin++)
        {
            Vector128<long> sums = histogram[bin];
            if (sums[1] == 0)
            {
                continue;
            }

            left += sums;
            double score = Score(left, total - left, limits.L2);
            if (score > best)
            {
                (best, bestBin, bestMissing) = (score, bin, false);
            }

            if (hasMissing && (score = Score(left + missing, total - left - missing, limits.L2)) > best)
            {
                (best, bestBin, bestMissing) = (score, bin, true);
            }
        }

        if (bestBin < 0)
        {
            return default;
        }

        int next = bestBin + 1;
        while (next < bins.Count && histogram[next][1] == 0)
        {
            next++;
        }

        // Where only missing values are parted, all values go together.
        int cut = next >= bins.Count ? bins.Count - 1 : bins.Middle(bestBin, next);
        return new SplitCandidate(new TreeSplit(feature, cut, hasMissing ? bestMissing : IsLarger(histogram[..(cut + 1)], total), null), best - start);
    }

    private SplitCandidate OfCategories(int feature, FeatureBins bins, ReadOnlySpan<Vector128<long>> histogram, Vector128<long> total)
    {
        // A missing value is a category like others.
        Span<double> keys = stackalloc double[bins.Count + 1];
        Span<int> order = stackalloc int[bins.Count + 1];
        int count = 0;
        for (int bin = 0; bin <= bins.Count; bin++)
        {
            if (histogram[bin][1] != 0)
            {
                keys[count] = units.Gradient(histogram[bin][0]) / (units.Second(histogram[bin][1]) + CategorySmoothing);
                order[count++] = bin;
            }
        }

        // Stable, as equal keys keep the order of codes: insertion.
        for (int i = 1; i < count; i++)
        {
            (double key, int bin) = (keys[i], order[i]);
            int j = i;
            for (; j > 0 && keys[j - 1] > key; j--)
            {
                (keys[j], order[j]) = (keys[j - 1], order[j - 1]);
            }

            (keys[j], order[j]) = (key, bin);
        }

        double l2 = limits.L2 + (count > FewCategories ? CategorySmoothing : 0);
        double start = Start(total, l2);
        double best = start;
        int bestCut = -1;
        Vector128<long> left = Vector128<long>.Zero;
        Vector128<long> bestLeft = left;
        for (int i = 0; i < count - 1; i++)
        {
            left += histogram[order[i]];
            double score = Score(left, total - left, l2);
            if (score > best)
            {
                (best, bestCut, bestLeft) = (score, i, left);
            }
        }

        if (bestCut < 0)
        {
            return default;
        }

        bool larger = 2 * units.Count(bestLeft[1]) >= units.Count(total[1]);
        return new SplitCandidate(CategorySubset.Split(feature, bins, order[..(bestCut + 1)], order[(bestCut + 1)..count], larger), best - start);
    }

    private bool IsLarger(ReadOnlySpan<Vector128<long>> left, Vector128<long> total)
    {
        int rows = 0;
        foreach (Vector128<long> bin in left)
        {
            rows += units.Count(bin[1]);
        }

        return 2 * rows > units.Count(total[1]);
    }

    private double Start(Vector128<long> total, double l2)
    {
        double gradient = units.Gradient(total[0]);
        return gradient * gradient / (units.Second(total[1]) + l2 + GrowthLimits.MinSecond) * (1 + 1e-9);
    }

    private double Score(Vector128<long> left, Vector128<long> right, double l2)
    {
        if (units.Count(left[1]) < limits.MinRows || units.Count(right[1]) < limits.MinRows)
        {
            return double.NegativeInfinity;
        }

        double leftSecond = units.Second(left[1]);
        double rightSecond = units.Second(right[1]);
        if (leftSecond < GrowthLimits.MinSecond || rightSecond < GrowthLimits.MinSecond)
        {
            return double.NegativeInfinity;
        }

        double leftGradient = units.Gradient(left[0]);
        double rightGradient = units.Gradient(right[0]);
        return (leftGradient * leftGradient / (leftSecond + l2)) + (rightGradient * rightGradient / (rightSecond + l2));
    }
}
