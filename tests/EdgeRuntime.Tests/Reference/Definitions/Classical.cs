using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Reference.Definitions;

/// <summary>Trees and the coupling of pairs.</summary>
internal static class Classical
{
    internal static double[][] TreeEnsemble(OperatorRow row)
    {
        Values x = row.In(0);
        Values counts = row.In(1);
        Values weights = row.In(5);
        int targets = row.Outputs[0].Last;
        bool own = counts.Shape.Length == 2;
        double[] y = new double[row.Outputs[0].Elements];
        for (int r = 0; r < x.Elements / x.Last; r++)
        {
            double[] features = x.Data[(r * x.Last)..((r * x.Last) + x.Last)];
            var votes = new List<double>[targets];
            int split = 0;
            int firstLeaf = 0;
            for (int tree = 0; tree < counts.Shape[0]; tree++)
            {
                int leaf = firstLeaf + Walk(row, features, split);
                for (int k = 0; k < weights.Last; k++)
                {
                    int weight = (leaf * weights.Last) + k;
                    int target = row.Int("targets") switch { 0 => k, 1 => Unsigned(row.In(6), weight), _ => Unsigned(row.In(6), tree) };
                    (votes[target] ??= []).Add(weights.Data[weight]);
                }

                split += Unsigned(counts, own ? 2 * tree : tree);
                firstLeaf += own ? Unsigned(counts, (2 * tree) + 1) : 0;
            }

            for (int t = 0; t < targets; t++)
            {
                double value = votes[t] is null ? 0 : row.Int("aggregate") switch
                {
                    0 => votes[t].Sum(),
                    1 => votes[t].Sum() / counts.Shape[0],
                    2 => votes[t].Min(),
                    _ => votes[t].Max(),
                };

                // A target that no leaf names is 0; an infinite weight names none.
                y[(r * targets) + t] = row.Int("aggregate") >= 2 && double.IsInfinity(value) ? 0 : value;
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

    private static int Walk(OperatorRow row, double[] x, int split)
    {
        while (true)
        {
            int feature = Unsigned(row.In(2), split);
            double value = x[feature];
            double threshold = row.In(4).Data[split] * (row.Has(8) ? Math.Pow(2, row.In(8).Data[feature]) : 1);
            int mode = row.Has(7) ? (int)row.In(7).Data[split] : row.Int("comparison");
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
            int child = (int)row.In(3).Data[(split * 2) + (goes ? 0 : 1)];
            if (child < 0)
            {
                return -1 - child;
            }

            split += 1 + child;
        }
    }

    // An int8 or int16 that stands for a number from 0 on.
    private static int Unsigned(Values values, int index)
    {
        int value = (int)values.Data[index];
        return value >= 0 ? value : value + (values.Type == TensorType.Int8 ? 256 : 65536);
    }
}
