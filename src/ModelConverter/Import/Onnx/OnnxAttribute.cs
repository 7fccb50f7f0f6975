namespace EdgeInference.ModelConverter.Import.Onnx;

/// <summary>An AttributeProto: a named setting of a node.</summary>
internal sealed class OnnxAttribute
{
    internal string Name { get; set; } = "";

    internal OnnxAttributeKind Kind { get; set; }

    internal float Float { get; set; }

    internal long Int { get; set; }

    internal ReadOnlyMemory<byte> Text { get; set; }

    internal OnnxTensor? Tensor { get; set; }

    internal OnnxGraph? Graph { get; set; }

    internal List<float> Floats { get; } = [];

    internal List<long> Ints { get; } = [];

    internal List<string> Texts { get; } = [];

    /// <summary>The attribute of the enclosing function that gives the value, or an empty text.</summary>
    internal string Reference { get; set; } = "";
}

/// <summary>What an attribute holds, by its number in AttributeProto.AttributeType.</summary>
internal enum OnnxAttributeKind
{
    Undefined = 0,
    Float = 1,
    Int = 2,
    Text = 3,
    Tensor = 4,
    Graph = 5,
    Floats = 6,
    Ints = 7,
    Texts = 8,
    SparseTensor = 11,
}
