using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime;

/// <summary>What a classifier decided on one input.</summary>
/// <param name="ClassIndex">
/// The class that was decided for, 0 to n − 1; <see cref="None"/> where the probability lies in the file's abstain band or a value
/// is not finite.
/// </param>
/// <param name="ClassText">The text of the class, its number where the file has no texts; empty for <see cref="None"/>.</param>
/// <param name="Probability">Probability of class 1 of two, of the most probable class of several; calibrated where the file says how. The score itself where the output's role is Score; NaN if a value is not finite.</param>
/// <param name="OutlierScore">How unlike the training data the input is: 0 or more, above 1 beyond the file's limits; 0 if the file has no input statistics.</param>
/// <param name="Reason">Why there is a decision or none.</param>
public readonly record struct Decision(int ClassIndex, string ClassText, float Probability, float OutlierScore = 0f, DecisionReason Reason = DecisionReason.Decided)
{
    /// <summary>The class of no decision.</summary>
    public const int None = DecisionRule.None;

    /// <summary>Whether no decision was taken; <see cref="Reason"/> says why.</summary>
    public bool IsAbstained => ClassIndex == None;

    /// <summary>Whether the input is unlike the training data, so that probability and class are unreliable.</summary>
    public bool IsUnlikeTrainingData => OutlierScore > 1f;
}
