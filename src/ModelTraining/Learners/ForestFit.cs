namespace EdgeInference.ModelTraining.Learners;

/// <summary>A forest, and how good it is by rows that trees have not seen.</summary>
/// <param name="Classifier">The forest.</param>
/// <param name="Votes">Works out <see cref="OutOfBag"/> when it is first asked for.</param>
internal sealed record ForestFit(TreeClassifier Classifier, Lazy<double[]?[]> Votes)
{
    /// <summary>
    /// For each training row, in the order they were given, the probabilities of the classes by the trees that did not draw it; null for a
    /// row that all drew, and for all rows where each tree sees all of them.
    /// </summary>
    internal double[]?[] OutOfBag => Votes.Value;

    /// <summary>The share of rows whose most probable class by the trees that have not seen them is wrong; NaN where there are none.</summary>
    /// <param name="labels">The class of each training row, in the same order.</param>
    internal double OutOfBagError(int[] labels)
    {
        int rows = 0;
        int wrong = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            if (OutOfBag[i] is { } probabilities)
            {
                rows++;
                wrong += Array.IndexOf(probabilities, probabilities.Max()) == labels[i] ? 0 : 1;
            }
        }

        return rows == 0 ? double.NaN : (double)wrong / rows;
    }
}
