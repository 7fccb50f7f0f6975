namespace EdgeInference.ModelConverter;

/// <summary>How a model is quantized.</summary>
public sealed record QuantizeOptions
{
    /// <summary>The precision of all layers; null for the cheapest of each layer that keeps the decisions (auto).</summary>
    public Precision? Precision { get; init; } = ModelConverter.Precision.Int8;

    /// <summary>Without a <see cref="Precision"/>: the share of rows, 0 to 1, whose decision may differ from float32.</summary>
    public double MaxLoss { get; init; } = 0.005;

    /// <summary>
    /// How ranges are chosen. Null tries every method, with and without <see cref="Equalize"/> and <see cref="BiasCorrection"/>, and takes
    /// the closest to float32 on the samples.
    /// </summary>
    public RangeMethod? Method { get; init; }

    /// <summary>A scale for each output channel of the weights instead of one for all.</summary>
    public bool PerChannel { get; init; } = true;

    /// <summary>With a <see cref="Method"/>: whether each bias is corrected for the mean error of the rounded weights on the samples.</summary>
    public bool BiasCorrection { get; init; } = true;

    /// <summary>With a <see cref="Method"/>: whether channel ranges are equalized between layers first.</summary>
    public bool Equalize { get; init; }

    /// <summary>
    /// Whether the thresholds of trees are stored as int16, 5 bytes a split instead of 7, where no split changes side on the samples; with
    /// any <see cref="Precision"/>. Other rows may change side. Trees where a sample would, or that would not shrink, keep float32. A notice says which.
    /// </summary>
    public bool Int16TreeThresholds { get; init; }
}
