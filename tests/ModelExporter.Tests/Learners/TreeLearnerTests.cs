using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Trees;
using EdgeInference.ModelFormat;
using EdgeInference.ModelTraining.Learners;

namespace EdgeInference.Tool.Tests.Learners;

/// <summary>Boosted trees and forests: what they learn, and that nothing but table, rows, weights and seed decides it.</summary>
public class TreeLearnerTests
{
    public static TheoryData<string> Learners => ["boosting", "boosting of parts", "forest", "extra"];

    [Theory]
    [MemberData(nameof(Learners))]
    public void The_number_of_threads_changes_no_bit(string name)
    {
        foreach (int classes in (int[])[2, 4])
        {
            LabelledTable table = LearnerTables.Mixed(1500, classes);
            Assert.Equal(Bytes(Make(name, 1), table, 5), Bytes(Make(name, 3), table, 5));
        }
    }

    [Theory]
    [InlineData("boosting of parts")]
    [InlineData("forest")]
    [InlineData("extra")]
    public void Another_seed_gives_another_model(string name)
    {
        LabelledTable table = LearnerTables.Mixed(300, 2);
        Assert.Equal(Bytes(Make(name, 1), table, 5), Bytes(Make(name, 1), table, 5));
        Assert.NotEqual(Bytes(Make(name, 1), table, 5), Bytes(Make(name, 1), table, 6));
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Rows_that_are_not_given_have_no_effect(string name)
    {
        LabelledTable table = LearnerTables.Mixed(400, 2);
        int[] rows = [.. Enumerable.Range(100, 200)];
        LabelledTable part = table with { Rows = [.. rows.Select(row => table.Rows[row])], Labels = [.. rows.Select(row => table.Labels[row])] };
        Assert.Equal(
            ModelWriter.Write(Make(name, 1).Fit(part, LearnerTables.All(part), null, 2).ToGraph()),
            ModelWriter.Write(Make(name, 1).Fit(table, rows, null, 2).ToGraph()));
    }

    [Theory]
    [InlineData("boosting", 0.95, 0.17)]
    [InlineData("forest", 0.94, 0.17)]
    [InlineData("extra", 0.94, 0.19)]
    public void They_are_as_good_as_such_learners_are_on_the_breast_cancer_data(string name, double accuracy, double loss)
    {
        LabelledTable test = CsvTable.ReadLabelled(TestData.Data("breast_cancer.test.csv"), "benign");
        (double share, double mean) = Score(Make(name, 1).Fit(LearnerTables.BreastCancer, LearnerTables.All(LearnerTables.BreastCancer), null, 1), test);
        Assert.InRange(share, accuracy, 1);
        Assert.InRange(mean, 0, loss);
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void They_learn_from_gaps_and_categories(string name)
    {
        LabelledTable test = LearnerTables.Mixed(1000, 2, seed: 4);
        LabelledTable training = LearnerTables.Mixed(1000, 2);
        IFittedClassifier fitted = Make(name, 1).Fit(training, LearnerTables.All(training), null, 1);
        Assert.InRange(Score(fitted, test).Accuracy, 0.8, 1);
        Assert.True(fitted.ToGraph().Metadata.AcceptsMissing);
        Assert.False(Make(name, 1).Fit(LearnerTables.BreastCancer, LearnerTables.All(LearnerTables.BreastCancer), null, 1).ToGraph().Metadata.AcceptsMissing);
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void A_missing_value_alone_can_decide(string name)
    {
        float[][] values = [.. Enumerable.Range(0, 200).Select(i => (float[])[i % 2 == 0 ? float.NaN : i % 7])];
        var table = new LabelledTable(["x"], values, [.. values.Select((_, i) => i % 2)], ["0", "1"]);
        IFittedClassifier fitted = Make(name, 1).Fit(table, LearnerTables.All(table), null, 1);
        double[] p = new double[2];
        fitted.Probabilities([float.NaN], p);
        Assert.True(p[0] > 0.9, $"{p[0]}");
        fitted.Probabilities([3f], p);
        Assert.True(p[1] > 0.9, $"{p[1]}");
    }

    [Fact]
    public void Boosting_learns_from_few_rows()
    {
        float[][] values = [.. Enumerable.Range(0, 12).Select(i => (float[])[i])];
        var table = new LabelledTable(["x"], values, [.. values.Select(row => row[0] < 6 ? 0 : 1)], ["0", "1"]);
        Assert.Equal(1.0, Score(new GradientBoosting().Fit(table, LearnerTables.All(table)), table).Accuracy);
    }

    [Fact]
    public void A_subset_of_categories_is_a_comparison_for_each_change_of_side()
    {
        float[][] values = [.. Enumerable.Range(0, 270).Select(i => (float[])[i % 9])];
        var table = new LabelledTable(["kind"], values, [.. values.Select(row => (int)row[0] % 3 == 0 ? 1 : 0)], ["0", "1"]) { Categories = [["a", "b", "c", "d", "e", "f", "g", "h", "i"]] };
        TreeClassifier fitted = new GradientBoosting { Rounds = 1, MaxLeaves = 2, LearningRate = 1 }.Fit(table, LearnerTables.All(table));
        Assert.Equal(1.0, Score(fitted, table).Accuracy);

        // 0 | 1 2 | 3 | 4 5 | 6 | 7 8 and what is none of them.
        Forest forest = Forest.Of(fitted.ToGraph().Nodes.First(node => node.Opcode == Opcode.TreeEnsemble));
        Assert.Equal([0.5f, 2.5f, 3.5f, 5.5f, 6.5f], forest.Thresholds.Order());
    }

    [Fact]
    public void Rows_kept_out_end_boosting_where_there_is_nothing_to_learn()
    {
        var random = new Xoshiro256(2);
        float[][] values = [.. Enumerable.Range(0, 400).Select(_ => (float[])[(float)random.NextDouble(), (float)random.NextDouble()])];
        var noise = new LabelledTable(["a", "b"], values, [.. values.Select(_ => random.Next(2))], ["0", "1"]);
        TreeClassifier fitted = new GradientBoosting { HeldOutShare = 0.3, Patience = 5 }.Fit(noise, LearnerTables.All(noise));
        Assert.InRange(fitted.Trees, 1, 20);

        LabelledTable learnable = LearnerTables.Mixed(1000, 3);
        TreeClassifier more = new GradientBoosting { HeldOutShare = 0.2 }.Fit(learnable, LearnerTables.All(learnable));
        Assert.Equal(0, more.Trees % 3);
        Assert.InRange(more.Trees, 30, 300);
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void A_heavier_class_is_more_probable(string name)
    {
        LabelledTable table = LearnerTables.Mixed(500, 2);
        double Mean(double[]? weights)
        {
            // A leaf of one class says the same whatever it weighs.
            ILearner learner = Make(name, 1) is RandomForest forest ? forest with { MinRows = 20 } : Make(name, 1);
            IFittedClassifier fitted = learner.Fit(table, LearnerTables.All(table), weights, 1);
            double[] p = new double[2];
            return LearnerTables.Mixed(500, 2, seed: 8).Rows.Average(row =>
            {
                fitted.Probabilities(row, p);
                return p[1];
            });
        }

        Assert.True(Mean([1, 10]) > Mean(null) + 0.02);
        Assert.True(Mean([10, 1]) < Mean(null) - 0.02);
        Assert.Equal(Mean([1, 1]), Mean(null), 1e-9);
    }

    [Fact]
    public void Rows_out_of_the_bag_tell_the_error_on_new_rows()
    {
        LabelledTable table = LearnerTables.Mixed(1000, 3);
        ForestFit fit = new RandomForest().Fit(table, LearnerTables.All(table));
        double error = 1 - Score(fit.Classifier, LearnerTables.Mixed(1000, 3, seed: 4)).Accuracy;
        Assert.Equal(error, fit.OutOfBagError(table.Labels), 0.05);
        Assert.True(1 - Score(fit.Classifier, table).Accuracy < error / 2);
        Assert.All(fit.OutOfBag, row => Assert.Equal(1.0, row!.Sum(), 1e-9));
        Assert.True(double.IsNaN(new RandomForest { IsExtra = true, Trees = 2 }.Fit(table, LearnerTables.All(table)).OutOfBagError(table.Labels)));
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void A_file_takes_seven_to_nine_bytes_a_comparison_and_its_leaves(string name)
    {
        IFittedClassifier fitted = Make(name, 1).Fit(LearnerTables.BreastCancer, LearnerTables.All(LearnerTables.BreastCancer), null, 1);
        var graph = fitted.ToGraph();
        Forest forest = Forest.Of(graph.Nodes.First(node => node.Opcode == Opcode.TreeEnsemble));
        Assert.InRange(ModelWriter.WriteBare(graph).Length, 7 * forest.Thresholds.Length, (9 * forest.Thresholds.Length) + (4 * forest.Weights.Length) + 1600);
    }

    [Fact]
    public void What_cannot_be_learned_from_is_refused()
    {
        LabelledTable table = LearnerTables.Mixed(50, 2);
        int[] all = LearnerTables.All(table);
        ILearner boosting = new GradientBoosting();
        Assert.Contains("No row has the label 'class 1'", Refusal(() => boosting.Fit(table, [.. all.Where(row => table.Labels[row] == 0)], null, 1)), StringComparison.Ordinal);
        Assert.Contains("class weights", Refusal(() => boosting.Fit(table, all, [1, -1], 1)), StringComparison.Ordinal);
        Assert.Contains("class weights", Refusal(() => boosting.Fit(table, all, [1], 1)), StringComparison.Ordinal);
        Assert.Contains("1 class", Refusal(() => new RandomForest().Fit(table with { Classes = ["one"] }, all)), StringComparison.Ordinal);
        Assert.Contains("rounds", Refusal(() => new GradientBoosting { Rounds = 0 }.Fit(table, all)), StringComparison.Ordinal);
        Assert.Contains("leaves", Refusal(() => new GradientBoosting { MaxLeaves = 1 }.Fit(table, all)), StringComparison.Ordinal);
        Assert.Contains("learning rate", Refusal(() => new GradientBoosting { LearningRate = 0 }.Fit(table, all)), StringComparison.Ordinal);
        Assert.Contains("share of rows", Refusal(() => new GradientBoosting { RowShare = 1.5 }.Fit(table, all)), StringComparison.Ordinal);
        Assert.Contains("trees", Refusal(() => new RandomForest { Trees = 0 }.Fit(table, all)), StringComparison.Ordinal);
        Assert.Contains("smoothing", Refusal(() => new RandomForest { Smoothing = double.NaN }.Fit(table, all)), StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() => boosting.Fit(table, all, null, 1, null, new CancellationToken(canceled: true)));
        Assert.Throws<OperationCanceledException>(() => new RandomForest().Fit(table, all, cancellation: new CancellationToken(canceled: true)));
    }

    private static ILearner Make(string name, int threads) => name switch
    {
        "boosting" => new GradientBoosting { Rounds = 40, Threads = threads },
        "boosting of parts" => new GradientBoosting { Rounds = 40, MaxLeaves = 6, RowShare = 0.7, FeatureShare = 0.6, HeldOutShare = 0.1, Threads = threads },
        "forest" => new RandomForest { Trees = 30, Threads = threads },
        _ => new RandomForest { Trees = 30, IsExtra = true, Threads = threads },
    };

    private static byte[] Bytes(ILearner learner, LabelledTable table, ulong seed) => ModelWriter.Write(learner.Fit(table, LearnerTables.All(table), null, seed).ToGraph());

    private static string Refusal(Action action) => Assert.Throws<InputException>(action).Message;

    private static (double Accuracy, double Loss) Score(IFittedClassifier fitted, LabelledTable table)
    {
        double[] p = new double[table.Classes.Count];
        int right = 0;
        double loss = 0;
        for (int i = 0; i < table.Labels.Length; i++)
        {
            fitted.Probabilities(table.Rows[i], p);
            Assert.Equal(1.0, p.Sum(), 1e-9);
            right += Array.IndexOf(p, p.Max()) == table.Labels[i] ? 1 : 0;
            loss -= Math.Log(Math.Max(p[table.Labels[i]], 1e-15));
        }

        return ((double)right / table.Labels.Length, loss / table.Labels.Length);
    }
}
