namespace EdgeInference.ModelConverter;

/// <summary>Rows of float32 features with a class for each.</summary>
/// <param name="Names">A name for each feature.</param>
/// <param name="Rows">Rows, each as long as the names.</param>
/// <param name="Labels">The class of each row, an index into <paramref name="Classes"/>.</param>
/// <param name="Classes">The text of each class: numbers in ascending order, or texts in ordinal order.</param>
public sealed record LabelledTable(IReadOnlyList<string> Names, IReadOnlyList<float[]> Rows, int[] Labels, IReadOnlyList<string> Classes)
{
    /// <summary>
    /// For each feature the texts of its categories, whose indices are its values; empty for a feature of numbers. A category that is none
    /// of them has the index that follows the last, and a missing value is NaN. No list at all where no feature has categories.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>> Categories { get; init; } = [];

    /// <summary>The place of each row in time, from 0, where a column of times was named; it is no feature.</summary>
    internal double[]? Times { get; init; }

    /// <summary>The group of each row, where a column of groups was named; it is no feature.</summary>
    internal int[]? Groups { get; init; }

    /// <summary>The samples of each row, where rows are windows of a recording.</summary>
    internal RowSpan[]? Spans { get; init; }
}
