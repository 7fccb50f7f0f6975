namespace EdgeInference.ModelConverter.Activations;

/// <summary>One name of an activation in a source format.</summary>
/// <param name="Name">The name.</param>
/// <param name="Alpha">What α is there; null where the function has none or its own default holds.</param>
/// <param name="Beta">What β is there.</param>
internal sealed record SourceName(string Name, Setting? Alpha = null, Setting? Beta = null)
{
    /// <summary>Whether ONNX's RNN, GRU and LSTM know the name too.</summary>
    internal bool InRecurrent { get; init; }

    /// <summary>A text setting that chooses between the functions of one name, and its value for this one; the first function's holds where it is absent.</summary>
    internal (string Setting, string Value)? Form { get; init; }

    /// <summary>The first major version of the format in which the name means this.</summary>
    internal int FromVersion { get; init; }

    /// <summary>The first major version of the format in which it no longer does.</summary>
    internal int BeforeVersion { get; init; } = int.MaxValue;
}
