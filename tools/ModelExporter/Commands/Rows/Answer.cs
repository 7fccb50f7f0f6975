using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Commands.Rows;

/// <summary>What a model says of one row.</summary>
/// <param name="Outputs">Its outputs as they are.</param>
/// <param name="Decision">The class that it decides for; −1 for none. 0 where it decides nothing at all.</param>
/// <param name="Probability">The value that was decided on: that of class 1 of two, of the highest class of several.</param>
/// <param name="Reason">Why there is a decision or none.</param>
internal readonly record struct Answer(float[] Outputs, int Decision, float Probability, DecisionReason Reason)
{
    /// <summary>The answers to rows, by the rule of the model's file, as its classifiers decide.</summary>
    /// <param name="model">The model.</param>
    /// <param name="outputs">What an engine gave for each row. The rows were read for this model, which defines all that they hold.</param>
    internal static Answer[] Of(EdgeModel model, float[][] outputs)
    {
        if (model.File.Decision.Refusal is not null)
        {
            return Array.ConvertAll(outputs, row => new Answer(row, 0, 0f, DecisionReason.Decided));
        }

        DecisionRule rule = ModelRule.Of(model);
        return Array.ConvertAll(outputs, row =>
        {
            row.CopyTo(rule.Outputs, 0);
            int decision = rule.Decide(accepts: true);
            return new Answer(row, decision, rule.Probability, rule.Reason);
        });
    }
}
