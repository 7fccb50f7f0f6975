namespace EdgeInference.ModelConverter;

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

    /// <summary>The model's name, 1 to 255 characters; null for the one in the file.</summary>
    public string? Name { get; init; }

    /// <summary>What a bare output means; null for what the file says, or what its last operators tell.</summary>
    public HeadKind? Head { get; init; }

    /// <summary>A text for each class, that of class 0 first; null for the file's.</summary>
    public IReadOnlyList<string>? ClassTexts { get; init; }

    /// <summary>A name of its own for each input value, by which CSV columns are found; null for the file's. A file that names its features takes no others.</summary>
    public IReadOnlyList<string>? FeatureNames { get; init; }

    /// <summary>A unit for each input value, empty where it has none; null for no units.</summary>
    public IReadOnlyList<string>? Units { get; init; }

    /// <summary>The probability of class 1 from which on it is decided, 0 to 1; null for the file's. Two classes only.</summary>
    public float? Threshold { get; init; }

    /// <summary>The window of samples that one inference is computed from; null where that is not known.</summary>
    public SampleWindow? Window { get; init; }

    /// <summary>For a sequence model: frames that one call takes, 1 or more, while the model keeps its state between calls; null for whole sequences.</summary>
    public int? FramesPerCall { get; init; }

    /// <summary>The batch that the file fixes, where constants within the graph that have as many rows follow <see cref="Shapes"/>; else null.</summary>
    internal int? FixedBatch { get; init; }

    /// <summary>Shapes of inputs by name, instead of the file's; or null.</summary>
    internal IReadOnlyDictionary<string, int[]>? Shapes { get; init; }
}
