using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Evaluate;

/// <summary>What the engines' rule makes of a row's outputs.</summary>
/// <param name="Called">The class, whether or not the model abstains; −1 where a value is not finite.</param>
/// <param name="Probability">The value that was decided on: that of class 1 of two, of the highest class of several.</param>
/// <param name="Values">The value of each class.</param>
internal readonly record struct RowDecision(int Called, float Probability, float[] Values)
{
    /// <summary>Decides on outputs as a model gives them.</summary>
    internal static RowDecision Of(DecisionRule rule, float[] output)
    {
        output.CopyTo(rule.Outputs, 0);
        rule.Decide(accepts: true);
        return new RowDecision(rule.Called, rule.Probability, [.. rule.Probabilities]);
    }
}
