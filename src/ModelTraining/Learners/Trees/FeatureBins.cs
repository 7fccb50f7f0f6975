namespace EdgeInference.ModelTraining.Learners.Trees;

/// <summary>
/// How the values of one feature fall into at most 255 bins, in ascending order, and which threshold parts two neighbours. A missing
/// value has the bin that follows the last.
/// </summary>
internal sealed class FeatureBins
{
    /// <summary>Most bins of values.</summary>
    internal const int Most = 255;

    private readonly float[] thresholds;

    private FeatureBins(float[] thresholds, bool isCategory)
    {
        this.thresholds = thresholds;
        IsCategory = isCategory;
    }

    /// <summary>Bins of values.</summary>
    internal int Count => thresholds.Length + 1;

    /// <summary>The bin of a missing value.</summary>
    internal int Missing => Count;

    /// <summary>Whether bins are codes of categories, which have no order. The last bin is that of all codes from its own on.</summary>
    internal bool IsCategory { get; }

    /// <summary>Bins of a feature of numbers: one for each value where there are few, else of about the same number of rows.</summary>
    /// <param name="values">The values of training rows in any order; NaN is a missing value. They are sorted.</param>
    internal static FeatureBins OfNumbers(Span<float> values)
    {
        values.Sort();

        // Missing values are sorted before all others.
        int first = 0;
        while (first < values.Length && float.IsNaN(values[first]))
        {
            first++;
        }

        ReadOnlySpan<float> present = values[first..];
        int distinct = Distinct(present);
        var thresholds = new List<float>();
        int rows = 0;
        int left = present.Length;
        for (int i = 1; i < present.Length; i++)
        {
            rows++;
            if (present[i - 1] == present[i])
            {
                continue;
            }

            // Of what is left, each remaining bin takes an equal part.
            if (distinct <= Most || (thresholds.Count < Most - 1 && (long)rows * (Most - thresholds.Count) >= left))
            {
                thresholds.Add(Between(present[i - 1], present[i]));
                left -= rows;
                rows = 0;
            }
        }

        return new FeatureBins([.. thresholds], false);
    }

    /// <summary>Bins of a feature of categories: one for each, and one for what is none of them.</summary>
    internal static FeatureBins OfCategories(int categories) =>
        new([.. Enumerable.Range(0, Math.Min(categories, Most - 1)).Select(code => code + 0.5f)], true);

    /// <summary>A float32 threshold t with <c>low ≤ t &lt; high</c>, near the middle.</summary>
    internal static float Between(float low, float high)
    {
        float middle = (float)(((double)low + high) / 2);
        return middle >= low && middle < high ? middle : low;
    }

    /// <summary>The bin of a value.</summary>
    internal int Of(float value)
    {
        if (float.IsNaN(value))
        {
            return Missing;
        }

        int low = 0;
        int high = thresholds.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (value <= thresholds[middle])
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    /// <summary>The threshold t for which x ≤ t holds in a bin and all before it; after the last bin, the largest float32.</summary>
    internal float Threshold(int bin) => bin < thresholds.Length ? thresholds[bin] : float.MaxValue;

    /// <summary>Of the bins from one with rows to before the next with rows, the one whose threshold is nearest to the middle.</summary>
    internal int Middle(int bin, int next)
    {
        if (next >= Count || next == bin + 1)
        {
            return bin;
        }

        float middle = Between(thresholds[bin], thresholds[next - 1]);
        int best = bin;
        while (best + 1 < next && thresholds[best + 1] <= middle)
        {
            best++;
        }

        return best;
    }

    private static int Distinct(ReadOnlySpan<float> sorted)
    {
        int count = sorted.Length == 0 ? 0 : 1;
        for (int i = 1; i < sorted.Length; i++)
        {
            count += sorted[i - 1] == sorted[i] ? 0 : 1;
        }

        return count;
    }
}
