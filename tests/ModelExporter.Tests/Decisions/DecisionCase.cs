namespace EdgeInference.Tool.Tests.Decisions;

/// <summary>A source model, rows, and what its own framework says of each.</summary>
/// <param name="Name">What a failure is called by.</param>
/// <param name="Model">The source model's file.</param>
/// <param name="Features">A name for each column of the rows.</param>
/// <param name="Rows">The rows; NaN where a value is missing.</param>
/// <param name="Predicted">The framework's own label of each row, as the text that a person would write into a CSV file.</param>
internal sealed record DecisionCase(string Name, string Model, IReadOnlyList<string> Features, IReadOnlyList<float[]> Rows, IReadOnlyList<string> Predicted)
{
    /// <summary>Options of <c>edge export</c> that the source file needs.</summary>
    internal IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>
    /// The framework's own probability for each row: of class 1 of two, of the predicted class of more; its score where it has no
    /// probabilities. Null where nothing of the kind can be compared.
    /// </summary>
    internal IReadOnlyList<float>? Values { get; init; }

    /// <summary>Whether the model names its features, so that columns in any order are right.</summary>
    internal bool IsNamed { get; init; }

    /// <summary>How far the values may be from the framework's.</summary>
    internal float Tolerance { get; init; } = 1e-5f;

    /// <summary>The labels that the source file writes itself, where its scores decide otherwise; null where they are those predicted.</summary>
    internal IReadOnlyList<string>? SourceLabels { get; init; }

    /// <summary>Texts for the classes in the model's order, for a model that has none.</summary>
    internal IReadOnlyList<string>? Classes { get; init; }

    public override string ToString() => Name;
}
