using ModelExporter.Data;

namespace ModelExporter.Train;

/// <summary>
/// Trains multilayer perceptrons. The same table, options and seed give the same bits on every machine: one thread, sums
/// in a fixed order, no function of the system's C library.
/// </summary>
public static class Trainer
{
    /// <summary>Trains a classifier: one sigmoid output and binary cross-entropy for two classes, else softmax and its cross-entropy.</summary>
    /// <param name="table">Rows and their classes.</param>
    /// <param name="options">How to train.</param>
    /// <param name="progress">Is told of each epoch; null for silence.</param>
    /// <param name="cancellation">Stops between two epochs.</param>
    /// <exception cref="InputException">The table or an option cannot be trained with, or the loss grew beyond all numbers.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static TrainedModel Train(LabelledTable table, TrainingOptions options, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        CheckTable(table);

        var random = new Xoshiro256(options.Seed);
        (int[] training, int[] validation) = StratifiedSplit.Of(table.Labels, table.Classes.Count, options.ValidationFraction, random);

        // From the training part alone: what validation rows look like must not leak into it.
        var standardisation = Standardisation.Of([.. training.Select(i => table.Rows[i])], table.Names.Count);
        double[][] rows = [.. table.Rows.Select(row => standardisation.Apply(row))];
        var network = new Network(table.Names.Count, options.HiddenSizes, options.HiddenActivation, table.Classes.Count == 2 ? 1 : table.Classes.Count);
        double[] parameters = network.Initialize(random);
        SilenceConstantFeatures(network, parameters, standardisation);
        IOptimizer optimizer = options.Optimizer == OptimizerKind.Adam
            ? new Adam(options.Step, parameters.Length)
            : new GradientDescent(options.Step);

        double[] best = [.. parameters];
        double bestLoss = double.PositiveInfinity;
        int bestEpoch = 0;
        var history = new List<TrainingProgress>();
        var gradient = new double[parameters.Length];
        for (int epoch = 1; epoch <= options.Epochs && (validation.Length == 0 || epoch - bestEpoch <= options.Patience); epoch++)
        {
            cancellation.ThrowIfCancellationRequested();
            random.Shuffle(training);
            double loss = 0;
            for (int start = 0; start < training.Length; start += options.BatchSize)
            {
                ReadOnlySpan<int> batch = training.AsSpan(start, Math.Min(options.BatchSize, training.Length - start));
                loss += batch.Length * network.Gradient(parameters, rows, table.Labels, batch, options.L2, gradient);
                optimizer.Step(parameters, gradient);
            }

            double validationLoss = validation.Length == 0 ? double.NaN : network.Loss(parameters, rows, table.Labels, validation);
            var state = new TrainingProgress(epoch, options.Epochs, loss / training.Length, validationLoss);
            history.Add(state);
            progress?.Report(state);
            if (!double.IsFinite(state.TrainingLoss) || !Array.TrueForAll(parameters, double.IsFinite))
            {
                throw new InputException($"The training loss is no longer a number after epoch {epoch}; lower the learning rate from {options.Step}.");
            }

            if (validation.Length == 0 || validationLoss < bestLoss)
            {
                bestLoss = validationLoss;
                bestEpoch = epoch;
                parameters.CopyTo(best, 0);
            }
        }

        return new TrainedModel(table, network, best, standardisation, history, bestEpoch, training, validation);
    }

    private static void CheckTable(LabelledTable table)
    {
        if (table.Classes.Count < 2)
        {
            throw new InputException($"The labels are of {table.Classes.Count} class; a classifier needs rows of two classes or more.");
        }

        if (table.Names.Count == 0)
        {
            throw new InputException("The data has a label column only; it needs at least one feature.");
        }

        for (int c = 0; c < table.Classes.Count; c++)
        {
            if (!table.Labels.Contains(c))
            {
                throw new InputException($"No row has the label '{table.Classes[c]}'; a classifier needs rows of every class.");
            }
        }
    }

    // A feature that never varied taught nothing: without this, chance weights would let it decide when it does vary.
    private static void SilenceConstantFeatures(Network network, double[] parameters, Standardisation standardisation)
    {
        LayerLayout first = network.Layers[0];
        for (int i = 0; i < first.Inputs; i++)
        {
            if (standardisation.IsConstant[i])
            {
                parameters.AsSpan(first.Weights + (i * first.Outputs), first.Outputs).Clear();
            }
        }
    }
}
