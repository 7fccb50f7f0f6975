using EdgeInference.ModelConverter.Data;

namespace EdgeInference.ModelTraining.Learners.Trees;

/// <summary>Training rows as bins, a column of bytes for each feature.</summary>
internal sealed class BinnedTable
{
    // Quantiles of more rows than these are taken from a part of them.
    private const int SampledRows = 100_000;

    private BinnedTable(FeatureBins[] features, byte[][] columns, int[] labels, bool hasMissing)
    {
        Features = features;
        Columns = columns;
        Labels = labels;
        HasMissing = hasMissing;
    }

    /// <summary>The bins of each feature.</summary>
    internal FeatureBins[] Features { get; }

    /// <summary>For each feature the bins of all training rows.</summary>
    internal byte[][] Columns { get; }

    /// <summary>The class of each training row.</summary>
    internal int[] Labels { get; }

    /// <summary>Whether some value is missing.</summary>
    internal bool HasMissing { get; }

    /// <summary>Number of training rows.</summary>
    internal int Rows => Labels.Length;

    /// <summary>Bins rows of a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">Indices of the training rows; row i of the result is row <c>rows[i]</c> of the table.</param>
    /// <param name="seed">Chooses the rows whose quantiles are taken, where there are very many.</param>
    /// <param name="threads">Threads to work with; without effect on the result.</param>
    internal static BinnedTable Of(LabelledTable table, int[] rows, ulong seed, int threads)
    {
        float[][] values = [.. rows.Select(row => table.Rows[row])];
        int[] sample = Sample(values.Length, seed);
        var features = new FeatureBins[table.Names.Count];
        var columns = new byte[features.Length][];
        var missing = new bool[features.Length];
        Workers.For(features.Length, threads, feature =>
        {
            float[] column = new float[values.Length];
            for (int i = 0; i < column.Length; i++)
            {
                column[i] = values[i][feature];
            }

            int categories = table.Categories.Count == 0 ? 0 : table.Categories[feature].Count;
            FeatureBins bins = categories > 0 ? FeatureBins.OfCategories(categories) : FeatureBins.OfNumbers(Array.ConvertAll(sample, i => column[i]));
            byte[] codes = new byte[column.Length];
            for (int i = 0; i < codes.Length; i++)
            {
                codes[i] = (byte)bins.Of(column[i]);
                missing[feature] |= codes[i] == bins.Missing;
            }

            (features[feature], columns[feature]) = (bins, codes);
        });
        return new BinnedTable(features, columns, Array.ConvertAll(rows, row => table.Labels[row]), missing.Contains(true));
    }

    private static int[] Sample(int rows, ulong seed)
    {
        int[] all = [.. Enumerable.Range(0, rows)];
        if (rows <= SampledRows)
        {
            return all;
        }

        new Xoshiro256(seed).Shuffle(all);
        return all[..SampledRows];
    }
}
