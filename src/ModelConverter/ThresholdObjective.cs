using System.Globalization;
using EdgeInference.ModelConverter.Evaluate;

namespace EdgeInference.ModelConverter;

/// <summary>What a threshold is tuned for, with the number that some goals need. docs/decisions-quality.md has formulas and sources.</summary>
/// <param name="Goal">The goal.</param>
/// <param name="Parameter">The cost ratio, above 0, or the recall, above 0 to 1; nothing for other goals.</param>
public readonly record struct ThresholdObjective(ThresholdGoal Goal, double Parameter = 0)
{
    /// <summary>Reads <c>f1</c>, <c>youden</c>, <c>cost:R</c> or <c>recall:R</c>.</summary>
    /// <exception cref="InputException">The text is not one of them.</exception>
    public static ThresholdObjective Parse(string text)
    {
        string[] parts = text.Split(':', 2);
        bool known = Enum.TryParse(parts[0], ignoreCase: true, out ThresholdGoal goal) && Enum.IsDefined(goal) && string.Equals(goal.ToString(), parts[0], StringComparison.OrdinalIgnoreCase);
        if (!known)
        {
            string nearest = Suggestion.Nearest(parts[0], Enum.GetNames<ThresholdGoal>());
            throw new InputException($"Unknown threshold objective '{text}'; {(nearest.Length > 0 ? $"did you mean '{nearest.ToLowerInvariant()}'?" : "use f1, youden, cost:R or recall:R.")}");
        }

        if (goal is ThresholdGoal.F1 or ThresholdGoal.Youden)
        {
            return parts.Length == 1 ? new ThresholdObjective(goal) : throw new InputException($"The threshold objective '{parts[0]}' takes no number; omit ':{parts[1]}'.");
        }

        double limit = goal == ThresholdGoal.Recall ? 1 : double.MaxValue;
        return parts.Length == 2 && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double parameter) && parameter > 0 && parameter <= limit
            ? new ThresholdObjective(goal, parameter)
            : throw new InputException($"The threshold objective '{text}' needs a number above 0{(limit == 1 ? " and up to 1" : "")}, as in '{parts[0]}:{(limit == 1 ? "0.95" : "5")}'.");
    }

    /// <summary>How good decisions are by this objective: higher is better, −∞ where they are not allowed.</summary>
    internal double Score(ConfusionMatrix confusion) => Goal switch
    {
        ThresholdGoal.F1 => confusion.F1,
        ThresholdGoal.Youden => confusion.Youden,
        ThresholdGoal.Cost => -(confusion.FalsePositives + (Parameter * confusion.FalseNegatives)),
        _ => confusion.Recall >= Parameter ? -confusion.FalsePositives : double.NegativeInfinity,
    };

    /// <inheritdoc/>
    public override string ToString() =>
        Goal.ToString().ToLowerInvariant() + (Goal is ThresholdGoal.Cost or ThresholdGoal.Recall ? ":" + Parameter.ToString(CultureInfo.InvariantCulture) : "");
}
