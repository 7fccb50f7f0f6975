namespace EdgeInference.Runtime.Tests.Reference.Definitions;

/// <summary>Trees and the coupling of pairs.</summary>
internal static class Classical
{
    internal static double[][] TreeEnsemble(OperatorRow row)
    {
        Values x = row.In(0);
        int targets = row.Outputs[0].Last;
        double[] y = new double[row.Outputs[0].Elements];
        for (int r = 0; r < x.Elements / x.Last; r++)
        {
            double[] features = x.Data[(r * x.Last)..((r * x.Last) + x.Last)];
            var votes = new List<double>[targets];
            foreach (double root in row.In(3).Data)
            {
                int leaf = Walk(row, features, (int)root);
                for (int k = 0; k < row.In(1).Data[(leaf * 4) + 3]; k++)
                {
                    int weight = (int)row.In(1).Data[(leaf * 4) + 2] + k;
                    (votes[(int)row.In(4).Data[weight]] ??= []).Add(row.In(5).Data[weight]);
                }
            }

            for (int t = 0; t < targets; t++)
            {
                // A target that no leaf names is 0.
                y[(r * targets) + t] = votes[t] is null ? 0 : row.Int("aggregate") switch
                {
                    0 => votes[t].Sum(),
                    1 => votes[t].Sum() / row.In(3).Elements,
                    2 => votes[t].Min(),
                    _ => votes[t].Max(),
                };
            }
        }

        return [y];
    }

    /// <summary>
    /// Algorithm 2 of Wu, Lin and Weng (2004): p minimises pᵀQp by p_t = (−Σ_{j≠t} Q_tj·p_j + pᵀQp) / Q_tt and a division by the sum,
    /// until the equations hold to 0.005 / k, at most max(100, k) times over all t.
    /// </summary>
    internal static double[][] PairwiseCoupling(OperatorRow row)
    {
        int k = row.Outputs[0].Last;
        return [[.. row.In(0).Data.Chunk(row.In(0).Last).SelectMany(r => Couple(r, k))]];
    }

    private static double[] Couple(double[] r, int k)
    {
        double[,] wins = new double[k, k];
        int pair = 0;
        for (int i = 0; i < k; i++)
        {
            for (int j = i + 1; j < k; j++)
            {
                wins[i, j] = Math.Min(1 - 1e-7, Math.Max(1e-7, r[pair++]));
                wins[j, i] = 1 - wins[i, j];
            }
        }

        double Q(int i, int j) => i == j ? Enumerable.Range(0, k).Where(s => s != i).Sum(s => wins[s, i] * wins[s, i]) : -wins[j, i] * wins[i, j];
        double[] p = [.. Enumerable.Repeat(1.0 / k, k)];
        double Qp(int i) => Enumerable.Range(0, k).Sum(j => Q(i, j) * p[j]);
        double All() => Enumerable.Range(0, k).Sum(i => p[i] * Qp(i));
        for (int round = 0; round < Math.Max(100, k); round++)
        {
            double all = All();
            if (Enumerable.Range(0, k).Max(i => Math.Abs(Qp(i) - all)) < 0.005 / k)
            {
                break;
            }

            for (int t = 0; t < k; t++)
            {
                p[t] = (All() - (Qp(t) - (Q(t, t) * p[t]))) / Q(t, t);
                double sum = p.Sum();
                for (int i = 0; i < k; i++)
                {
                    p[i] /= sum;
                }
            }
        }

        return p;
    }

    private static int Walk(OperatorRow row, double[] x, int node)
    {
        double[] nodes = row.In(1).Data;
        while (nodes[node * 4] >= 0)
        {
            double value = x[(int)nodes[node * 4]];
            double threshold = row.In(2).Data[node];
            int mode = (int)nodes[(node * 4) + 1];
            bool goes = double.IsNaN(value) && mode >= 8;
            goes |= (mode % 8) switch
            {
                0 => value <= threshold,
                1 => value < threshold,
                2 => value >= threshold,
                3 => value > threshold,
                4 => value == threshold,
                _ => value != threshold,
            };
            node = (int)nodes[(node * 4) + (goes ? 2 : 3)];
        }

        return node;
    }
}
