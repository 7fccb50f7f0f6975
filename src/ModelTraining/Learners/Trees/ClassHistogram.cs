using System.Numerics;

namespace EdgeInference.ModelTraining.Learners.Trees;

/// <summary>Weights of each class in the bins of one feature, for the rows of one node; only bins with rows are looked at and cleared.</summary>
internal sealed class ClassHistogram(int classes)
{
    private readonly double[] weights = new double[(FeatureBins.Most + 1) * classes];
    private readonly int[] rows = new int[FeatureBins.Most + 1];
    private readonly ulong[] used = new ulong[(FeatureBins.Most + 1) / 64];

    /// <summary>The bins with rows, ascending.</summary>
    internal int[] Bins { get; } = new int[FeatureBins.Most + 1];

    /// <summary>Their number.</summary>
    internal int Count { get; private set; }

    /// <summary>The weight of each class in a bin.</summary>
    internal ReadOnlySpan<double> Weights(int bin) => weights.AsSpan(bin * classes, classes);

    /// <summary>Rows of a bin, as often as they were drawn.</summary>
    internal int Rows(int bin) => rows[bin];

    /// <summary>Counts the rows of a node.</summary>
    internal void Fill(byte[] column, ReadOnlySpan<int> node, int[] labels, int[] draws, double[] rowWeights)
    {
        for (int i = 0; i < Count; i++)
        {
            weights.AsSpan(Bins[i] * classes, classes).Clear();
            rows[Bins[i]] = 0;
        }

        foreach (int row in node)
        {
            int bin = column[row];
            weights[(bin * classes) + labels[row]] += rowWeights[row];
            rows[bin] += draws[row];
            used[bin >> 6] |= 1UL << (bin & 63);
        }

        Count = 0;
        for (int word = 0; word < used.Length; word++)
        {
            for (ulong bits = used[word]; bits != 0; bits &= bits - 1)
            {
                Bins[Count++] = (word << 6) + BitOperations.TrailingZeroCount(bits);
            }

            used[word] = 0;
        }
    }
}
