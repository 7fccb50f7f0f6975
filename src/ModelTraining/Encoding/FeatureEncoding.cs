using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Features;
using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelTraining.Encoding;

/// <summary>
/// What a network or a logistic regression reads instead of raw features, fitted to training rows: numbers standardised or shaped,
/// missing ones replaced by the median, with a flag where that they are missing may say something; a column for each category.
/// </summary>
internal sealed class FeatureEncoding
{
    // A category gets a column of its own if at least this share of the rows has it, and at most so many categories do.
    private const double RareShare = 0.005;
    private const int FewestRows = 3;
    private const int MostCategories = 32;

    // Missing values get a flag from this share of the rows on.
    private const double OftenMissing = 0.05;

    private readonly FeatureColumn[] columns;

    private FeatureEncoding(FeatureColumn[] columns, Standardisation? standardisation)
    {
        this.columns = columns;
        Standardisation = standardisation;
    }

    /// <summary>The standardisation that this is and nothing else, so that it can be folded into a first layer; or null.</summary>
    internal Standardisation? Standardisation { get; }

    /// <summary>Whether it is a standardisation and nothing else.</summary>
    internal bool IsPlain => Standardisation is not null;

    /// <summary>How many numbers it makes of a row.</summary>
    internal int Length => Standardisation?.Means.Length ?? columns.Length;

    /// <summary>The numbers' recipes; none where it is plain.</summary>
    internal IReadOnlyList<FeatureColumn> Columns => columns;

    /// <summary>Fits it.</summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">Indices of the training rows.</param>
    /// <param name="kind">What becomes of numbers.</param>
    /// <exception cref="InputException">A number is infinite; or no feature varies, where one of them has categories or missing values.</exception>
    internal static FeatureEncoding Fit(LabelledTable table, int[] rows, EncodingKind kind)
    {
        int features = table.Names.Count;
        float[][] present = [.. Enumerable.Range(0, features).Select(i => Present(table, rows, i))];
        if (IsPlainTable(table, rows, kind, present))
        {
            return new FeatureEncoding([], Standardisation.Of([.. rows.Select(row => table.Rows[row])], features));
        }

        var columns = new List<FeatureColumn>();
        for (int i = 0; i < features; i++)
        {
            if (CategoryCount(table, i) > 0)
            {
                columns.AddRange(Categories(table, rows, i));
            }
            else if (NumberColumn.Of(i, present[i], kind) is { } number)
            {
                columns.Add(number);
            }

            if (present[i].Length > 0 && MissingMatters(table, rows, i))
            {
                columns.Add(FeatureColumn.Missing(i));
            }
        }

        return columns.Count > 0 ? new FeatureEncoding([.. columns], null) : throw new InputException("No feature varies over the training rows, so nothing can be learned from them.");
    }

    /// <summary>The numbers for a row of raw features: of a plain encoding in double precision, else those of the operator to the bit.</summary>
    internal double[] Apply(ReadOnlySpan<float> row)
    {
        if (Standardisation is not null)
        {
            return Standardisation.Apply(row);
        }

        var encoded = new double[columns.Length];
        for (int i = 0; i < encoded.Length; i++)
        {
            encoded[i] = EncodedValue.Of(columns[i], row[columns[i].Source]);
        }

        return encoded;
    }

    /// <summary>Clears a first layer's weights for features that never varied: they taught nothing, and chance weights would let them decide when they do vary.</summary>
    internal void SilenceConstants(LayerLayout first, double[] parameters)
    {
        for (int i = 0; Standardisation is not null && i < first.Inputs; i++)
        {
            if (Standardisation.IsConstant[i])
            {
                parameters.AsSpan(first.Weights + (i * first.Outputs), first.Outputs).Clear();
            }
        }
    }

    /// <summary>Appends the operator that computes it to a graph; not for a plain one, which is folded.</summary>
    internal Value ToGraph(Graph graph, Value input) =>
        new GraphBuilder(graph) { Name = "features" }.FeatureTransform(input, new FeatureTransformPlan(columns));

    private static int CategoryCount(LabelledTable table, int feature) => feature < table.Categories.Count ? table.Categories[feature].Count : 0;

    private static float[] Present(LabelledTable table, int[] rows, int feature)
    {
        foreach (int row in rows)
        {
            if (float.IsInfinity(table.Rows[row][feature]))
            {
                throw new InputException($"Row {row + 1} has an infinite number as '{table.Names[feature]}'; give a finite one, or leave the cell empty where it is missing.");
            }
        }

        float[] values = [.. rows.Select(row => table.Rows[row][feature]).Where(value => !float.IsNaN(value))];
        Array.Sort(values);
        return values;
    }

    // Other rows of the table may lack what these have: a part of it has to be encoded as the whole is.
    private static bool IsPlainTable(LabelledTable table, int[] rows, EncodingKind kind, float[][] present) =>
        Enumerable.Range(0, table.Names.Count).All(i =>
            CategoryCount(table, i) == 0 && !table.Rows.Any(row => float.IsNaN(row[i])) && present[i].Length == rows.Length && (kind == EncodingKind.Standard || !NumberColumn.NeedsShape(present[i])));

    // A rare or unknown category has no column: all columns of its feature are 0. So has the first of two.
    private static IEnumerable<FeatureColumn> Categories(LabelledTable table, int[] rows, int feature)
    {
        var counts = new int[CategoryCount(table, feature)];
        foreach (int row in rows)
        {
            float code = table.Rows[row][feature];
            if (code >= 0 && code < counts.Length)
            {
                counts[(int)code]++;
            }
        }

        double least = Math.Max(FewestRows, RareShare * rows.Length);
        int[] kept = [.. Enumerable.Range(0, counts.Length).Where(code => counts[code] >= least && counts[code] < rows.Length).OrderByDescending(code => counts[code]).Take(MostCategories).Order()];
        bool isPair = kept.Length == 2 && counts[kept[0]] + counts[kept[1]] == rows.Length;
        return (isPair ? kept[1..] : kept).Select(code => FeatureColumn.Equal(feature, code));
    }

    // Often missing, or missing with some classes more than chance explains: Pearson's χ² beyond three deviations of its distribution.
    private static bool MissingMatters(LabelledTable table, int[] rows, int feature)
    {
        var missing = new int[table.Classes.Count];
        var all = new int[table.Classes.Count];
        foreach (int row in rows)
        {
            all[table.Labels[row]]++;
            missing[table.Labels[row]] += float.IsNaN(table.Rows[row][feature]) ? 1 : 0;
        }

        int total = missing.Sum();
        if (total < FewestRows || total == rows.Length)
        {
            return false;
        }

        double share = (double)total / rows.Length;
        double deviation = 0;
        for (int c = 0; c < all.Length; c++)
        {
            double expected = share * all[c];
            deviation += expected > 0 ? (missing[c] - expected) * (missing[c] - expected) / (expected * (1 - share)) : 0;
        }

        double freedom = all.Count(count => count > 0) - 1;
        return share >= OftenMissing || deviation > freedom + (3 * Math.Sqrt(2 * freedom));
    }
}
