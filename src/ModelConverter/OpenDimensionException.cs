namespace EdgeInference.ModelConverter;

/// <summary>A dimension of an input has no size, and none was given.</summary>
public sealed class OpenDimensionException : InputException
{
    /// <summary>An exception for a dimension.</summary>
    /// <param name="dimension">The name to use with --dim.</param>
    /// <param name="message">What is wrong and what to do, as one sentence.</param>
    public OpenDimensionException(string dimension, string message)
        : base(message) => Dimension = dimension;

    /// <summary>The name to use with --dim.</summary>
    public string Dimension { get; }
}
