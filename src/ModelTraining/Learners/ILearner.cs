namespace EdgeInference.ModelTraining.Learners;

/// <summary>
/// A way of learning a classifier from a table. The same table, rows, weights and seed give the same bits on every machine: sums in a
/// fixed order, no function of the system's C library, the number of threads without effect.
/// </summary>
internal interface ILearner
{
    /// <summary>What <c>--learner</c> calls it.</summary>
    string Name { get; }

    /// <summary>What was set, in few words, for the table of candidates: "100 trees, depth 6".</summary>
    string Settings { get; }

    /// <summary>An estimate of the work of <see cref="Fit"/> in multiplications and additions; from the sizes alone, so that a budget is the same everywhere.</summary>
    long Work(int rows, int features, int classes);

    /// <summary>Learns.</summary>
    /// <param name="table">All rows: NaN is a missing value; a feature with categories holds their indices, as <see cref="LabelledTable.Categories"/> says.</param>
    /// <param name="rows">Indices of the rows to learn from.</param>
    /// <param name="classWeights">The weight of a row of each class; null where all weigh 1.</param>
    /// <param name="seed">Seed of everything random.</param>
    /// <param name="progress">Told of the share that is done, 0 to 1; or null.</param>
    /// <param name="cancellation">Stops soon.</param>
    /// <exception cref="InputException">The table cannot be learned from.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    IFittedClassifier Fit(LabelledTable table, int[] rows, double[]? classWeights, ulong seed, IProgress<double>? progress = null, CancellationToken cancellation = default);
}
