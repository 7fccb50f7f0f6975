using EdgeInference.ModelTraining.Learners;
using EdgeInference.Tool.Tests.Train;

namespace EdgeInference.Tool.Tests.Learners;

/// <summary>What networks and logistic regression learn, to the bit. The sums were taken on x64 with AVX2: any machine, vector width or system that computes otherwise fails here.</summary>
public sealed class LearnerBitsTests
{
    [Fact]
    public void Logistic_regression_is_the_same_on_every_machine() => Assert.Equal(1333179647286760924UL, Hash(new LogisticRegression()));

    [Fact]
    public void A_network_is_the_same_on_every_machine() => Assert.Equal(10039256579416366086UL, Hash(new MultilayerPerceptron(5, 2)));

    private static ulong Hash(ILearner learner)
    {
        LabelledTable blobs = TrainingData.Blobs(3, 5, 90, seed: 1);
        LabelledTable table = blobs with { Rows = [.. blobs.Rows.Select((row, i) => (float[])[i % 8 == 0 ? float.NaN : row[0], row[1], row[2], row[3] * row[3] * row[3], row[4]])] };
        IFittedClassifier model = learner.Fit(table, [.. Enumerable.Range(0, 90)], [1, 2, 1], 1);
        ulong hash = 14695981039346656037;
        double[] probabilities = new double[3];
        foreach (float[] row in table.Rows)
        {
            model.Probabilities(row, probabilities);
            hash = (hash ^ (ulong)BitConverter.DoubleToInt64Bits(probabilities[1])) * 1099511628211;
        }

        return hash;
    }
}
