namespace EdgeInference.ModelConverter.Import.Onnx;

/// <summary>A ModelProto.</summary>
internal sealed class OnnxModel
{
    internal string Producer { get; set; } = "";

    internal string ProducerVersion { get; set; } = "";

    internal OnnxGraph Graph { get; set; } = new();

    /// <summary>The version of each operator set, by domain; "" is the standard's own.</summary>
    internal Dictionary<string, long> Opsets { get; } = new(StringComparer.Ordinal);

    internal List<OnnxFunction> Functions { get; } = [];
}

/// <summary>A GraphProto.</summary>
internal sealed class OnnxGraph
{
    internal string Name { get; set; } = "";

    internal List<OnnxNode> Nodes { get; } = [];

    internal List<OnnxTensor> Initializers { get; } = [];

    internal List<OnnxValueInfo> Inputs { get; } = [];

    internal List<OnnxValueInfo> Outputs { get; } = [];

    /// <summary>What the file says of tensors between inputs and outputs.</summary>
    internal List<OnnxValueInfo> Described { get; } = [];
}

/// <summary>A FunctionProto: a node type that the model defines by other nodes.</summary>
internal sealed class OnnxFunction
{
    internal string Name { get; set; } = "";

    internal string Domain { get; set; } = "";

    internal string Overload { get; set; } = "";

    internal List<string> Inputs { get; } = [];

    internal List<string> Outputs { get; } = [];

    internal List<OnnxNode> Nodes { get; } = [];

    internal List<OnnxAttribute> Defaults { get; } = [];
}

/// <summary>A ValueInfoProto: name, type and shape of an input or output.</summary>
internal sealed class OnnxValueInfo
{
    internal string Name { get; set; } = "";

    internal OnnxElementType Type { get; set; }

    /// <summary>Whether it is a tensor, and not a sequence or a map.</summary>
    internal bool IsTensor { get; set; }

    /// <summary>Dimensions, or null if the model declares no shape.</summary>
    internal List<OnnxDimension>? Shape { get; set; }
}

/// <summary>A dimension: a number, or a symbol (possibly empty) with Size −1.</summary>
internal readonly record struct OnnxDimension(long Size, string Symbol);
