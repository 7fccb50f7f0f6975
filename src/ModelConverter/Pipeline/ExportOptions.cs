namespace EdgeInference.ModelConverter.Pipeline;

/// <summary>What becomes of a model between its source and its file, a record for each step; null for a step that is left out.</summary>
internal sealed record ExportOptions
{
    /// <summary>Typical inputs; null for those that the draft has, as a trained model has.</summary>
    public RowFile? Calibration { get; init; }

    /// <summary>How the model is quantized.</summary>
    public QuantizeOptions Quantization { get; init; } = new() { Precision = Precision.Float32 };

    /// <summary>How decisions are tuned.</summary>
    public DecisionOptions Decisions { get; init; } = new();

    /// <summary>Labelled rows to tune on; null for the training rows.</summary>
    public RowFile? TuningRows { get; init; }

    /// <summary>What the model is prepared to learn on a device; null for nothing.</summary>
    public AdaptableOptions? Adaptable { get; init; }

    /// <summary>The options that the file records as those it was made with; null to record neither options nor rows.</summary>
    public string? Recorded { get; init; }

    /// <summary>Parts that the file does without.</summary>
    public FileParts LeftOut { get; init; } = FileParts.TensorNames;
}
