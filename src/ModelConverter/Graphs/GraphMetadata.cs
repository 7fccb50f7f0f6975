namespace EdgeInference.ModelConverter.Graphs;

/// <summary>What a model file says besides tensors and operators.</summary>
internal sealed record GraphMetadata
{
    /// <summary>The model's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>A label for each class.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Label 1 when its probability is at least this; null for 0.5.</summary>
    public float? Threshold { get; init; }

    /// <summary>A name for each input feature.</summary>
    public IReadOnlyList<string> InputNames { get; init; } = [];

    /// <summary>A unit for each input feature, empty if it has none.</summary>
    public IReadOnlyList<string> InputUnits { get; init; } = [];

    /// <summary>For each input value the texts of its categories, whose positions are its values, or none; no list at all where no value has categories.</summary>
    public IReadOnlyList<IReadOnlyList<string>> InputCategories { get; init; } = [];

    /// <summary>What one inference takes of a stream of samples, or null.</summary>
    public SampleWindow? Window { get; init; }

    /// <summary>The function at the end of the output that decides.</summary>
    public EdgeInference.ModelFormat.DecisionHead Head { get; init; }

    /// <summary>The name of the source model's or training data's file, without its folder.</summary>
    public string Source { get; init; } = "";

    /// <summary>The program and version that wrote the source model.</summary>
    public string SourceProducer { get; init; } = "";

    /// <summary>The options that the file was made with.</summary>
    public string Options { get; init; } = "";

    /// <summary>SHA-256 of the parsed values of the training or calibration rows, or null.</summary>
    public byte[]? TrainingRows { get; init; }

    /// <summary>What the features were like in training, as its record has it, or null.</summary>
    public byte[]? TrainingStatistics { get; init; }

    /// <summary>SHA-256 of the source model's file, or null.</summary>
    public byte[]? SourceHash { get; init; }

    /// <summary>The precision of the layers; null where they differ.</summary>
    public Precision? Precision { get; init; } = ModelConverter.Precision.Float32;

    /// <summary>float32 values for records that this type does not name, by key.</summary>
    public IReadOnlyDictionary<EdgeInference.ModelFormat.MetadataKey, float[]> Floats { get; init; } = new Dictionary<EdgeInference.ModelFormat.MetadataKey, float[]>();

    /// <summary>What each output means, in the order of <see cref="Graph.Outputs"/>; shorter where the rest is not known.</summary>
    public IReadOnlyList<EdgeInference.ModelFormat.OutputRole> OutputRoles { get; init; } = [];

    /// <summary>Whether the model defines what a missing value, NaN, means: trees with missing tracks, an Imputer.</summary>
    public bool AcceptsMissing { get; init; }

    /// <summary>Rows that one inference takes. Where there are several, nothing is decided on the outputs.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>What an importer decided and a person should know, a sentence each; commands print each once.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>How the model learns on a device, or null where it does not.</summary>
    public LearningRecord? Learning { get; init; }

    /// <summary>Inputs whose exact outputs are stored in the file, to be replayed by a device at start.</summary>
    public IReadOnlyList<float[]> SelfTestInputs { get; init; } = [];
}
