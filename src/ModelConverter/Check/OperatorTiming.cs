namespace EdgeInference.ModelConverter.Check;

/// <summary>How long the operators of a model took.</summary>
/// <param name="Nanoseconds">The median for each operator in the file's order; 0 for one without work at run time.</param>
/// <param name="Runs">Measurements that each median is of.</param>
/// <param name="Whole">Whole inferences, where the operators were timed within them; null where each was timed alone.</param>
internal sealed record OperatorTiming(double[] Nanoseconds, int Runs, MeasuredTime? Whole);
