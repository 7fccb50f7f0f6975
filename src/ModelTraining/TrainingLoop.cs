using EdgeInference.ModelConverter.Data;

namespace EdgeInference.ModelTraining;

/// <summary>Epochs of mini-batches, with early stopping on the validation loss.</summary>
internal sealed class TrainingLoop(Network network, double[][] rows, int[] labels, int[] training, int[] validation)
{
    private readonly List<TrainingProgress> history = [];

    internal required IOptimizer Optimizer { get; init; }

    /// <summary>The optimizer's step size, for messages.</summary>
    internal required double Step { get; init; }

    internal required int BatchSize { get; init; }

    internal required int Epochs { get; init; }

    internal required double L2 { get; init; }

    internal required int Patience { get; init; }

    /// <summary>What the network runs with in place of its parameters: gradients by the result are taken for gradients by them.</summary>
    internal Func<double[], double[]> Round { get; init; } = parameters => parameters;

    /// <summary>Is called with the parameters before each epoch.</summary>
    internal Action<double[]> BeforeEpoch { get; init; } = _ => { };

    /// <summary>A running mean of the parameters, which is then what is validated and kept; null for the parameters themselves.</summary>
    internal WeightAverage? Average { get; init; }

    /// <summary>Whether the parameters that the loop begins with may be the best ones: epoch 0.</summary>
    internal bool MayKeepFirst { get; init; }

    /// <summary>What was reported.</summary>
    internal IReadOnlyList<TrainingProgress> History => history;

    /// <summary>The epoch whose parameters were kept.</summary>
    internal int BestEpoch { get; private set; }

    /// <summary>Trains the parameters in place, to those of the lowest validation loss, or of the last epoch where there are no validation rows.</summary>
    internal void Run(double[] parameters, Xoshiro256 random, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        int[] order = [.. training];
        double[] best = [.. parameters];
        double bestLoss = double.PositiveInfinity;
        var gradient = new double[parameters.Length];
        for (int epoch = 1; epoch <= Epochs && (validation.Length == 0 || epoch - BestEpoch <= Patience); epoch++)
        {
            cancellation.ThrowIfCancellationRequested();
            BeforeEpoch(parameters);
            if (epoch == 1 && MayKeepFirst && validation.Length > 0)
            {
                bestLoss = network.Loss(Round(parameters), rows, labels, validation);
            }

            random.Shuffle(order);
            double loss = 0;
            for (int start = 0; start < order.Length; start += BatchSize)
            {
                ReadOnlySpan<int> batch = order.AsSpan(start, Math.Min(BatchSize, order.Length - start));
                loss += batch.Length * network.Gradient(Round(parameters), rows, labels, batch, L2, gradient);
                Optimizer.Step(parameters, gradient);
                Average?.Add(parameters);
            }

            double[] current = Average?.Values ?? parameters;
            double validationLoss = validation.Length == 0 ? double.NaN : network.Loss(Round(current), rows, labels, validation);
            var state = new TrainingProgress(epoch, Epochs, loss / order.Length, validationLoss);
            history.Add(state);
            progress?.Report(state);
            if (!double.IsFinite(state.TrainingLoss) || !Array.TrueForAll(parameters, double.IsFinite))
            {
                throw new InputException($"The training loss is NaN or infinite after epoch {epoch}; use a learning rate below {Step}.");
            }

            if (validation.Length == 0 || validationLoss < bestLoss)
            {
                bestLoss = validationLoss;
                BestEpoch = epoch;
                current.CopyTo(best, 0);
            }
        }

        best.CopyTo(parameters, 0);
    }
}
