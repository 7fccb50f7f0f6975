using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelTraining.Encoding;
using EdgeInference.ModelTraining.Learners;
using EdgeInference.Tool.Tests.Train;

namespace EdgeInference.Tool.Tests.Learners;

public sealed class LogisticRegressionTests
{
    // scikit-learn 1.2.1: StandardScaler, LogisticRegression(C, tol=1e-12, class_weight), predict_proba of the first training rows.
    [Fact]
    public void Two_classes_have_the_minimum_that_scikit_learn_finds()
    {
        Expect("breast_cancer.train.csv", "benign", 1, null, [[0.99916071], [0.67558638], [0.001870362], [0.99890926], [0.99999876]]);
        Expect("breast_cancer.train.csv", "benign", 0.1, [3, 1], [[0.98701838], [0.57477945], [0.0060736574], [0.98574768], [0.99982294]]);
    }

    [Fact]
    public void Ten_classes_have_the_minimum_that_scikit_learn_finds() => Expect(
        "digits.train.csv",
        "digit",
        0.01,
        null,
        [
            [0.0021224492, 0.7029244, 0.070633994, 0.0072481494, 0.0066057261, 0.0036283508, 0.17453845, 0.0014522952, 0.027625265, 0.0032209221],
            [0.76777245, 0.0065886121, 0.0074283673, 0.0085998765, 0.013921317, 0.070729215, 0.029335122, 0.0048497884, 0.038144856, 0.052630398],
        ]);

    [Fact]
    public void Only_the_given_rows_are_learned_from_and_the_seed_has_no_effect()
    {
        LabelledTable table = TrainingData.Blobs(3, 4, 60, seed: 1);
        int[] rows = [.. Enumerable.Range(0, 60).Where(i => i % 4 != 0)];
        LabelledTable spoilt = table with { Rows = [.. table.Rows.Select((row, i) => i % 4 != 0 ? row : [1e9f, 1e9f, 1e9f, 1e9f])] };
        byte[] file = ModelWriter.Write(new LogisticRegression().Fit(table, rows, null, 1).ToGraph());
        Assert.Equal(file, ModelWriter.Write(new LogisticRegression().Fit(spoilt, rows, null, 2).ToGraph()));
        Assert.NotEqual(file, ModelWriter.Write(new LogisticRegression(0.5).Fit(table, rows, null, 1).ToGraph()));
    }

    [Fact]
    public void It_has_a_number_for_each_feature_and_class_and_can_be_stopped()
    {
        LabelledTable table = TrainingData.Blobs(3, 4, 60, seed: 1);
        int[] all = [.. Enumerable.Range(0, 60)];
        Assert.Equal(15, new LogisticRegression().Fit(table, all, null, 1).ParameterCount);
        Assert.Equal(5, new LogisticRegression().Fit(TrainingData.Blobs(2, 4, 60, seed: 1), all, null, 1).ParameterCount);
        Assert.Throws<OperationCanceledException>(() => new LogisticRegression().Fit(table, all, null, 1, null, new CancellationToken(canceled: true)));
        Assert.Equal("C 0.5, shaped features", new LogisticRegression(0.5, EncodingKind.Shaped).Settings);
    }

    private static void Expect(string file, string label, double c, double[]? weights, double[][] expected)
    {
        LabelledTable table = TrainingData.Read(file, label);
        IFittedClassifier model = new LogisticRegression(c).Fit(table, [.. Enumerable.Range(0, table.Rows.Count)], weights, 1);
        double[] probabilities = new double[table.Classes.Count];
        for (int row = 0; row < expected.Length; row++)
        {
            model.Probabilities(table.Rows[row], probabilities);
            Assert.Equal(1, probabilities.Sum(), 1e-12);
            double[] found = probabilities[^expected[row].Length..];
            Assert.All(expected[row].Zip(found), pair => Assert.Equal(pair.First, pair.Second, 2e-5));
        }
    }
}
