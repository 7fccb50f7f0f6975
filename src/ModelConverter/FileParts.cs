namespace EdgeInference.ModelConverter;

/// <summary>Parts of an .edge file that can be left out, since no inference and no decision reads them.</summary>
[Flags]
public enum FileParts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A name for each tensor; <c>edge report</c> shows them, and numbers without them.</summary>
    TensorNames = 1,

    /// <summary>Inputs with their outputs, which <c>edge verify</c> and an update on a device replay.</summary>
    SelfTest = 2,

    /// <summary>The model's name, its source, its options and the programs that made both.</summary>
    Provenance = 4,

    /// <summary>Names and units of the input values; columns of a CSV are found by their place without them.</summary>
    FeatureNames = 8,
}
