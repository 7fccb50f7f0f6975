using EdgeInference.ModelConverter.Data;

namespace EdgeInference.ModelTraining;

/// <summary>
/// Trains small classifiers on tables of numbers. What it gives can be quantized, tuned, saved and written as C#, as an imported model
/// can. The same rows, options and seed give the same bits on every machine. Nothing is printed.
/// </summary>
/// <example>
/// <code>
/// TrainingResult trained = EdgeTrainer.Train("train.csv", "benign");
/// trained.Model.Quantize("train.csv", "benign").Save("tumour.edge");
/// </code>
/// </example>
public static class EdgeTrainer
{
    /// <summary>Trains a multilayer perceptron: one sigmoid output for two classes, else softmax.</summary>
    /// <param name="table">Rows of features, and the class of each; every class has rows. NaN is a missing value; categories are as <see cref="LabelledTable.Categories"/> says.</param>
    /// <param name="options">How; null for two hidden layers and Adam, as <see cref="TrainingOptions"/> says.</param>
    /// <param name="progress">Told of each epoch, on this thread; null for nobody.</param>
    /// <param name="cancellation">Stops between two epochs.</param>
    /// <returns>The model in float32 on raw features, and how training went.</returns>
    /// <exception cref="InputException">The table or an option cannot be trained with, or the loss overflowed.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public static TrainingResult Train(LabelledTable table, TrainingOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default) =>
        new(Trainer.Train(table, options ?? new TrainingOptions(), progress, cancellation));

    /// <summary>Trains a multilayer perceptron on the rows of a file.</summary>
    /// <param name="rowsPath">A .csv file. Identifiers, constants, dates and free texts in it are left out.</param>
    /// <param name="label">Its label column; the others are features.</param>
    /// <param name="options">As above.</param>
    /// <param name="progress">As above.</param>
    /// <param name="cancellation">As above.</param>
    /// <returns>As above.</returns>
    /// <exception cref="InputException">As above, or the file is missing or cannot be read as a table.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public static TrainingResult Train(string rowsPath, string label, TrainingOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rowsPath);
        ArgumentNullException.ThrowIfNull(label);
        return Train(TrainingTable.Read(rowsPath, label), options, progress, cancellation);
    }

    /// <summary>Trains a model further while weights and activations are rounded as int8 rounds them, so that it loses less when it is quantized.</summary>
    /// <param name="trained">The trained model. It is not changed.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Told of each epoch, on this thread; losses are those of the rounded model.</param>
    /// <param name="cancellation">Stops between two epochs.</param>
    /// <returns>A model in float32 whose int8 form is the better one.</returns>
    /// <exception cref="InputException">An option is outside its range, or the loss overflowed.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public static TrainingResult FineTune(TrainingResult trained, FineTuningOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(trained);
        return new TrainingResult(Trainer.FineTune(trained.Trained, options, progress, cancellation));
    }
}
