using System.Globalization;
using System.Text;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Emit;

/// <summary>
/// The decision rule on a quantized output as comparisons of integers: the rule is worked out here for every value that the output
/// can take, threshold, calibration and abstain band included, and the code compares with the values at which it changes.
/// </summary>
internal static class IntegerDecision
{
    /// <summary>An expression for the class.</summary>
    /// <param name="rules">The rules of the file.</param>
    /// <param name="output">The quantized output.</param>
    /// <param name="outputs">Number of outputs.</param>
    /// <param name="value">The output's value that decides, in the code.</param>
    /// <param name="decided">The class in the code where outputs are compared with each other; null if a threshold decides.</param>
    internal static string Code(DecisionMetadata rules, TensorInfo output, int outputs, string value, string? decided)
    {
        ValueRange limits = EmitContext.Limits(output.Type);
        var rule = new DecisionRule(rules, outputs);
        int IndexOf(int q) => Index(rules, rule, Real(output, q), decided);
        var code = new StringBuilder();
        int index = IndexOf(limits.High);
        for (int v = limits.High - 1; v >= limits.Low; v--)
        {
            int next = IndexOf(v);
            if (next != index)
            {
                code.Append(CultureInfo.InvariantCulture, $"{value} >= {v + 1} ? {Text(index, decided)} : ");
                index = next;
            }
        }

        return code.Append(Text(index, decided)).ToString();
    }

    /// <summary>The number that a value of a tensor stands for, as the engines compute it.</summary>
    internal static float Real(TensorInfo tensor, int value) => tensor.IsQuantized ? tensor.Scale * (value - tensor.ZeroPoint) : value;

    private static int Index(DecisionMetadata rules, DecisionRule rule, float score, string? decided)
    {
        if (decided is not null)
        {
            return rules.Abstains(score) ? DecisionRule.None : 0;
        }

        rule.Outputs[^1] = score;
        return rule.Decide(accepts: true);
    }

    private static string Text(int index, string? decided) =>
        index == DecisionRule.None || decided is null ? Literal.Of(index) : decided.Contains('?', StringComparison.Ordinal) ? $"({decided})" : decided;
}
