namespace EdgeInference.ModelTraining.Search;

/// <summary>One division of the rows.</summary>
/// <param name="Training">Rows to fit to, in order.</param>
/// <param name="Test">Rows to judge on, in order.</param>
internal sealed record Fold(int[] Training, int[] Test);
