namespace EdgeInference.ModelConverter;

/// <summary>Rows of float32 features with a class for each.</summary>
/// <param name="Names">A name for each feature.</param>
/// <param name="Rows">Rows, each as long as the names.</param>
/// <param name="Labels">The class of each row, an index into <paramref name="Classes"/>.</param>
/// <param name="Classes">The text of each class: numbers in ascending order, or texts in ordinal order.</param>
public sealed record LabelledTable(IReadOnlyList<string> Names, IReadOnlyList<float[]> Rows, int[] Labels, IReadOnlyList<string> Classes);
