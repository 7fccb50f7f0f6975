using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using EdgeInference.Tool.Adaptation;

namespace EdgeInference.Tool.Commands.Rows;

/// <summary>What a model says of one row.</summary>
/// <param name="Outputs">Its outputs as they are.</param>
/// <param name="Decision">The class that it decides for; −1 for none. 0 where it decides nothing at all.</param>
/// <param name="Probability">The value that was decided on: that of class 1 of two, of the highest class of several.</param>
/// <param name="Reason">Why there is a decision or none.</param>
internal readonly record struct Answer(float[] Outputs, int Decision, float Probability, DecisionReason Reason)
{
    /// <summary>How unlike normal samples the row is; null where normal samples were not learned.</summary>
    internal float? AnomalyScore { get; init; }

    /// <summary>Whether it is an anomaly; null where normal samples were not learned.</summary>
    internal bool? IsAnomaly { get; init; }

    /// <summary>The answers of a model with what it learned: its outputs are the probabilities that it decides on.</summary>
    internal static Answer[] Of(AdaptedModel model, IReadOnlyList<float[]> rows) =>
    [
        .. rows.Select(row =>
        {
            Runtime.Decision decision = model.Decide(row).Decision;
            bool knowsNormal = model.KnowsNormal;

            // Beside added classes there is no one class whose probability is given.
            bool isOther = model.Learner.AddedClassCount > 0 && model.Learner.Probabilities.Length == 2 && decision.ClassIndex == 0;
            return new Answer(model.Outputs(), decision.ClassIndex, isOther ? 1 - decision.Probability : decision.Probability, decision.Reason)
            {
                AnomalyScore = knowsNormal ? model.Learner.AnomalyScore : null,
                IsAnomaly = knowsNormal ? model.Learner.IsAnomaly : null,
            };
        }),
    ];

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
