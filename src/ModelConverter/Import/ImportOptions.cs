namespace EdgeInference.ModelConverter.Import;

/// <summary>What a caller says of a trained model that its file leaves open. Only ONNX models have open dimensions and a batch to set.</summary>
public sealed record ImportOptions
{
    /// <summary>The file that names the layers, for weights without a model; else null.</summary>
    public string? Layers { get; init; }

    /// <summary>Names of the tensors to keep as outputs, in their order, or null for the file's.</summary>
    public IReadOnlyList<string>? Outputs { get; init; }

    /// <summary>Names of the tensors that a caller fills, in the order of their values in a row, or null for the file's.</summary>
    public IReadOnlyList<string>? Inputs { get; init; }

    /// <summary>Sizes of open dimensions of inputs, 1 or more: by the dimension's name, or by input and axis as in <c>x.1</c>.</summary>
    public IReadOnlyDictionary<string, int> Dimensions { get; init; } = new Dictionary<string, int>();

    /// <summary>Rows that one inference takes, 1 or more; null for one, where the model lets its rows be taken apart.</summary>
    public int? Batch { get; init; }

    /// <summary>The batch that the file fixes, where constants within the graph that have as many rows follow <see cref="Shapes"/>; else null.</summary>
    internal int? FixedBatch { get; init; }

    /// <summary>Shapes of inputs by name, instead of the file's; or null.</summary>
    internal IReadOnlyDictionary<string, int[]>? Shapes { get; init; }
}
