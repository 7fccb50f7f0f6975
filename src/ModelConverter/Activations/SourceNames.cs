namespace EdgeInference.ModelConverter.Activations;

/// <summary>The names that an activation has in each source format; an empty list says that a format has none.</summary>
internal sealed record SourceNames
{
    /// <summary>ONNX operators, the one that the ONNX writer takes first.</summary>
    internal required IReadOnlyList<SourceName> Onnx { get; init; }

    /// <summary>Names in Keras's <c>activation</c> settings, whose parameters are fixed.</summary>
    internal required IReadOnlyList<SourceName> KerasFunctions { get; init; }

    /// <summary>Keras layers.</summary>
    internal required IReadOnlyList<SourceName> KerasLayers { get; init; }

    /// <summary>TensorFlow Lite's built-in operators. What they give in int8 and int16 is in Import/Tflite.</summary>
    internal required IReadOnlyList<SourceName> Tflite { get; init; }

    /// <summary>Types of layer files, which are the modules of torch.nn.</summary>
    internal required IReadOnlyList<SourceName> LayerFile { get; init; }
}
