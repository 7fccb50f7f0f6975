using System.Runtime.Intrinsics;

namespace EdgeInference.ModelTraining.Learners.Trees;

/// <summary>Histograms of all features, one after the other in an array; arrays are used again.</summary>
internal sealed class HistogramPool
{
    private readonly Stack<Vector128<long>[]> free = new();
    private readonly int[] starts;

    internal HistogramPool(FeatureBins[] features)
    {
        starts = new int[features.Length + 1];
        for (int i = 0; i < features.Length; i++)
        {
            starts[i + 1] = starts[i] + features[i].Count + 1;
        }
    }

    /// <summary>An array that may hold old sums.</summary>
    internal Vector128<long>[] Take() => free.TryPop(out Vector128<long>[]? histogram) ? histogram : new Vector128<long>[starts[^1]];

    /// <summary>Gives an array back.</summary>
    internal void Return(Vector128<long>[]? histogram)
    {
        if (histogram is not null)
        {
            free.Push(histogram);
        }
    }

    /// <summary>The part of a feature.</summary>
    internal Span<Vector128<long>> Of(Vector128<long>[] histogram, int feature) => histogram.AsSpan(starts[feature]..starts[feature + 1]);
}
