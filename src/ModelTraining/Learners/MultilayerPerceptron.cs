using System.Globalization;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelFormat;
using EdgeInference.ModelTraining.Encoding;

namespace EdgeInference.ModelTraining.Learners;

/// <summary>
/// Networks of one hidden layer of ReLU over encoded features, whose logits are averaged: joined they are one wider network. Each is
/// trained twice: first without a part of the rows, which tell the number of epochs and the decay, then that long with all. What is
/// validated and kept is a running mean of the weights.
/// </summary>
/// <param name="units">Hidden units of each network, 1 or more.</param>
/// <param name="networks">How many are averaged, 1 or more.</param>
/// <param name="decay">What half the sum of the squared weights is multiplied by beside the sum of all rows' losses, 0 or more; null to choose it by validation.</param>
/// <param name="encoding">What becomes of numbers.</param>
internal sealed class MultilayerPerceptron(int units = 32, int networks = 3, double? decay = null, EncodingKind encoding = EncodingKind.Shaped) : ILearner
{
    private const int MostEpochs = 200;
    private const int Patience = 20;
    private const int BatchSize = 32;
    private const double LearningRate = 0.01;
    private const double ValidationShare = 0.15;

    // Epochs that the running mean of the weights goes back.
    private const int AveragedEpochs = 2;

    // A typical run stops early, and the one with all rows is as long.
    private const int TypicalEpochs = 50;

    private static readonly double[] decays = [0.3, 3];

    /// <inheritdoc/>
    public string Name => "mlp";

    /// <inheritdoc/>
    public string Settings => string.Create(
        CultureInfo.InvariantCulture,
        $"{(networks > 1 ? $"{networks} × " : "")}{units} units{(decay is { } given ? $", decay {given:0.####}" : "")}{(encoding == EncodingKind.Shaped ? ", shaped features" : "")}");

    /// <inheritdoc/>
    public long Work(int rows, int features, int classes) =>
        3L * networks * units * TypicalEpochs * (1 + (decay is null ? decays.Length : 1)) * rows * (features + (classes == 2 ? 1 : classes));

    /// <inheritdoc/>
    public IFittedClassifier Fit(LabelledTable table, int[] rows, double[]? classWeights, ulong seed, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        LearnerTable.Check(table, rows, classWeights);
        var features = FeatureEncoding.Fit(table, rows, encoding);
        double[][] encoded = [.. rows.Select(row => features.Apply(table.Rows[row]))];
        int[] labels = [.. rows.Select(row => table.Labels[row])];
        int classes = table.Classes.Count;
        int outputs = classes == 2 ? 1 : classes;
        var network = new Network(features.Length, [units], ActivationKind.ReLU, outputs) { ClassWeights = Normalised(classWeights, labels) };
        var run = new Run(network, features, encoded, labels, new Xoshiro256(seed), cancellation);
        (int epochs, double chosen) = Choose(run, classes, progress);
        int[] all = [.. Enumerable.Range(0, rows.Length)];
        var parts = new double[networks][];
        for (int i = 0; i < networks; i++)
        {
            parts[i] = run.Train(all, [], epochs, chosen).Parameters;
            progress?.Report((1 + ((i + 1.0) / networks)) / 2);
        }

        var joined = new Network(features.Length, [units * networks], ActivationKind.ReLU, outputs);
        return new FittedNetwork(table, features, joined, NetworkJoin.Join(network, parts, joined));
    }

    // By the lowest mean of the networks' losses over the epochs that all of them saw.
    private (int Epochs, double Decay) Choose(Run run, int classes, IProgress<double>? progress)
    {
        double[] candidates = decay is { } given ? [given] : decays;
        (int[] Training, int[] Validation)[] splits = [.. Enumerable.Range(0, networks).Select(_ => StratifiedSplit.Of(run.Labels, classes, ValidationShare, run.Random))];
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
                curves.Add(run.Train(training, validation, MostEpochs, candidates[c]).Losses);
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

    private sealed record Run(Network Network, FeatureEncoding Encoding, double[][] Rows, int[] Labels, Xoshiro256 Random, CancellationToken Cancellation)
    {
        internal (double[] Parameters, double[] Losses) Train(int[] training, int[] validation, int epochs, double decay)
        {
            double[] parameters = Network.Initialize(Random);
            Encoding.SilenceConstants(Network.Layers[0], parameters);
            int steps = (training.Length + BatchSize - 1) / BatchSize;
            var loop = new TrainingLoop(Network, Rows, Labels, training, validation)
            {
                Optimizer = new Adam(LearningRate, parameters.Length),
                Step = LearningRate,
                BatchSize = BatchSize,
                Epochs = epochs,
                L2 = decay / training.Length,
                Patience = Patience,
                Average = new WeightAverage(parameters.Length, AveragedEpochs * steps),
            };
            loop.Run(parameters, Random, null, Cancellation);
            return (parameters, [.. loop.History.Select(epoch => epoch.ValidationLoss)]);
        }
    }
}
