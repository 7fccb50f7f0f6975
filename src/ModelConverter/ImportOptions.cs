namespace EdgeInference.ModelConverter;

/// <summary>What the file of a trained model does not define. Only ONNX models have open dimensions and a batch to set.</summary>
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

    /// <summary>Rows that one inference takes, 1 or more; null for one, if the rows of the model are independent.</summary>
    public int? Batch { get; init; }

    /// <summary>The model's name, 1 to 255 characters; null for the one in the file.</summary>
    public string? Name { get; init; }

    /// <summary>What the output means; null to take it from the file or its last operators.</summary>
    public HeadKind? Head { get; init; }

    /// <summary>A text for each class, class 0 first; null for the file's.</summary>
    public IReadOnlyList<string>? ClassTexts { get; init; }

    /// <summary>A unique name for each input value, used to find CSV columns; null for the file's. Cannot replace names in the file.</summary>
    public IReadOnlyList<string>? FeatureNames { get; init; }

    /// <summary>A unit for each input value, empty for no unit; null for no units.</summary>
    public IReadOnlyList<string>? Units { get; init; }

    /// <summary>The probability of class 1 from which on it is decided, 0 to 1; null for the file's. Two classes only.</summary>
    public float? Threshold { get; init; }

    /// <summary>The window of samples of one inference; null if unknown.</summary>
    public SampleWindow? Window { get; init; }

    /// <summary>For a sequence model: frames that one call takes, 1 or more, while the model keeps its state between calls; null for whole sequences.</summary>
    public int? FramesPerCall { get; init; }

    /// <summary>The batch that the file fixes, where constants within the graph that have as many rows follow <see cref="Shapes"/>; else null.</summary>
    internal int? FixedBatch { get; init; }

    /// <summary>Shapes of inputs by name, instead of the file's; or null.</summary>
    internal IReadOnlyDictionary<string, int[]>? Shapes { get; init; }
}
