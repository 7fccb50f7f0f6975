namespace EdgeInference.ModelConverter.Evaluate;

/// <summary>How well one class of several is told from the others. A rate whose denominator is 0 is 0.</summary>
/// <param name="Support">Rows of the class.</param>
/// <param name="Precision">Share of the rows called this class that are of it.</param>
/// <param name="Recall">Share of the rows of this class that were called it.</param>
/// <param name="F1">Harmonic mean of both.</param>
internal readonly record struct ClassMetrics(int Support, double Precision, double Recall, double F1);
