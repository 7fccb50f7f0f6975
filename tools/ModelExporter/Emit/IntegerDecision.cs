using System.Globalization;
using System.Text;
using ModelFormat;

namespace ModelExporter.Emit;

/// <summary>
/// The decision rule on a quantized output as comparisons of integers: the rule is worked out here for every value that the output
/// can take, threshold, calibration and abstain band included, and the code compares with the values at which it changes.
/// </summary>
internal static class IntegerDecision
{
    private const int Abstains = -1;

    /// <summary>An expression for the label.</summary>
    /// <param name="rules">The rules of the file.</param>
    /// <param name="output">The quantized output.</param>
    /// <param name="value">The output's value that decides, in the code.</param>
    /// <param name="decided">The label in the code where the highest of several outputs decides; null where a threshold does.</param>
    internal static string Code(DecisionMetadata rules, TensorRecord output, string value, string? decided)
    {
        ValueRange limits = EmitContext.Limits(output.Type);
        var code = new StringBuilder();
        int label = Label(rules, output, limits.High, decided);
        for (int v = limits.High - 1; v >= limits.Low; v--)
        {
            int next = Label(rules, output, v, decided);
            if (next != label)
            {
                code.Append(CultureInfo.InvariantCulture, $"{value} >= {v + 1} ? {Text(label, decided)} : ");
                label = next;
            }
        }

        return code.Append(Text(label, decided)).ToString();
    }

    private static int Label(DecisionMetadata rules, TensorRecord output, int value, string? decided)
    {
        float score = output.IsQuantized ? output.Scale * (value - output.ZeroPoint) : value;
        float probability = rules.Calibration is null ? score : rules.Calibration.Apply(score);
        return rules.Abstains(probability) ? Abstains : decided is null && probability >= rules.Threshold ? 1 : 0;
    }

    private static string Text(int label, string? decided) => label == Abstains || decided is null ? Literal.Of(label) : decided;
}
