namespace EdgeRuntime;

/// <summary>What a classifier decided on one input.</summary>
/// <param name="Label">The class that was decided for: 0 or 1 of a binary classifier, 0 to n − 1 of another.</param>
/// <param name="Probability">Probability of class 1 for a binary classifier, of <paramref name="Label"/> for another.</param>
public readonly record struct Decision(int Label, float Probability);
