namespace EdgeInference.ModelConverter.Data;

/// <summary>Rows of float32 features.</summary>
/// <param name="Names">A name for each feature.</param>
/// <param name="Rows">Rows, each as long as the names.</param>
internal sealed record Table(IReadOnlyList<string> Names, IReadOnlyList<float[]> Rows);
