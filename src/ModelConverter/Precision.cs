namespace EdgeInference.ModelConverter;

/// <summary>The arithmetic of a model or a layer, the cheapest first.</summary>
public enum Precision
{
    /// <summary>int8 activations and weights: the smallest and fastest, and bit-identical on every device.</summary>
    Int8,

    /// <summary>int16 activations, int8 weights.</summary>
    Int16,

    /// <summary>float32 throughout: the model as it was trained.</summary>
    Float32,
}
