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
internal sealed class MultilayerPerceptron(int units = 32, int networks = 1, double? decay = null, EncodingKind encoding = EncodingKind.Shaped) : ILearner
{
    // Weights of the penalty, of which the rows that are kept out choose: each is that of half the sum of squared weights beside the sum of all rows' losses.
    private static readonly double[] decays = [0.3, 3];

    internal static string Note = "";
    internal int MostEpochs { get; init; } = 200;
    internal int Patience { get; init; } = 20;
    internal double LearningRate { get; init; } = 0.005;
    internal int BatchSize { get; init; } = 32;
    internal double ValidationShare { get; init; } = 0.15;
    internal double Horizon { get; init; } = 2;

    /// <inheritdoc/>
    public string Name => "mlp";

    /// <inheritdoc/>
    public string Settings => string.Create(CultureInfo.InvariantCulture, $"{networks * units} units, {(decay is { } fixedDecay ? $"decay {fixedDecay:0.####}" : "decay by validation")}{(encoding == EncodingKind.Shaped ? ", shaped features" : "")}");

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
        (int epochs, double chosen) = Choose(network, encoded, labels, classes, random, progress, cancellation);
        Note = $"ep {epochs} decay {chosen}";
        int[] all = [.. Enumerable.Range(0, rows.Length)];
        var parts = new double[networks][];
        for (int i = 0; i < networks; i++)
        {
            parts[i] = Train(network, encoded, labels, all, [], epochs, chosen, random, cancellation).Parameters;
            progress?.Report((1 + ((i + 1.0) / networks)) / 2);
        }

        var joined = new Network(features.Length, [units * networks], ActivationKind.ReLU, outputs);
        return new FittedNetwork(table, features, joined, NetworkJoin.Join(network, parts, joined));
    }

    private (double[] Parameters, IReadOnlyList<TrainingProgress> History) Train(Network network, double[][] rows, int[] labels, int[] training, int[] validation, int epochs, double penalty, Xoshiro256 random, CancellationToken cancellation)
    {
        double[] parameters = network.Initialize(random);
        int steps = (training.Length + BatchSize - 1) / BatchSize;
        var loop = new TrainingLoop(network, rows, labels, training, validation)
        {
            Optimizer = new Adam(LearningRate, parameters.Length),
            Step = LearningRate,
            BatchSize = BatchSize,
            Epochs = epochs,
            L2 = penalty / training.Length,
            Patience = Patience,
            Average = new WeightAverage(parameters.Length, Math.Max(1, (int)(Horizon * steps))),
        };
        loop.Run(parameters, random, null, cancellation);
        return (parameters, loop.History);
    }

    // By the lowest mean of the networks' losses over the epochs that all of them saw.
    private (int Epochs, double Decay) Choose(Network network, double[][] rows, int[] labels, int classes, Xoshiro256 random, IProgress<double>? progress, CancellationToken cancellation)
    {
        double[] candidates = decay is { } given ? [given] : decays;
        (int[] Training, int[] Validation)[] splits = [.. Enumerable.Range(0, networks).Select(_ => StratifiedSplit.Of(labels, classes, ValidationShare, random))];
        (int Epochs, double Decay) best = (MostEpochs, candidates[^1]);
        if (splits[0].Validation.Length == 0)
        {
            return best;
        }

        double lowest = double.PositiveInfinity;
        for (int c = 0; c < candidates.Length; c++)
        {
            var curves = new List<double[]>();
            foreach ((int[] training, int[] validation) in splits)
            {
                curves.Add([.. Train(network, rows, labels, training, validation, MostEpochs, candidates[c], random, cancellation).History.Select(epoch => epoch.ValidationLoss)]);
                progress?.Report(((c * networks) + curves.Count) / (2.0 * networks * candidates.Length));
            }

            int seen = curves.Min(curve => curve.Length);
            for (int epoch = 0; epoch < seen; epoch++)
            {
                double sum = curves.Sum(curve => curve[epoch]);
                if (sum < lowest)
                {
                    lowest = sum;
                    best = (epoch + 1, candidates[c]);
                }
            }
        }

        return best;
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
