using EdgeInference.ModelTraining.Learners;

namespace EdgeInference.ModelTraining.Search;

/// <summary>The probabilities that a learner gives for rows that it was not fitted to: the mean over the folds that hold a row.</summary>
internal sealed class OutOfFold
{
    private readonly int classes;

    private OutOfFold(int rows, int classes)
    {
        this.classes = classes;
        Sums = new double[(long)rows * classes];
        Counts = new int[rows];
    }

    /// <summary>How often each row was judged.</summary>
    internal int[] Counts { get; }

    private double[] Sums { get; }

    /// <summary>The probability of each class for a row that was judged.</summary>
    internal float[] Probabilities(int row)
    {
        var mean = new float[classes];
        for (int c = 0; c < classes; c++)
        {
            mean[c] = (float)(Sums[(row * classes) + c] / Counts[row]);
        }

        return mean;
    }

    /// <summary>Fits a learner once for each fold. The number of threads changes no bit.</summary>
    /// <param name="learner">The learner.</param>
    /// <param name="table">All rows.</param>
    /// <param name="folds">The divisions.</param>
    /// <param name="classWeights">The weight of a row of each class, or null.</param>
    /// <param name="seed">Seed of everything random.</param>
    /// <param name="fitted">Is told of each fold that is done, on any thread.</param>
    /// <param name="cancellation">Stops soon.</param>
    internal static OutOfFold Of(ILearner learner, LabelledTable table, Fold[] folds, double[]? classWeights, ulong seed, Action<int, IFittedClassifier>? fitted, CancellationToken cancellation)
    {
        int classes = table.Classes.Count;
        var result = new OutOfFold(table.Rows.Count, classes);
        var parts = new double[folds.Length][];
        Parallel.For(0, folds.Length, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, fold =>
        {
            IFittedClassifier classifier = learner.Fit(table, folds[fold].Training, classWeights, seed + (ulong)fold, null, cancellation);
            parts[fold] = new double[(long)folds[fold].Test.Length * classes];
            for (int i = 0; i < folds[fold].Test.Length; i++)
            {
                classifier.Probabilities(table.Rows[folds[fold].Test[i]], parts[fold].AsSpan(i * classes, classes));
            }

            fitted?.Invoke(fold, classifier);
        });

        // In the order of the folds, whichever was done first.
        for (int fold = 0; fold < folds.Length; fold++)
        {
            result.Add(folds[fold].Test, parts[fold]);
        }

        return result;
    }

    /// <summary>The mean of several: what their committee gives.</summary>
    internal static OutOfFold Mean(IReadOnlyList<OutOfFold> members)
    {
        var mean = new OutOfFold(members[0].Counts.Length, members[0].classes);
        members[0].Counts.CopyTo(mean.Counts, 0);
        for (int i = 0; i < mean.Sums.Length; i++)
        {
            double sum = 0;
            foreach (OutOfFold member in members)
            {
                sum += member.Sums[i];
            }

            mean.Sums[i] = sum / members.Count;
        }

        return mean;
    }

    private void Add(int[] rows, double[] part)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            Counts[rows[i]]++;
            for (int c = 0; c < classes; c++)
            {
                Sums[(rows[i] * classes) + c] += part[(i * classes) + c];
            }
        }
    }
}
