using EdgeInference.ModelConverter.Pipeline;

namespace EdgeInference.ModelConverter;

/// <summary>
/// Converts trained models to .edge files. <see cref="Import"/> reads one; the result can be quantized, tuned, saved and written as C#.
/// Nothing is printed: notices for the user are in <see cref="ConvertedModel.Notices"/>.
/// </summary>
/// <example>
/// <code>
/// ConvertedModel model = EdgeConverter.Import("tumour.onnx").Quantize("train.csv", "benign");
/// model.Save("tumour.edge");
/// </code>
/// </example>
public static class EdgeConverter
{
    /// <summary>Imports a trained model and optimizes its graph.</summary>
    /// <param name="path">A file that ends in .onnx, .tflite, .keras or .h5; or .safetensors, .npz or .weights.h5 with <see cref="ImportOptions.Layers"/>.</param>
    /// <param name="options">What the file does not define; null for the defaults.</param>
    /// <param name="progress">Told the share that is done, 0 to 1, on this thread; null for none.</param>
    /// <param name="cancellation">Stops between two steps: reading, the source's own results, each pass over the graph.</param>
    /// <returns>The model in float32.</returns>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    /// <exception cref="InputException">
    /// The file is missing, damaged, of the wrong kind, or uses an unsupported operator; an option does not fit the model; or it is to take frames
    /// (<see cref="ImportOptions.FramesPerCall"/>) and cannot. The
    /// message is one sentence that says what to do. It names options as the command line does: <c>--dim</c> is <see cref="ImportOptions.Dimensions"/>.
    /// </exception>
    public static ConvertedModel Import(string path, ImportOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= new ImportOptions();
        if (options.Threshold is { } threshold && threshold is not (>= 0 and <= 1))
        {
            throw new InputException($"The threshold is {threshold}; give a number from 0 to 1.");
        }

        if (options.Window is { } window && !(window is { Period: >= 0, Length: >= 0, Hop: >= 0 } && float.IsFinite(window.Period) && window.Hop <= window.Length && window.Hop > 0 == window.Length > 0))
        {
            throw new InputException($"The window is {window.Length} samples with a hop of {window.Hop} and a period of {window.Period} s; give a hop from 1 to the length, and a finite period.");
        }

        var notices = new List<string>();
        return new ConvertedModel(EdgeInference.ModelConverter.Notices.Collect(notices, () => ExportPipeline.Import(path, options, work: new ReportedWork(progress, cancellation))), notices);
    }

    /// <summary>As <see cref="Import"/>, on a thread of the pool.</summary>
    /// <param name="path">As above.</param>
    /// <param name="options">As above.</param>
    /// <param name="progress">Told the share that is done, 0 to 1, on that thread; null for nobody.</param>
    /// <param name="cancellation">As above.</param>
    /// <returns>The model in float32.</returns>
    /// <exception cref="InputException">As above.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public static Task<ConvertedModel> ImportAsync(string path, ImportOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Task.Run(() => Import(path, options, progress, cancellation), cancellation);
    }
}
