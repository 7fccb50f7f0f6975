using EdgeInference.ModelTraining.Learners;

namespace EdgeInference.ModelTraining.Search;

/// <summary>
/// The probabilities that a learner gives for rows that it was not fitted to. A row that several divisions judge has an answer of each: their
/// mean would be that of a committee, which is calibrated otherwise and errs less than the one model that is fitted in the end.
/// </summary>
internal sealed class OutOfFold
{
    private readonly int classes;
    private readonly double[][] parts;

    private OutOfFold(int classes, int[] rows, double[][] parts)
    {
        this.classes = classes;
        this.parts = parts;
        Rows = rows;
    }

    /// <summary>The row of each answer, in the order of the folds.</summary>
    internal int[] Rows { get; }

    /// <summary>The probabilities of each answer.</summary>
    internal float[][] Probabilities() => [.. parts.SelectMany(part => Enumerable.Range(0, part.Length / classes).Select(i => Array.ConvertAll(part[(i * classes)..((i + 1) * classes)], p => (float)p)))];

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

        return new OutOfFold(classes, [.. folds.SelectMany(fold => fold.Test)], parts);
    }

    /// <summary>The mean of several: what their committee gives.</summary>
    internal static OutOfFold Mean(IReadOnlyList<OutOfFold> members)
    {
        OutOfFold first = members[0];
        double[][] parts = [.. first.parts.Select((part, fold) => part.Select((_, i) => members.Sum(member => member.parts[fold][i]) / members.Count).ToArray())];
        return new OutOfFold(first.classes, first.Rows, parts);
    }
}
