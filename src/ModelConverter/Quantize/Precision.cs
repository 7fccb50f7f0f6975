namespace EdgeInference.ModelConverter.Quantize;

/// <summary>The arithmetic of a layer, the cheapest first.</summary>
public enum Precision
{
    /// <summary>int8 activations and weights.</summary>
    Int8,

    /// <summary>int16 activations, int8 weights.</summary>
    Int16,

    /// <summary>float32 throughout.</summary>
    Float32,
}
