using ModelFormat;

namespace EdgeRuntime;

/// <summary>What a classifier decided on one input.</summary>
/// <param name="Label">
/// The class that was decided for: 0 or 1 of a binary classifier, 0 to n − 1 of another; <see cref="None"/> where the
/// probability lies in the file's abstain band or a value is not finite.
/// </param>
/// <param name="Probability">Probability of class 1 for a binary classifier, of the most probable class for another; calibrated where the file says how. The score itself where the output's role is Score.</param>
/// <param name="Unlikeness">How unlike the training data the input is: 0 or more, above 1 beyond the file's limits; 0 where the file has no input statistics.</param>
/// <param name="Reason">Why there is a decision or none.</param>
public readonly record struct Decision(int Label, float Probability, float Unlikeness = 0f, DecisionReason Reason = DecisionReason.Decided)
{
    /// <summary>The label of no decision.</summary>
    public const int None = -1;

    /// <summary>Whether no decision was taken; <see cref="Reason"/> says why.</summary>
    public bool IsAbstention => Label == None;

    /// <summary>Whether the input is unlike the training data, so that probability and label mean little.</summary>
    public bool IsUnlikeTrainingData => Unlikeness > 1f;
}
