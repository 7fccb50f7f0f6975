namespace EdgeInference.ModelTraining;

/// <summary>Progress of training after an epoch.</summary>
/// <param name="Epoch">The epoch, 1 for the first.</param>
/// <param name="Epochs">The maximum number of epochs.</param>
/// <param name="TrainingLoss">Mean cross-entropy in nats over the epoch's batches as they were seen, without the L2 penalty.</param>
/// <param name="ValidationLoss">Mean cross-entropy in nats of the validation rows after the epoch; NaN if there are none.</param>
public readonly record struct TrainingProgress(int Epoch, int Epochs, double TrainingLoss, double ValidationLoss);
