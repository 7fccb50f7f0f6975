namespace EdgeInference.ModelConverter.Quantize;

/// <summary>What rounding does to the order in which a model's outputs put rows: what the area under the ROC curve is made of.</summary>
internal static class OutputRanks
{
    /// <summary>The share of pairs of rows, 0 to 1, that the reference tells apart by an output and the outputs do not; the largest over all outputs.</summary>
    internal static double Ties(float[][] reference, float[][] outputs) =>
        Columns(reference).Max(column => Tied(outputs.Select(row => row[column])) - Tied(outputs.Select((row, i) => (row[column], reference[i][column]))));

    /// <summary>Mean squared difference of the rows' ranks, as shares of the number of rows; the largest over all outputs.</summary>
    internal static double Deviation(float[][] reference, float[][] outputs) =>
        Columns(reference).Max(column => Ranks(reference, column).Zip(Ranks(outputs, column), (a, b) => (a - b) * (a - b)).Average());

    private static IEnumerable<int> Columns(float[][] rows) => Enumerable.Range(0, rows[0].Length);

    private static double Tied<T>(IEnumerable<T> values)
        where T : notnull
    {
        double[] counts = [.. values.GroupBy(value => value).Select(group => (double)group.Count())];
        double rows = counts.Sum();
        return rows < 2 ? 0 : counts.Sum(count => count * (count - 1)) / (rows * (rows - 1));
    }

    // Equal values share the middle of their ranks.
    private static double[] Ranks(float[][] rows, int column)
    {
        int[] order = [.. Enumerable.Range(0, rows.Length).OrderBy(row => rows[row][column])];
        var ranks = new double[rows.Length];
        for (int first = 0; first < order.Length;)
        {
            int end = first + 1;
            while (end < order.Length && rows[order[end]][column] == rows[order[first]][column])
            {
                end++;
            }

            for (int i = first; i < end; i++)
            {
                ranks[order[i]] = (first + end - 1) / 2.0 / rows.Length;
            }

            first = end;
        }

        return ranks;
    }
}
