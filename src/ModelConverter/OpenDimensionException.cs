namespace EdgeInference.ModelConverter;

/// <summary>A dimension of an input has no size, and none was given.</summary>
public sealed class OpenDimensionException : InputException
{
    /// <summary>An exception for a dimension.</summary>
    /// <param name="dimension">The name by which --dim takes it.</param>
    /// <param name="message">What is wrong and what to do, as one sentence.</param>
    public OpenDimensionException(string dimension, string message)
        : base(message) => Dimension = dimension;

    /// <summary>The name by which --dim takes the dimension.</summary>
    public string Dimension { get; }
}
