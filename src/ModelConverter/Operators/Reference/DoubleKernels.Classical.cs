using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Trees;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators.Reference;

/// <content>Trees, and probabilities from pairs of classes.</content>
internal static partial class DoubleKernels
{
    internal static double[] TreeEnsemble(Node node, double[]?[] inputs)
    {
        int features = node.Input(0).LastDimension;
        var forest = Forest.Of(node);
        int count = node.Output.LastDimension;
        int aggregate = node.Parameters[TreeEnsembleRule.Aggregate];
        var y = new double[inputs[0]!.Length / features * count];
        for (int row = 0; row * count < y.Length; row++)
        {
            double[] x = inputs[0]![(row * features)..((row + 1) * features)];
            var reached = new List<double>[count];
            foreach ((int target, int weight) in forest.Reached(split => Goes(forest.Comparison(split), x[forest.Features[split]], forest.Thresholds[split])))
            {
                (reached[target] ??= []).Add(forest.Weights[weight]);
            }

            for (int i = 0; i < count; i++)
            {
                // An infinite weight stands for a target that the leaf does not name.
                y[(row * count) + i] = reached[i]?.FindAll(weight => aggregate < 2 || double.IsFinite(weight)) is not { Count: > 0 } weights ? 0 : aggregate switch
                {
                    0 => weights.Sum(),
                    1 => weights.Sum() / forest.Trees,
                    2 => weights.Min(),
                    _ => weights.Max(),
                };
            }
        }

        return y;
    }

    private static bool Goes(int mode, double value, double threshold) => (mode & 7) switch
    {
        _ when double.IsNaN(value) => (mode & 8) != 0 || mode == 5,
        0 => value <= threshold,
        1 => value < threshold,
        2 => value >= threshold,
        3 => value > threshold,
        4 => value == threshold,
        _ => value != threshold,
    };

    // LIBSVM's second method (Wu, Lin and Weng 2004), with its own bounds.
    internal static double[] PairwiseCoupling(Node node, double[]?[] inputs)
    {
        int k = node.Output.LastDimension;
        int pairs = k * (k - 1) / 2;
        var result = new List<double>();
        for (int start = 0; start < inputs[0]!.Length; start += pairs)
        {
            var r = new double[k, k];
            int pair = start;
            for (int i = 0; i < k; i++)
            {
                for (int j = i + 1; j < k; j++)
                {
                    r[i, j] = Math.Clamp(inputs[0]![pair++], 1e-7, 1 - 1e-7);
                    r[j, i] = 1 - r[i, j];
                }
            }

            result.AddRange(Couple(r, k));
        }

        return [.. result];
    }

    private static double[] Couple(double[,] r, int k)
    {
        var q = new double[k, k];
        for (int i = 0; i < k; i++)
        {
            for (int j = 0; j < k; j++)
            {
                if (i != j)
                {
                    q[i, i] += r[j, i] * r[j, i];
                    q[i, j] = -r[j, i] * r[i, j];
                }
            }
        }

        double[] p = [.. Enumerable.Repeat(1.0 / k, k)];
        for (int round = 0; round < Math.Max(100, k); round++)
        {
            double[] qp = [.. p.Select((_, i) => p.Select((value, j) => q[i, j] * value).Sum())];
            double total = p.Zip(qp, (a, b) => a * b).Sum();
            if (qp.Max(value => Math.Abs(value - total)) < 0.005 / k)
            {
                break;
            }

            for (int i = 0; i < k; i++)
            {
                double step = (total - qp[i]) / q[i, i];
                p[i] += step;
                total = (total + (step * ((step * q[i, i]) + (2 * qp[i])))) / (1 + step) / (1 + step);
                for (int j = 0; j < k; j++)
                {
                    qp[j] = (qp[j] + (step * q[i, j])) / (1 + step);
                    p[j] /= 1 + step;
                }
            }
        }

        return p;
    }
}
