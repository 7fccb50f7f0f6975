namespace EdgeInference.ModelTraining.Learners.Trees;

/// <summary>
/// What a leaf of a forest says: the shares of the classes among its rows and some rows of the whole table's mix, so that a few rows are
/// not taken for certain. Multiples of 2^-14: sums of up to 1,024 trees are exact in float32, and many leaves are equal and stored once.
/// </summary>
internal sealed class LeafProbabilities(double[] shares, double smoothing)
{
    private const double Steps = 1 << 14;

    /// <summary>Number of classes.</summary>
    internal int Classes => shares.Length;

    /// <summary>The weights of a leaf: the probability of class 1 for two classes, else one for each.</summary>
    /// <param name="weights">The weight of each class in the leaf.</param>
    /// <param name="rows">Its rows.</param>
    internal float[] Of(ReadOnlySpan<double> weights, int rows)
    {
        double sum = 0;
        foreach (double weight in weights)
        {
            sum += weight;
        }

        float[] steps = new float[Classes];
        int largest = 0;
        float all = 0;
        for (int c = 0; c < steps.Length; c++)
        {
            double p = ((weights[c] / sum * rows) + (smoothing * shares[c])) / (rows + smoothing);
            steps[c] = (float)Math.Round(p * Steps);
            all += steps[c];
            largest = steps[c] > steps[largest] ? c : largest;
        }

        // They sum to 1.
        steps[largest] += (float)Steps - all;
        float[] probabilities = Array.ConvertAll(steps, step => step / (float)Steps);
        return Classes == 2 ? [probabilities[1]] : probabilities;
    }
}
