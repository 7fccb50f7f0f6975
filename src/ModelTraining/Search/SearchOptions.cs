namespace EdgeInference.ModelTraining.Search;

/// <summary>How a model is looked for.</summary>
internal sealed record SearchOptions
{
    /// <summary>The budget of <see cref="Work"/> by default: a minute or two of a desktop processor.</summary>
    internal const long DefaultWork = 100_000_000_000;

    /// <summary>The only learner to try; null for all.</summary>
    public string? Learner { get; init; }

    /// <summary>Whether only networks are tried, and not trees: those are what ONNX is written for.</summary>
    public bool NetworksOnly { get; init; }

    /// <summary>Seed of everything random.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The group of each row, which folds keep together; null for none.</summary>
    public int[]? Groups { get; init; }

    /// <summary>The time of each row: each fold is judged by what came before; null for none.</summary>
    public double[]? Times { get; init; }

    /// <summary>The samples of each row, where rows are windows of a recording; null where they are not.</summary>
    public RowSpan[]? Spans { get; init; }

    /// <summary>Multiplications and additions that the search may take. What it chooses depends on this, never on a clock.</summary>
    public long Work { get; init; } = DefaultWork;

    /// <summary>Whether no further candidate is to be begun. A clock here gives another choice on another machine.</summary>
    public Func<bool> IsOver { get; init; } = () => false;

    /// <summary>What the model may take on a device; null for no limit.</summary>
    public DeviceBudget? Budget { get; init; }

    /// <summary>Whether rows of rare classes weigh more, so that all classes weigh the same.</summary>
    public bool BalancesClasses { get; init; }

    /// <summary>The precision that sizes are compared in; null for float32 where it is chosen later.</summary>
    public Precision? Precision { get; init; } = ModelConverter.Precision.Float32;
}
