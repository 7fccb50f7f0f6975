namespace EdgeInference.ModelConverter.Quantize;

/// <summary>How a graph is quantized.</summary>
internal sealed record QuantizationOptions
{
    /// <summary>How activation ranges are chosen.</summary>
    public RangeMethod Method { get; init; } = RangeMethod.MinMax;

    /// <summary>A scale for each output channel of the weights instead of one for all.</summary>
    public bool PerChannel { get; init; } = true;

    /// <summary>Whether each bias takes back the mean error that rounding the weights causes on the calibration rows.</summary>
    public bool BiasCorrection { get; init; } = true;

    /// <summary>Share of the rows, 0 to 1/2, that each end of an int8 input feature's range is cut by: skewed features leave the others few levels. 0 for room past what calibration saw.</summary>
    public double InputTail { get; init; }

    /// <summary>Whether a caller gets int16 logits, or a companded sigmoid of them: 256 levels, or steps of 1/32768, give many rows one output.</summary>
    public bool FineOutputs { get; init; }
}
