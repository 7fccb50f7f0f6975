using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelTraining.Learners;
using EdgeInference.ModelTraining.Search;

namespace EdgeInference.Benchmarks.Accuracy;

/// <summary>Something that learns from rows and gives probabilities of others.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Answers">From a table, its training rows and its test rows to the probabilities of each test row and the class decided for.</param>
internal sealed record AccuracyContender(string Name, Func<LabelledTable, int[], int[], (double[] Probabilities, int Called)[]> Answers)
{
    /// <summary>What <c>edge train</c> does where nothing but the label is said.</summary>
    internal static AccuracyContender Search { get; } = new("edge train", (table, training, test) =>
    {
        LabelledTable rows = table with { Rows = [.. training.Select(row => table.Rows[row])], Labels = Array.ConvertAll(training, row => table.Labels[row]) };
        SearchResult found = ModelSearch.Run(rows, DefaultCatalogue.Make(), new SearchOptions(), null, default);
        ProbabilityCalibration? calibration = found.Chosen.Score.Calibration is { } values ? new ProbabilityCalibration(values) : null;
        Console.Error.WriteLine($"  {found.Chosen.Candidate.Name} ({found.Chosen.Candidate.Settings}), {found.Chosen.Bytes} bytes; best {found.Best.Candidate.Name} ({found.Best.Candidate.Settings})");
        return Array.ConvertAll(test, row =>
        {
            double[] given = new double[table.Classes.Count];
            found.Fitted.Probabilities(table.Rows[row], given);
            float[] probabilities = Array.ConvertAll(given, p => (float)p);
            if (calibration is not null && probabilities.Length == 2)
            {
                float p = calibration.Apply(probabilities[1]);
                probabilities = [1 - p, p];
            }
            else
            {
                calibration?.ApplyToAll(probabilities);
            }

            int called = found.Threshold is { } threshold ? (probabilities[1] >= threshold ? 1 : 0) : CandidateScore.Called(probabilities);
            return (Array.ConvertAll(probabilities, p => (double)p), called);
        });
    });

    /// <summary>A learner as it stands.</summary>
    internal static AccuracyContender Of(string name, ILearner learner) => new(name, (table, training, test) =>
    {
        IFittedClassifier fitted = learner.Fit(table, training, null, 1);
        return Array.ConvertAll(test, row =>
        {
            double[] probabilities = new double[table.Classes.Count];
            fitted.Probabilities(table.Rows[row], probabilities);
            return (probabilities, Array.IndexOf(probabilities, probabilities.Max()));
        });
    });
}
