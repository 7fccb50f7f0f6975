using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.ModelTraining;
using EdgeInference.ModelTraining.Learners;
using EdgeInference.Tool.Tests.Train;

namespace EdgeInference.Tool.Tests.Learners;

public sealed class MultilayerPerceptronTests
{
    [Fact]
    public void XOR_is_learned()
    {
        float[][] corners = [[0, 0], [0, 1], [1, 0], [1, 1]];
        var table = new LabelledTable(["a", "b"], [.. Enumerable.Range(0, 80).Select(i => corners[i % 4])], [.. Enumerable.Range(0, 80).Select(i => i % 4 is 1 or 2 ? 1 : 0)], ["0", "1"]);
        IFittedClassifier model = new MultilayerPerceptron(8).Fit(table, [.. Enumerable.Range(0, 80)], null, 1);
        double[] probabilities = new double[2];
        for (int i = 0; i < 4; i++)
        {
            model.Probabilities(corners[i], probabilities);
            Assert.True(probabilities[table.Labels[i]] > 0.9, $"{probabilities[0]}");
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        LabelledTable table = TrainingData.Blobs(3, 4, 90, seed: 1);
        int[] rows = [.. Enumerable.Range(0, 90).Where(i => i % 5 != 0)];
        byte[] first = File(table, 1);
        Assert.Equal(first, File(table, 1));
        Assert.NotEqual(first, File(table, 2));
        LabelledTable spoilt = table with { Rows = [.. table.Rows.Select((row, i) => i % 5 != 0 ? row : [1e9f, 1e9f, 1e9f, 1e9f])] };
        Assert.Equal(first, File(spoilt, 1));

        byte[] File(LabelledTable from, ulong seed) => ModelWriter.Write(new MultilayerPerceptron(4, 2).Fit(from, rows, null, seed).ToGraph());
    }

    [Fact]
    public void Joined_networks_give_the_mean_of_their_logits()
    {
        var random = new Xoshiro256(3);
        foreach (int outputs in new[] { 1, 3 })
        {
            var network = new Network(5, [4], ActivationKind.ReLU, outputs);
            double[][] parts = [network.Initialize(random), network.Initialize(random), network.Initialize(random)];
            foreach (double[] part in parts)
            {
                for (int i = 0; i < part.Length; i++)
                {
                    part[i] += 0.1 * random.NextDouble();
                }
            }

            var joined = new Network(5, [12], ActivationKind.ReLU, outputs);
            double[] row = [0.3, -1, 2, 0.7, -0.4];
            double[] found = joined.Logits(NetworkJoin.Join(network, parts, joined), row).ToArray();
            double[] mean = new double[outputs];
            foreach (double[] part in parts)
            {
                VectorMath.AddScaled(mean, 1.0 / 3, network.Logits(part, row));
            }

            Assert.All(mean.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        }
    }

    [Fact]
    public void A_rare_class_that_weighs_more_is_found_more_often()
    {
        var random = new Random(5);
        float[][] rows = [.. Enumerable.Range(0, 400).Select(i => new[] { (float)((random.NextDouble() * 2) + (i % 20 == 0 ? 0.7 : 0)), (float)random.NextDouble() })];
        var table = new LabelledTable(["a", "b"], rows, [.. Enumerable.Range(0, 400).Select(i => i % 20 == 0 ? 1 : 0)], ["0", "1"]);
        Assert.True(Mean([1, 19]) > Mean(null) + 0.2, $"{Mean([1, 19])} {Mean(null)}");

        double Mean(double[]? weights)
        {
            IFittedClassifier model = new MultilayerPerceptron(4).Fit(table, [.. Enumerable.Range(0, 400)], weights, 1);
            double[] probabilities = new double[2];
            return Enumerable.Range(0, 400).Average(i =>
            {
                model.Probabilities(rows[i], probabilities);
                return probabilities[1];
            });
        }
    }

    [Fact]
    public void A_table_too_small_to_keep_rows_out_is_learned_from_whole()
    {
        var table = new LabelledTable(["a"], [[0], [1], [2], [3]], [0, 0, 1, 1], ["0", "1"]);
        double[] probabilities = new double[2];
        IFittedClassifier model = new MultilayerPerceptron(4, 1).Fit(table, [0, 1, 2, 3], null, 1);
        model.Probabilities([3f], probabilities);
        Assert.True(probabilities[1] > 0.5);
        Assert.Equal(4 + 4 + 4 + 1, model.ParameterCount);
    }

    [Fact]
    public void It_can_be_stopped() =>
        Assert.Throws<OperationCanceledException>(() => new MultilayerPerceptron().Fit(TrainingData.Blobs(2, 3, 40, seed: 1), [.. Enumerable.Range(0, 40)], null, 1, null, new CancellationToken(canceled: true)));

    [Fact]
    public void A_running_mean_weighs_all_steps_alike_up_to_its_horizon()
    {
        var average = new WeightAverage(1, 4);
        foreach (double value in new[] { 1.0, 2, 6, 3 })
        {
            average.Add([value]);
        }

        Assert.Equal(3, average.Values[0], 1e-14);
        average.Add([7]);
        Assert.Equal(4, average.Values[0], 1e-14);
    }
}
