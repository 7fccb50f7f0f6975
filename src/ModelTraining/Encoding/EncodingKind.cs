namespace EdgeInference.ModelTraining.Encoding;

/// <summary>What becomes of columns of numbers.</summary>
internal enum EncodingKind
{
    /// <summary>z = (x − mean) / deviation.</summary>
    Standard,

    /// <summary>Skewed columns become about normal by a line through quantiles; values beyond far quantiles are clipped.</summary>
    Shaped,
}
