namespace EdgeInference.ModelTraining;

/// <summary>How a trained model is trained further for int8.</summary>
public sealed record FineTuningOptions
{
    /// <summary>Step size of Adam, above 0; a tenth of the one for training, so that the training is kept.</summary>
    public double LearningRate { get; init; } = 0.0005;

    /// <summary>Rows of one step, 1 or more.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Maximum passes over the training rows, 1 or more.</summary>
    public int Epochs { get; init; } = 40;

    /// <summary>λ of the penalty λ/2 · Σw² on weights, 0 or more.</summary>
    public double L2 { get; init; }

    /// <summary>Epochs without a lower validation loss after which it stops, 1 or more.</summary>
    public int Patience { get; init; } = 10;

    /// <summary>Seed of the order of rows.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Checks every value.</summary>
    /// <exception cref="InputException">A value is outside its range.</exception>
    internal void Check() => new TrainingOptions
    {
        LearningRate = LearningRate, BatchSize = BatchSize, Epochs = Epochs, L2 = L2, Patience = Patience,
    }.Check();
}
