using EdgeInference.ModelConverter.Check;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Streaming;

namespace EdgeInference.ModelConverter.Pipeline;

/// <summary>The way of a model into a file: import, optimize, quantize, tune, check, stream, write.</summary>
internal static class ExportPipeline
{
    // Enough to see a wrong kernel, few enough for a small flash.
    private const int SelfTestVectors = 3;

    /// <summary>Imports a trained model and optimizes it.</summary>
    /// <param name="path">The model's file.</param>
    /// <param name="options">What the file leaves open.</param>
    /// <param name="readsRows">Whether rows will be read for it: then a sequence of open length has to have one.</param>
    /// <param name="work">Sees progress, and stops the work; null for neither.</param>
    /// <exception cref="InputException">The file cannot be imported or streamed, or an option does not fit the model.</exception>
    /// <exception cref="OperationCanceledException">The work was asked to stop.</exception>
    internal static ModelDraft Import(string path, ImportOptions options, bool readsRows = true, ILongWork? work = null) =>
        (work ?? new ReportedWork(null, CancellationToken.None)).Run("importing", progress => Import(path, options, readsRows, progress, work?.Cancellation ?? default));

    private static ModelDraft Import(string path, ImportOptions options, bool readsRows, IProgress<double> progress, CancellationToken cancellation)
    {
        Graph imported = options.FramesPerCall is { } frames ? OpenSequence.Import(path, options, frames, readsRows) : ModelImporter.Import(path, options);
        bool isStreamed = options.FramesPerCall is not null;
        OutputMeaning.Apply(imported, options.Head?.ToString().ToLowerInvariant(), isStreamed);
        string? several = isStreamed ? null : SeveralResults.Settle(imported);
        progress.Report(0.5);
        var check = ExportCheck.Of(imported);
        progress.Report(0.7);
        Graph graph = GraphOptimizer.Optimize(imported, cancellation: cancellation);
        progress.Report(0.9);
        if (options.FramesPerCall is { } perCall)
        {
            // Of what is written, which takes a frame where the source takes them all.
            several = SeveralResults.Settle(StreamingGraph.Rewrite(graph, perCall));
        }

        foreach (string note in graph.Metadata.Notes)
        {
            Notices.Say(note);
        }

        if (several is not null)
        {
            Notices.Say(several);
        }

        ModelContract.Give(graph, options);
        graph.Metadata = Provenance.Of(graph.Metadata, path);
        progress.Report(1);
        return new ModelDraft(graph, graph) { Check = check, FramesPerCall = options.FramesPerCall };
    }

    /// <summary>A trained model whose output decides, optimized: for a comparison with one that does. Nothing is said of it.</summary>
    /// <param name="path">The model's file.</param>
    /// <exception cref="InputException">The file cannot be imported, or does not say what its output means.</exception>
    internal static Graph ImportDecisive(string path) => GraphOptimizer.Optimize(OutputMeaning.ImportDecisive(path));

    /// <summary>A model that was trained here.</summary>
    /// <param name="graph">The model in float32, on raw features.</param>
    /// <param name="training">The rows it was trained on.</param>
    /// <param name="reference">What it is compared with: the trainer's own result for a row. Null for no comparison.</param>
    internal static ModelDraft Of(Graph graph, LabelledTable training, Func<float[], double[]>? reference = null) => new(graph, graph)
    {
        Check = reference is null ? null : ExportCheck.Of(reference),
        Rows = training.Rows,
        RowsAre = "training",
        Labels = training.Labels,
        Training = training,
    };

    /// <summary>Takes a draft the rest of the way, as far as the options ask for it.</summary>
    /// <exception cref="InputException">Rows are missing or do not fit, or an option does not fit the model.</exception>
    /// <exception cref="OperationCanceledException">The work was asked to stop.</exception>
    internal static ExportedModel Run(ModelDraft draft, ExportOptions options, ILongWork work)
    {
        if (options.Calibration is { } file)
        {
            draft = CalibrationRows.Read(draft, file, options.Quantization.Precision is null);
        }

        draft = QuantizeStep.Run(draft, options.Quantization, work);
        draft = TuneStep.Run(draft, options.Decisions, options.TuningRows);
        if (options.Adaptable is { } adaptable)
        {
            draft = AdaptStep.Run(draft, adaptable, AdaptableRows.Of(draft, adaptable, options.TuningRows ?? options.Calibration));
        }

        CheckResult? check = Check(draft);
        draft = draft with { LeftOut = options.LeftOut };
        return new ExportedModel(draft, Write(draft, options.Recorded), check);
    }

    /// <summary>Compares a draft with its source; null if the source does not run.</summary>
    internal static CheckResult? Check(ModelDraft draft) => draft.Check?.Compare(draft.Float32, draft.Graph, draft.Rows, draft.RowsAre);

    /// <summary>The bytes of a draft's file, with self-test vectors from its rows.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="recorded">The options that the file says it was made with; null to record neither options nor rows.</param>
    /// <exception cref="InputException">The model is to be streamed and cannot be.</exception>
    internal static byte[] Write(ModelDraft draft, string? recorded = null)
    {
        GraphMetadata metadata = draft.Graph.Metadata;
        draft = draft.With(recorded is null ? metadata : metadata with
        {
            Options = recorded,
            TrainingRows = draft.Rows.Count == 0 ? null : Provenance.Fingerprint(metadata.InputNames, draft.Rows, draft.Labels),
        });
        if (draft.FramesPerCall is not { } frames)
        {
            return Write(draft.Graph, draft.Rows, draft.LeftOut);
        }

        // Calibration and tuning have seen whole sequences; a call takes their frames one after the other.
        Graph streamed = StreamingGraph.Rewrite(draft.Graph, frames);
        _ = SeveralResults.Settle(streamed);
        return Write(streamed, Frames(draft.Rows, streamed.Inputs[0].Elements), draft.LeftOut);
    }

    private static byte[] Write(Graph graph, IReadOnlyList<float[]> rows, FileParts leftOut)
    {
        graph.Metadata = graph.Metadata with { SelfTestInputs = graph.Metadata.Learning is { } learning ? learning.SelfTestRows : [.. rows.Take(SelfTestVectors)] };
        return ModelWriter.Write(graph, leftOut);
    }

    // Any values do for a self-test, whatever axis they came from.
    private static List<float[]> Frames(IReadOnlyList<float[]> rows, int length) => [.. rows.Take(1).SelectMany(row => row.Chunk(length)).Where(frame => frame.Length == length)];
}
