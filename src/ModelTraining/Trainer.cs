using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelTraining.Encoding;

namespace EdgeInference.ModelTraining;

/// <summary>
/// Trains multilayer perceptrons. The same table, options and seed give the same bits on every machine: one thread, sums
/// in a fixed order, no function of the system's C library.
/// </summary>
internal static class Trainer
{
    /// <summary>Trains a classifier: one sigmoid output and binary cross-entropy for two classes, else softmax and its cross-entropy.</summary>
    /// <param name="table">Rows and their classes.</param>
    /// <param name="options">How to train.</param>
    /// <param name="progress">Called after each epoch; or null.</param>
    /// <param name="cancellation">Stops between two epochs.</param>
    /// <exception cref="InputException">The table or an option cannot be trained with, or the loss overflowed.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public static TrainedModel Train(LabelledTable table, TrainingOptions options, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        CheckTable(table);

        var random = new Xoshiro256(options.Seed);
        (int[] training, int[] validation) = table.Spans is { } spans
            ? StretchSplit.Of(spans, options.ValidationFraction)
            : StratifiedSplit.Of(table.Labels, table.Classes.Count, options.ValidationFraction, random);

        // From the training part alone: what validation rows look like must not leak into it.
        var encoding = FeatureEncoding.Fit(table, training, EncodingKind.Standard);
        double[][] rows = [.. table.Rows.Select(row => encoding.Apply(row))];
        var network = new Network(encoding.Length, options.HiddenSizes, options.HiddenActivation, table.Classes.Count == 2 ? 1 : table.Classes.Count);
        double[] parameters = network.Initialize(random);
        encoding.SilenceConstants(network.Layers[0], parameters);
        var loop = new TrainingLoop(network, rows, table.Labels, training, validation)
        {
            Optimizer = options.Optimizer == OptimizerKind.Adam ? new Adam(options.Step, parameters.Length) : new GradientDescent(options.Step),
            Step = options.Step,
            BatchSize = options.BatchSize,
            Epochs = options.Epochs,
            L2 = options.L2,
            Patience = options.Patience,
        };
        loop.Run(parameters, random, progress, cancellation);
        return new TrainedModel(table, network, parameters, encoding, loop.History, loop.BestEpoch, training, validation);
    }

    /// <summary>
    /// Trains a model further while its weights and activations are rounded as in int8, so that it learns to do with them:
    /// quantization-aware training by the straight-through estimator (Jacob et al., "Quantization and training of neural
    /// networks for efficient integer-arithmetic-only inference", 2018; Bengio, Léonard and Courville 2013).
    /// </summary>
    /// <param name="model">The trained model. It is not changed.</param>
    /// <param name="options">How to train; null for the defaults.</param>
    /// <param name="progress">Called after each epoch; losses are those of the rounded model.</param>
    /// <param name="cancellation">Stops between two epochs.</param>
    /// <returns>A model in float whose int8 export is the better one: quantize it with min-max calibration on its <see cref="TrainedModel.TrainingRows"/>.</returns>
    /// <exception cref="InputException">An option is outside its range, or the loss overflowed.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public static TrainedModel FineTune(TrainedModel model, FineTuningOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new FineTuningOptions();
        options.Check();
        return new FineTuner(model).Run(options, progress, cancellation);
    }

    /// <summary>Checks that a classifier can be learned from a table.</summary>
    /// <exception cref="InputException">It cannot.</exception>
    internal static void CheckTable(LabelledTable table)
    {
        if (table.Classes.Count < 2)
        {
            throw new InputException($"The labels have {table.Classes.Count} class; a classifier needs rows of two classes or more.");
        }

        if (table.Classes.Count > CsvTable.MostClasses)
        {
            throw new InputException($"The labels have {table.Classes.Count} classes; at most {CsvTable.MostClasses} are supported; take a column of classes as the label.");
        }

        if (table.Names.Count == 0)
        {
            throw new InputException("The data has only a label column; it needs at least one feature.");
        }

        int outside = Array.FindIndex(table.Labels, label => label < 0 || label >= table.Classes.Count);
        if (outside >= 0)
        {
            throw new InputException($"Row {outside} has the label {table.Labels[outside]}; expected an index of a class, 0 to {table.Classes.Count - 1}.");
        }

        for (int c = 0; c < table.Classes.Count; c++)
        {
            if (!table.Labels.Contains(c))
            {
                throw new InputException($"No row has the label '{table.Classes[c]}'; a classifier needs rows of every class.");
            }
        }
    }
}
