namespace EdgeInference.ModelConverter;

/// <summary>How a model is quantized.</summary>
public sealed record QuantizeOptions
{
    /// <summary>The precision of all layers; null for the cheapest of each layer that keeps the decisions (auto).</summary>
    public Precision? Precision { get; init; } = ModelConverter.Precision.Int8;

    /// <summary>Without a <see cref="Precision"/>: the share of rows, 0 to 1, that may be decided otherwise than in float32.</summary>
    public double MaxLoss { get; init; } = 0.005;

    /// <summary>
    /// How ranges are chosen. Null tries every method, with and without <see cref="Equalize"/> and <see cref="BiasCorrection"/>, and takes
    /// what stays closest to float32 on the samples.
    /// </summary>
    public RangeMethod? Method { get; init; }

    /// <summary>A scale for each output channel of the weights instead of one for all.</summary>
    public bool PerChannel { get; init; } = true;

    /// <summary>With a <see cref="Method"/>: whether each bias takes back the mean error that rounding the weights causes on the samples.</summary>
    public bool BiasCorrection { get; init; } = true;

    /// <summary>With a <see cref="Method"/>: whether channels are evened out between layers first.</summary>
    public bool Equalize { get; init; }
}
