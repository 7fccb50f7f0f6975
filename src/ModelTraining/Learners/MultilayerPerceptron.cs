using System.Globalization;
using EdgeInference.ModelConverter;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelFormat;
using EdgeInference.ModelTraining.Encoding;

namespace EdgeInference.ModelTraining.Learners;

/// <summary>
/// Networks of one hidden layer of ReLU over encoded features, whose logits are averaged: joined they are one wider network. Each is
/// trained twice: without a part of the rows, which tells the number of epochs; then that long with all. What is validated and kept is a
/// running mean of the weights.
/// </summary>
internal sealed class MultilayerPerceptron(int units = 32, int networks = 1, double l2 = 1e-3, EncodingKind encoding = EncodingKind.Shaped) : ILearner
{
    internal int MostEpochs { get; init; } = 200;
    internal int Patience { get; init; } = 20;
    internal double LearningRate { get; init; } = 0.005;
    internal int BatchSize { get; init; } = 32;
    internal double ValidationShare { get; init; } = 0.15;
    internal double Horizon { get; init; } = 2;

    /// <inheritdoc/>
    public string Name => "mlp";

    /// <inheritdoc/>
    public string Settings => string.Create(CultureInfo.InvariantCulture, $"{networks * units} units, L2 {l2:0.######}{(encoding == EncodingKind.Shaped ? ", shaped features" : "")}");

    /// <inheritdoc/>
    public long Work(int rows, int features, int classes) => 3L * networks * units * MostEpochs * rows * (features + (classes == 2 ? 1 : classes));

    /// <inheritdoc/>
    public IFittedClassifier Fit(LabelledTable table, int[] rows, double[]? classWeights, ulong seed, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(rows);
        var features = FeatureEncoding.Fit(table, rows, encoding);
        double[][] encoded = [.. rows.Select(row => features.Apply(table.Rows[row]))];
        int[] labels = [.. rows.Select(row => table.Labels[row])];
        int classes = table.Classes.Count;
        int outputs = classes == 2 ? 1 : classes;
        var network = new Network(features.Length, [units], ActivationKind.ReLU, outputs) { ClassWeights = Normalised(classWeights, labels) };
        var random = new Xoshiro256(seed);
        var losses = new List<double[]>();
        for (int i = 0; i < networks; i++)
        {
            (int[] training, int[] validation) = StratifiedSplit.Of(labels, classes, ValidationShare, random);
            losses.Add(validation.Length == 0 ? [] : [.. Train(network, encoded, labels, training, validation, MostEpochs, random, cancellation).History.Select(epoch => epoch.ValidationLoss)]);
            progress?.Report((i + 1.0) / (2 * networks));
        }

        int epochs = BestEpoch(losses);
        int[] all = [.. Enumerable.Range(0, rows.Length)];
        var parts = new double[networks][];
        for (int i = 0; i < networks; i++)
        {
            parts[i] = Train(network, encoded, labels, all, [], epochs, random, cancellation).Parameters;
            progress?.Report((networks + i + 1.0) / (2 * networks));
        }

        var joined = new Network(features.Length, [units * networks], ActivationKind.ReLU, outputs);
        return new FittedNetwork(table, features, joined, NetworkJoin.Join(network, parts, joined));
    }

    private (double[] Parameters, IReadOnlyList<TrainingProgress> History) Train(Network network, double[][] rows, int[] labels, int[] training, int[] validation, int epochs, Xoshiro256 random, CancellationToken cancellation)
    {
        double[] parameters = network.Initialize(random);
        int steps = (training.Length + BatchSize - 1) / BatchSize;
        var loop = new TrainingLoop(network, rows, labels, training, validation)
        {
            Optimizer = new Adam(LearningRate, parameters.Length),
            Step = LearningRate,
            BatchSize = BatchSize,
            Epochs = epochs,
            L2 = l2,
            Patience = Patience,
            Average = new WeightAverage(parameters.Length, Math.Max(1, (int)(Horizon * steps))),
        };
        loop.Run(parameters, random, null, cancellation);
        return (parameters, loop.History);
    }

    // The lowest mean of the networks' losses, over the epochs that all of them saw.
    private int BestEpoch(List<double[]> losses)
    {
        int seen = losses.Min(curve => curve.Length);
        return seen == 0 ? MostEpochs : 1 + Enumerable.Range(0, seen).MinBy(epoch => losses.Sum(curve => curve[epoch]));
    }

    // So that the rows weigh 1 in the mean: the learning rate keeps its meaning.
    private static double[]? Normalised(double[]? weights, int[] labels)
    {
        if (weights is null)
        {
            return null;
        }

        double sum = 0;
        foreach (int label in labels)
        {
            sum += weights[label];
        }

        return Array.ConvertAll(weights, weight => weight * labels.Length / sum);
    }
}
