namespace EdgeInference.Tool.Tests.Decisions;

/// <summary>A network of two Dense layers with fixed weights, computed in double by its definition: ReLU, then sigmoid or softmax. Its decisions divide the rows.</summary>
internal sealed class SmallNet
{
    private const int Hidden = 5;

    internal SmallNet(IReadOnlyList<float[]> rows, int outputs)
    {
        int features = rows[0].Length;
        var random = new Random(outputs);
        First = Draw(random, features, Hidden);
        FirstBias = [.. Enumerable.Range(0, Hidden).Select(_ => random.NextSingle())];
        Second = Draw(random, Hidden, outputs);
        SecondBias = new float[outputs];

        // Each output is 0 in the middle of the rows.
        double[][] raw = [.. rows.Select(Logits)];
        SecondBias = [.. Enumerable.Range(0, outputs).Select(k => (float)-raw.Select(row => row[k]).Order().ElementAt(rows.Count / 2))];
    }

    /// <summary>[features, hidden], as Keras has it.</summary>
    internal float[,] First { get; }

    internal float[] FirstBias { get; }

    /// <summary>[hidden, outputs].</summary>
    internal float[,] Second { get; }

    internal float[] SecondBias { get; }

    /// <summary>The outputs before sigmoid or softmax.</summary>
    internal double[] Logits(float[] row)
    {
        double[] hidden = Layer([.. row.Select(value => (double)value)], First, FirstBias);
        return Layer(Array.ConvertAll(hidden, value => Math.Max(value, 0)), Second, SecondBias);
    }

    /// <summary>The class, and the probability of class 1 of two or of that class of more.</summary>
    internal (int Label, float Value) Decide(float[] row)
    {
        double[] logits = Logits(row);
        if (logits.Length == 1)
        {
            double one = 1 / (1 + Math.Exp(-logits[0]));
            return (one > 0.5 ? 1 : 0, (float)one);
        }

        double[] powers = Array.ConvertAll(logits, value => Math.Exp(value - logits.Max()));
        int label = Array.IndexOf(logits, logits.Max());
        return (label, (float)(powers[logits.Length == 2 ? 1 : label] / powers.Sum()));
    }

    /// <summary>A matrix by rows of its transpose, as TensorFlow Lite has it.</summary>
    internal static float[] Transposed(float[,] matrix) =>
        [.. Enumerable.Range(0, matrix.GetLength(1)).SelectMany(column => Enumerable.Range(0, matrix.GetLength(0)).Select(row => matrix[row, column]))];

    private static double[] Layer(double[] x, float[,] weights, float[] bias) =>
        [.. bias.Select((one, column) => x.Select((value, row) => value * weights[row, column]).Sum() + one)];

    private static float[,] Draw(Random random, int rows, int columns)
    {
        var matrix = new float[rows, columns];
        for (int i = 0; i < matrix.Length; i++)
        {
            matrix[i / columns, i % columns] = (random.NextSingle() - 0.5f) / 2;
        }

        return matrix;
    }
}
