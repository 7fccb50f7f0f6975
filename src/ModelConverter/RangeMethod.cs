namespace EdgeInference.ModelConverter;

/// <summary>How the range of a tensor is chosen from the calibration rows.</summary>
public enum RangeMethod
{
    /// <summary>All of it.</summary>
    MinMax,

    /// <summary>All but the outermost 0.01 % on each side.</summary>
    Percentile,

    /// <summary>The range with the least mean squared quantization error.</summary>
    MeanSquareError,

    /// <summary>The range whose quantized distribution diverges least from the original (Kullback and Leibler).</summary>
    Entropy,
}
