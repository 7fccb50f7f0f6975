namespace EdgeInference.Tool.Tests.Commands.Options;

/// <summary>Logistic regression by the book, in plain loops: what one layer that sees all rows in each step has to learn.</summary>
internal sealed class LogisticReference
{
    private readonly double[][] z;
    private readonly int[] labels;
    private readonly double[] mean;
    private readonly double[] deviation;

    internal LogisticReference(float[][] rows, int[] labels)
    {
        this.labels = labels;
        int features = rows[0].Length;
        mean = [.. Enumerable.Range(0, features).Select(j => rows.Average(row => (double)row[j]))];
        deviation = [.. Enumerable.Range(0, features).Select(j => Math.Sqrt(rows.Average(row => Math.Pow(row[j] - mean[j], 2))))];
        z = [.. rows.Select(row => row.Select((x, j) => (x - mean[j]) / deviation[j]).ToArray())];
        Parameters = new double[features + 1];
    }

    /// <summary>Weights of standardised features, then the bias.</summary>
    internal double[] Parameters { get; private set; }

    /// <summary>The mean cross-entropy before each step that was made.</summary>
    internal List<double> Losses { get; } = [];

    /// <summary>Takes over the weights of a file of one layer on raw features.</summary>
    internal LogisticReference From(byte[] file)
    {
        EdgeInference.ModelConverter.Graphs.Node dense = OptionBench.Graph(file).Nodes.Single();
        float[] weights = dense.Input(1).Floats;
        double[] standardised = [.. weights.Select((w, j) => w * deviation[j])];
        Parameters = [.. standardised, dense.Input(2).Floats[0] + weights.Select((w, j) => w * mean[j]).Sum()];
        return this;
    }

    internal double[] Of(byte[] file)
    {
        double[] kept = Parameters;
        double[] other = From(file).Parameters;
        Parameters = kept;
        return other;
    }

    internal LogisticReference Descend(int steps, double rate, double l2)
    {
        for (int step = 0; step < steps; step++)
        {
            double[] gradient = Gradient(l2);
            Parameters = [.. Parameters.Select((p, j) => p - (rate * gradient[j]))];
        }

        return this;
    }

    /// <summary>Kingma and Ba's algorithm 1 with their constants.</summary>
    internal LogisticReference Adam(int steps, double rate, double l2)
    {
        var m = new double[Parameters.Length];
        var v = new double[Parameters.Length];
        for (int t = 1; t <= steps; t++)
        {
            double[] gradient = Gradient(l2);
            for (int j = 0; j < m.Length; j++)
            {
                m[j] = (0.9 * m[j]) + (0.1 * gradient[j]);
                v[j] = (0.999 * v[j]) + (0.001 * gradient[j] * gradient[j]);
                Parameters[j] -= rate * (m[j] / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(v[j] / (1 - Math.Pow(0.999, t))) + 1e-8);
            }
        }

        return this;
    }

    private double[] Gradient(double l2)
    {
        var gradient = new double[Parameters.Length];
        double loss = 0;
        for (int i = 0; i < z.Length; i++)
        {
            double logit = Parameters[^1];
            for (int j = 0; j < z[i].Length; j++)
            {
                logit += Parameters[j] * z[i][j];
            }

            double p = 1 / (1 + Math.Exp(-logit));
            loss -= Math.Log(labels[i] == 1 ? p : 1 - p);
            for (int j = 0; j < z[i].Length; j++)
            {
                gradient[j] += (p - labels[i]) * z[i][j] / z.Length;
            }

            gradient[^1] += (p - labels[i]) / z.Length;
        }

        for (int j = 0; j + 1 < gradient.Length; j++)
        {
            gradient[j] += l2 * Parameters[j];
        }

        Losses.Add(loss / z.Length);
        return gradient;
    }
}
