using EdgeInference.ModelConverter.Check;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize;

namespace EdgeInference.ModelConverter.Pipeline;

/// <summary>A model on its way from its source to its file. Each step makes another draft, and changes no graph of the one before.</summary>
/// <param name="Float32">The optimised graph before it is quantized.</param>
/// <param name="Graph">The graph as it will be written; <paramref name="Float32"/> itself until it is quantized.</param>
internal sealed record ModelDraft(Graph Float32, Graph Graph)
{
    /// <summary>What the written model is compared with; null if the source does not run.</summary>
    public ExportCheck? Check { get; init; }

    /// <summary>Typical inputs in the model's order, or none.</summary>
    public IReadOnlyList<float[]> Rows { get; init; } = [];

    /// <summary>What <see cref="Rows"/> are called: "calibration" or "training".</summary>
    public string RowsAre { get; init; } = "calibration";

    /// <summary>The class of each row of <see cref="Rows"/>, or null.</summary>
    public int[]? Labels { get; init; }

    /// <summary>The rows that the model was trained on, or null.</summary>
    public LabelledTable? Training { get; init; }

    /// <summary>Frames a call where the model is streamed, else null.</summary>
    public int? FramesPerCall { get; init; }

    /// <summary>The precision of each layer and why, where it was chosen layer by layer; else null.</summary>
    public AutoPrecisionResult? Precisions { get; init; }

    /// <summary>How decisions were tuned; null if they were not.</summary>
    public TunedDecisions? Tuned { get; init; }

    /// <summary>Parts that the file does without.</summary>
    public FileParts LeftOut { get; init; } = FileParts.TensorNames;

    /// <summary>The same with other metadata.</summary>
    internal ModelDraft With(GraphMetadata metadata)
    {
        Graph copy = GraphCopy.Copy(Graph);
        copy.Metadata = metadata;
        return this with { Float32 = ReferenceEquals(Float32, Graph) ? copy : Float32, Graph = copy };
    }
}
