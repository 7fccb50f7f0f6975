using System.Globalization;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.ModelConverter.Evaluate;

/// <summary>How a model decides on its outputs.</summary>
internal static class ModelRule
{
    /// <summary>The rule of a model's file, with another threshold where one is given.</summary>
    /// <exception cref="InputException">The threshold is not finite or no probability where the model gives one, or the model has several classes.</exception>
    internal static DecisionRule Of(EdgeModel model, float? threshold = null)
    {
        var rule = new DecisionRule(model.File.Decision, model.OutputLength);
        if (threshold is { } value)
        {
            rule.Threshold = rule.ClassCount != 2 ? throw new InputException($"The model has {rule.ClassCount} classes and picks the highest; omit --threshold.")
                : !float.IsFinite(value) ? throw new InputException("The threshold must be a finite number; give one with --threshold.")
                : value is < 0 or > 1 && model.File.Decision.Role(0) != OutputRole.Score ? throw new InputException(string.Create(CultureInfo.InvariantCulture, $"--threshold {value} is not a probability; give a number from 0 to 1."))
                : value;
        }

        return rule;
    }
}
