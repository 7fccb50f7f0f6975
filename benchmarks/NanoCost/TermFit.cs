namespace EdgeInference.Benchmarks.NanoCost;

/// <summary>Least squares of relative errors with weights that are zero or more, by coordinate descent.</summary>
internal static class TermFit
{
    private const int Sweeps = 20_000;

    // Draws terms that the models do not tell apart towards zero.
    private const double Ridge = 1e-7;

    /// <summary>What each term takes.</summary>
    /// <param name="rows">Terms of each model and what it took.</param>
    internal static Dictionary<string, double> Fit(IReadOnlyList<(IReadOnlyDictionary<string, double> Terms, double Measured)> rows)
    {
        string[] names = [.. rows.SelectMany(row => row.Terms.Keys).Distinct().Order(StringComparer.Ordinal)];
        var position = names.Index().ToDictionary(name => name.Item, name => name.Index);
        var columns = names.Select(_ => new List<(int Row, double Value)>()).ToArray();
        double[] residual = new double[rows.Count];
        for (int i = 0; i < rows.Count; i++)
        {
            residual[i] = 1;
            foreach ((string term, double times) in rows[i].Terms)
            {
                columns[position[term]].Add((i, times / rows[i].Measured));
            }
        }

        double[] squares = [.. columns.Select(column => column.Sum(cell => cell.Value * cell.Value))];
        double[] weights = new double[names.Length];
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            for (int j = 0; j < weights.Length; j++)
            {
                double slope = 0;
                foreach ((int row, double value) in columns[j])
                {
                    slope += value * residual[row];
                }

                double next = Math.Max(0, weights[j] + ((slope - (Ridge * squares[j] * weights[j])) / squares[j]));
                double change = next - weights[j];
                if (change == 0)
                {
                    continue;
                }

                weights[j] = next;
                foreach ((int row, double value) in columns[j])
                {
                    residual[row] -= change * value;
                }
            }
        }

        return names.Zip(weights).ToDictionary(pair => pair.First, pair => pair.Second);
    }
}
