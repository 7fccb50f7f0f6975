using EdgeInference.ModelTraining.Learners;

namespace EdgeInference.Benchmarks.Accuracy;

/// <summary>Something that learns from rows and gives probabilities of others.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Probabilities">From a table, its training rows and its test rows to the probabilities of each test row.</param>
internal sealed record AccuracyContender(string Name, Func<LabelledTable, int[], int[], double[][]> Probabilities)
{
    /// <summary>A learner as it stands.</summary>
    internal static AccuracyContender Of(string name, ILearner learner) => new(name, (table, training, test) =>
    {
        IFittedClassifier fitted = learner.Fit(table, training, null, 1);
        return Array.ConvertAll(test, row =>
        {
            double[] probabilities = new double[table.Classes.Count];
            fitted.Probabilities(table.Rows[row], probabilities);
            return probabilities;
        });
    });
}
