namespace EdgeInference.ModelConverter.Build;

/// <summary>Which element of an axis ArgReduce looks for.</summary>
internal sealed record ArgReduceSettings
{
    /// <summary>The smallest element instead of the largest.</summary>
    public bool Smallest { get; init; }

    /// <summary>The last of equal elements instead of the first.</summary>
    public bool Last { get; init; }

    /// <summary>Whether the axis stays, with one element.</summary>
    public bool KeepDimensions { get; init; }
}
