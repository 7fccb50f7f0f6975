namespace EdgeInference.ModelTraining.Encoding;

/// <summary>What an encoded column says of its feature.</summary>
internal enum EncodedKind
{
    /// <summary>A line through knots.</summary>
    Line,

    /// <summary>Whether the feature is one category.</summary>
    Equal,

    /// <summary>Whether the feature is missing.</summary>
    Missing,
}
