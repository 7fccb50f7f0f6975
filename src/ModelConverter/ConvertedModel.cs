using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelConverter.Files;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.NanoEngine;
using EdgeInference.ModelConverter.Pipeline;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter;

/// <summary>
/// An imported model before it is written. It is immutable: each step returns a new one, so that one import can be saved in several
/// precisions, and threads can share it.
/// </summary>
public sealed class ConvertedModel
{
    private readonly ModelDraft draft;
    private readonly List<string> notices;

    internal ConvertedModel(ModelDraft draft, List<string> notices)
    {
        this.draft = draft;
        this.notices = notices;
    }

    /// <summary>The model's name, empty if it has none.</summary>
    public string Name => Metadata.Name;

    /// <summary>A name for each input value, or none.</summary>
    public IReadOnlyList<string> FeatureNames => ModelColumns.Of(draft.Graph).FeatureNames;

    /// <summary>The text of each class, class 0 first, or none.</summary>
    public IReadOnlyList<string> ClassTexts => Metadata.Labels;

    /// <summary>Number of input values of one inference.</summary>
    public int InputLength => draft.Graph.Inputs.Sum(input => input.Elements);

    /// <summary>Number of output values of one inference.</summary>
    public int OutputLength => draft.Graph.Outputs.Sum(output => output.Elements);

    /// <summary>The precision of the layers; null where they differ.</summary>
    public Precision? Precision => Metadata.Precision;

    /// <summary>The probability of class 1 from which on it is decided, 0 to 1; null for 0.5.</summary>
    public float? Threshold => Metadata.Threshold;

    /// <summary>Choices made so far that the user may want to change, one sentence each.</summary>
    public IReadOnlyList<string> Notices => notices;

    private GraphMetadata Metadata => draft.Graph.Metadata;

    /// <summary>Quantizes the model on typical inputs, such as a hundred rows of its training data.</summary>
    /// <param name="samples">Rows of <see cref="InputLength"/> finite values, one or more.</param>
    /// <param name="options">The options; null for int8, with the method closest to float32 on the samples.</param>
    /// <param name="progress">Receives the fraction done, 0 to 1, on this thread; or null.</param>
    /// <param name="cancellation">Checked between two attempts.</param>
    /// <returns>The quantized model.</returns>
    /// <exception cref="InputException">There are no samples, or they do not fit the model.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public ConvertedModel Quantize(IReadOnlyList<float[]> samples, QuantizeOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return Next(() => Quantized(draft with { Rows = samples, Labels = null }, options, progress, cancellation));
    }

    /// <summary>Quantizes the model on typical inputs from a file.</summary>
    /// <param name="samplesPath">
    /// A .csv file with a header, whose columns are found by <see cref="FeatureNames"/>, else by position, and their names are taken over;
    /// or a .npy array whose first dimension is the rows.
    /// </param>
    /// <param name="label">The CSV's label column, which is not a feature; null if there is none.</param>
    /// <param name="options">As above.</param>
    /// <param name="progress">As above.</param>
    /// <param name="cancellation">As above.</param>
    /// <returns>The quantized model.</returns>
    /// <exception cref="InputException">The file is missing, or does not fit the model.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public ConvertedModel Quantize(string samplesPath, string? label = null, QuantizeOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(samplesPath);
        return Next(() => Quantized(CalibrationRows.Read(draft, new RowFile(samplesPath, label), needsClasses: options is { Precision: null }), options, progress, cancellation));
    }

    /// <summary>Tunes how the model decides, in its present precision: calibration of probabilities, threshold, abstain band, input statistics.</summary>
    /// <param name="rows">Labelled rows in the model's order of features and classes, preferably not used for training.</param>
    /// <param name="options">What to tune.</param>
    /// <returns>The tuned model.</returns>
    /// <exception cref="InputException">The rows do not fit the model, its output does not decide, or an option does not fit it.</exception>
    public ConvertedModel Tune(LabelledTable rows, DecisionOptions options)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        return Next(() => TuneStep.Run(draft, options, rows));
    }

    /// <summary>Tunes how the model decides on the labelled rows of a file.</summary>
    /// <param name="rowsPath">A .csv file with a header.</param>
    /// <param name="label">Its label column: texts of <see cref="ClassTexts"/>, or class numbers from 0.</param>
    /// <param name="options">What to tune.</param>
    /// <returns>The tuned model.</returns>
    /// <exception cref="InputException">As above, or the file is missing.</exception>
    public ConvertedModel Tune(string rowsPath, string label, DecisionOptions options)
    {
        ArgumentNullException.ThrowIfNull(rowsPath);
        ArgumentNullException.ThrowIfNull(label);
        ArgumentNullException.ThrowIfNull(options);
        return Next(() => TuneStep.Run(draft, options, new RowFile(rowsPath, label)));
    }

    /// <summary>Prepares the model to learn on a device, in its present precision, int8 or int16; the last step before it is saved.</summary>
    /// <param name="rows">Labelled rows in the model's order of features and classes, such as those that it was trained on.</param>
    /// <param name="options">What it is to learn; null for the defaults.</param>
    /// <returns>The model whose file says how it learns.</returns>
    /// <exception cref="InputException">The model cannot learn, or an option is out of range; the message says why.</exception>
    public ConvertedModel MakeAdaptable(LabelledTable rows, AdaptableOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Next(() => AdaptStep.Run(draft, options ?? new AdaptableOptions(), rows));
    }

    /// <summary>Compares the model with its source: the graph as it was imported, evaluated in double precision where its operators allow it.</summary>
    /// <returns>The deviation; null if the source cannot run unoptimised.</returns>
    public CheckResult? Check() => ExportPipeline.Check(draft);

    /// <summary>Chooses what the file leaves out, which changes no inference and no decision; <see cref="FileParts.TensorNames"/> where it is not chosen.</summary>
    /// <param name="parts">The parts.</param>
    /// <returns>The model whose file is without them.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A part is not known.</exception>
    public ConvertedModel Without(FileParts parts)
    {
        const FileParts All = FileParts.TensorNames | FileParts.SelfTest | FileParts.Provenance | FileParts.FeatureNames;
        ArgumentOutOfRangeException.ThrowIfNotEqual((int)(parts & ~All), 0, nameof(parts));
        return new ConvertedModel(draft with { LeftOut = parts }, notices);
    }

    /// <summary>The bytes of the .edge file. The same steps on the same input give the same bytes.</summary>
    /// <exception cref="InputException">The model cannot be streamed, but <see cref="ImportOptions.FramesPerCall"/> is set.</exception>
    /// <exception cref="EdgeInference.ModelFormat.ModelFormatException">The model exceeds a limit of the format.</exception>
    public byte[] ToBytes() => EdgeInference.ModelConverter.Notices.Collect(new List<string>(), () => ExportPipeline.Write(draft, ""));

    /// <summary>Writes the .edge file atomically; an existing file is replaced.</summary>
    /// <param name="path">The file, in a folder that exists.</param>
    /// <exception cref="InputException">As <see cref="ToBytes"/>, or the file cannot be written.</exception>
    /// <exception cref="EdgeInference.ModelFormat.ModelFormatException">The model exceeds a limit of the format.</exception>
    public void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        AtomicFile.Write(path, ToBytes());
    }

    /// <summary>As <see cref="Save"/>, on a thread of the pool.</summary>
    /// <param name="path">The file, in a folder that exists.</param>
    /// <param name="cancellation">Stops before the file is written; a write that has begun is finished.</param>
    /// <exception cref="InputException">As <see cref="Save"/>.</exception>
    /// <exception cref="EdgeInference.ModelFormat.ModelFormatException">The model exceeds a limit of the format.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public Task SaveAsync(string path, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Task.Run(
            () =>
            {
                byte[] bytes = ToBytes();
                cancellation.ThrowIfCancellationRequested();
                AtomicFile.Write(path, bytes);
            },
            cancellation);
    }

    /// <summary>Writes the model as C# for .NET nanoFramework: CLASS.g.cs, and next to it further assemblies or a resource, depending on the form.</summary>
    /// <param name="folder">The target folder; created if it does not exist.</param>
    /// <param name="options">Names and form; null for <c>Models.Model</c> in the first form that fits.</param>
    /// <returns>The files, the cost of an inference, and notices about the form.</returns>
    /// <exception cref="InputException">A name cannot be compiled, the model does not fit the form, or a file cannot be written.</exception>
    public NanoCode EmitNano(string folder, EmitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        options ??= new EmitOptions();
        EmitNames.Identifier(options.Namespace, "--namespace");
        EmitNames.Identifier(options.ClassName, "--class");
        var said = new List<string>();
        EmittedModel emitted = EdgeInference.ModelConverter.Notices.Collect(said, () => NanoForms.Emit(ExportPipeline.Write(draft, ""), options));
        Directory.CreateDirectory(folder);
        var paths = new List<string>();
        if (emitted.Resource is { } resource)
        {
            paths.Add(Path.Combine(folder, resource.Name));
            AtomicFile.Write(paths[^1], resource.Bytes.Span);
        }

        foreach (EmittedFile file in emitted.Files)
        {
            paths.Add(Path.Combine(folder, file.Name));
            AtomicFile.Write(paths[^1], file.Text);
        }

        return new NanoCode(paths, emitted.Instructions, emitted.Milliseconds, emitted.NeedsEngine, said);
    }

    /// <summary>
    /// Writes the sources of an EdgeInference.Nano that has what this model uses: its operators for its types, and a project. It is
    /// deployed instead of the package EdgeInference.Nano, and refuses models that use more.
    /// </summary>
    /// <param name="folder">The target folder; created if it does not exist.</param>
    /// <param name="classifier">Whether it has the class Classifier; null where the model can decide.</param>
    /// <param name="chunks">Whether it loads models in chunks.</param>
    /// <exception cref="InputException">The model cannot decide but a classifier is asked for, it uses an operator that nanoFramework's engine does not have, or a file cannot be written.</exception>
    public EngineCode EmitEngine(string folder, bool? classifier = null, bool chunks = false)
    {
        ArgumentNullException.ThrowIfNull(folder);
        EmittedEngine engine = EngineEmitter.Emit(ModelFile.Read(new ModelBytes(ExportPipeline.Write(draft, ""))), classifier, chunks);
        Directory.CreateDirectory(folder);
        var paths = new List<string>();
        foreach ((string name, string text) in engine.Files)
        {
            paths.Add(Path.Combine(folder, name));
            AtomicFile.Write(paths[^1], text);
        }

        return new EngineCode(paths, engine.Types, engine.AssemblyBytes);
    }

    private static ModelDraft Quantized(ModelDraft draft, QuantizeOptions? options, IProgress<double>? progress, CancellationToken cancellation) =>
        QuantizeStep.Run(draft, options ?? new QuantizeOptions(), new ReportedWork(progress, cancellation));

    private ConvertedModel Next(Func<ModelDraft> step)
    {
        var said = new List<string>(notices);
        return new ConvertedModel(EdgeInference.ModelConverter.Notices.Collect(said, step), said);
    }
}
