namespace EdgeInference.ModelTraining;

/// <summary>
/// The mean of the parameters after each step, over all steps up to <paramref name="horizon"/> of them and exponentially weighed from there
/// on (Polyak and Juditsky 1992): nearer to the minimum than any of them, since steps go round it.
/// </summary>
internal sealed class WeightAverage(int parameterCount, int horizon)
{
    private int steps;

    /// <summary>The mean; zeros before the first step.</summary>
    internal double[] Values { get; } = new double[parameterCount];

    /// <summary>Takes the parameters after a step in.</summary>
    internal void Add(double[] parameters)
    {
        steps = Math.Min(steps + 1, horizon);
        double share = 1.0 / steps;
        for (int i = 0; i < parameters.Length; i++)
        {
            Values[i] += share * (parameters[i] - Values[i]);
        }
    }
}
