using System.Globalization;
using System.Text;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Emit;

/// <summary>
/// The classifier's members in emitted code, with the names of EdgeRuntime's: the rule of <see cref="DecisionRule"/> as far as the
/// model needs it. Classify only decides; probabilities are worked out when they are asked for.
/// </summary>
internal sealed class ClassifierCode
{
    private const string CalibratedTable = "Calibrated";

    private readonly ModelFile file;
    private readonly DecisionMetadata rules;
    private readonly TensorInfo output;
    private readonly int outputs;
    private readonly int classes;
    private readonly bool isScore;
    private readonly bool isCalibratedByEngine;
    private readonly bool abstains;

    internal ClassifierCode(ModelFile file)
    {
        this.file = file;
        rules = file.Decision;
        output = file.Outputs[^1];
        outputs = file.Outputs.Sum(tensor => tensor.Elements);
        classes = Math.Max(2, outputs);
        isScore = rules.Role(0) == OutputRole.Score;
        abstains = rules.AbstainLow < rules.AbstainHigh;
        isCalibratedByEngine = rules.Calibration is not null && (output.Type != TensorType.Int8 || outputs > 2 || IsMargin);
    }

    private bool IsMargin => isScore && outputs == 2;

    // Two columns at the default threshold: the higher one, the first of equals.
    private bool IsHigherOfTwo => outputs == 2 && !isScore && rules.Threshold == DecisionMetadata.DefaultThreshold;

    private bool CanBeNotFinite => file.Inputs[0].Type == TensorType.Float32 || output.Type == TensorType.Float32;

    /// <summary>Enters what the members need into the context.</summary>
    internal void Prepare(EmitContext context)
    {
        if (rules.Refusal is not null || rules.Calibration is null)
        {
            return;
        }

        context.NeedsEngine |= isCalibratedByEngine;
        if (!isCalibratedByEngine)
        {
            IEnumerable<string> values = Enumerable.Range(sbyte.MinValue, 256).Select(q => Literal.Of(rules.Calibration.Apply(IntegerDecision.Real(output, q))));
            context.Made(CalibratedTable, "float", $"new float[] {{ {string.Join(", ", values)} }}", 256);
            context.Parts[^1].ConstantBytes += 256 * sizeof(float);
        }
    }

    /// <summary>Fields and properties, and the Classify of the model's own inputs.</summary>
    /// <param name="text">Where the code goes.</param>
    /// <param name="inputType">The input's element type in C#.</param>
    /// <param name="dequantize">Statements that turn <c>results</c> into <c>scores</c> where counts can be classified by integers alone, or null.</param>
    internal void Write(StringBuilder text, string inputType, string? dequantize)
    {
        State(text, dequantize is not null);
        text.Append(CultureInfo.InvariantCulture, $"        /// <summary>{Summary()}</summary>\n        /// <param name=\"input\">InputLength values.</param>\n        /// <returns>The class, or None; Reason says why.</returns>\n");
        text.Append(CultureInfo.InvariantCulture, $"        public static int Classify({inputType}[] input)\n        {{\n            Run(input, scores);\n");
        text.Append(dequantize is null ? "" : "            isCounted = false;\n");
        text.Append("            isStale = true;\n");
        text.Append(NotFinite(file.Inputs[0], "input", "InputLength", rules.AcceptsMissing)).Append(NotFinite(output, "scores", "OutputLength", false));
        Decide(text, output, "scores");
        text.Append("        }\n\n");
        ClassText(text);
        Settle(text, dequantize);
    }

    /// <summary>The end of the Classify of counts, after the model has run.</summary>
    /// <param name="text">Where the code goes.</param>
    /// <param name="decided">The tensor that is decided on.</param>
    /// <param name="values">Its array in the code.</param>
    internal void WriteCounts(StringBuilder text, TensorInfo decided, string values)
    {
        text.Append(values == "results" ? "            isCounted = true;\n" : "").Append("            isStale = true;\n");
        text.Append(NotFinite(decided, values, "OutputLength", false));
        Decide(text, decided, values);
    }

    private string Summary()
    {
        string rule = outputs > 2 ? "The class of the highest output, the first of equals."
            : IsHigherOfTwo ? "The class of the higher output, the first of equals."
            : isScore ? "Class 1 where the margin reaches the threshold, else 0."
            : "Class 1 where the last output reaches the threshold, else 0.";
        return rule + (abstains ? " None within the abstain band." : "") + (CanBeNotFinite ? " None where a value is not finite." : "");
    }

    private void State(StringBuilder text, bool hasCounts)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
                    /// <summary>The class of no decision; Reason says why.</summary>
                    public const int None = -1;

                    /// <summary>Number of classes.</summary>
                    public const int ClassCount = {{classes}};

                    /// <summary>{{(classes == 2 ? "The value of class 1 from which on it is decided for." : "None: the highest of several classes is decided for.")}}</summary>
                    public const float Threshold = {{(classes == 2 ? Literal.Of(rules.Threshold) : "float.NaN")}};

                    private static readonly float[] probabilities = new float[ClassCount];

                    private static float probability;

                    private static DecisionReason reason;

                    private static bool isStale;


            """);
        if (hasCounts)
        {
            text.Append("        private static bool isCounted;\n\n");
        }

        if (isCalibratedByEngine)
        {
            string values = string.Join(", ", file.Metadata.Floats(MetadataKey.Calibration).Select(Literal.Of));
            text.Append(CultureInfo.InvariantCulture, $"        private static readonly EdgeInference.ModelFormat.Numerics.ProbabilityCalibration calibration = new EdgeInference.ModelFormat.Numerics.ProbabilityCalibration(new float[] {{ {values} }});\n\n");
        }

        text.Append("""
                    /// <summary>Why a class was decided for, or none.</summary>
                    public enum DecisionReason
                    {
                        /// <summary>It was decided.</summary>
                        Decided = 0,

                        /// <summary>The probability lies in the model's abstain band.</summary>
                        AbstainBand = 1,

                        /// <summary>A value is NaN or infinite.</summary>
                        NotFinite = 2,
                    }

                    /// <summary>Why the last Classify decided, or did not.</summary>
                    public static DecisionReason Reason
                    {
                        get { return reason; }
                    }

                    /// <summary>The value that the last Classify decided on: of class 1 of two, of the highest class of several. Ask before the next Run.</summary>
                    public static float Probability
                    {
                        get
                        {
                            Settle();
                            return probability;
                        }
                    }

                    /// <summary>The value of each class at the last Classify. Ask before the next Run; read only.</summary>
                    public static float[] Probabilities
                    {
                        get
                        {
                            Settle();
                            return probabilities;
                        }
                    }


            """);
    }

    // The rule up to the class, without the values of the others.
    private void Decide(StringBuilder text, TensorInfo tensor, string values)
    {
        string value = $"{values}[{(outputs > 2 ? "best" : Literal.Of(outputs - 1))}]";
        if (outputs > 2)
        {
            text.Append(CultureInfo.InvariantCulture, $"            int best = 0;\n            for (int i = 1; i < OutputLength; i++)\n            {{\n                best = {values}[best] < {values}[i] ? i : best;\n            }}\n\n");
        }

        string? decided = outputs > 2 ? "best" : IsHigherOfTwo && rules.Calibration is null ? $"{values}[0] < {values}[1] ? 1 : 0" : null;
        if (decided is not null && !abstains)
        {
            text.Append(CultureInfo.InvariantCulture, $"            reason = DecisionReason.Decided;\n            return {decided};\n");
            return;
        }

        if (outputs > 2 && rules.Calibration is not null)
        {
            text.Append("            reason = DecisionReason.Decided;\n            Settle();\n");
            Return(text, "probability", decided!);
        }
        else if (tensor.Type != TensorType.Float32 && !IsMargin)
        {
            text.Append(CultureInfo.InvariantCulture, $"            int q = {value};\n            int index = {IntegerDecision.Code(rules, tensor, outputs, "q", decided)};\n");
            text.Append(CultureInfo.InvariantCulture, $"            reason = {(abstains ? "index == None ? DecisionReason.AbstainBand : DecisionReason.Decided" : "DecisionReason.Decided")};\n            return index;\n");
        }
        else
        {
            string score = IsMargin ? $"({Real(tensor, values + "[1]")} - {Real(tensor, values + "[0]")}) * 0.5f" : value;
            text.Append(CultureInfo.InvariantCulture, $"            float p = {(rules.Calibration is null ? score : $"calibration.Apply({score})")};\n");
            Return(text, "p", decided ?? (IsHigherOfTwo ? "1f - p < p ? 1 : 0" : "Threshold <= p ? 1 : 0"));
        }
    }

    private void Return(StringBuilder text, string p, string decided)
    {
        if (abstains)
        {
            text.Append(CultureInfo.InvariantCulture, $"            if ({Literal.Of(rules.AbstainLow)} <= {p} && {p} < {Literal.Of(rules.AbstainHigh)})\n            {{\n                reason = DecisionReason.AbstainBand;\n                return None;\n            }}\n\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"            reason = DecisionReason.Decided;\n            return {decided};\n");
    }

    private static void ClassText(StringBuilder text) => text.Append("""
                /// <summary>The text of a class, its number where the model has none; empty for None.</summary>
                /// <param name="index">The class.</param>
                public static string ClassText(int index)
                {
                    if (index < None || index >= ClassCount)
                    {
                        throw new ArgumentException("There is no class " + index.ToString() + ".");
                    }

                    return index == None ? "" : index < Labels.Length ? Labels[index] : index.ToString();
                }


        """);

    // The values of the classes, as DecisionRule has them.
    private void Settle(StringBuilder text, string? dequantize)
    {
        text.Append("        private static void Settle()\n        {\n            if (!isStale)\n            {\n                return;\n            }\n\n            isStale = false;\n");
        if (CanBeNotFinite)
        {
            text.Append("            if (reason == DecisionReason.NotFinite)\n            {\n                for (int i = 0; i < ClassCount; i++)\n                {\n                    probabilities[i] = float.NaN;\n                }\n\n                probability = float.NaN;\n                return;\n            }\n\n");
        }

        if (dequantize is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"            if (isCounted)\n            {{\n    {dequantize.TrimEnd('\n').Replace("\n", "\n    ", StringComparison.Ordinal)}\n            }}\n\n");
        }

        if (outputs > 2)
        {
            text.Append(CultureInfo.InvariantCulture, $"            int best = 0;\n            for (int i = 0; i < ClassCount; i++)\n            {{\n                probabilities[i] = {Real(output, "scores[i]")};\n                best = probabilities[best] < probabilities[i] ? i : best;\n            }}\n\n");
            text.Append(rules.Calibration is null ? "" : "            calibration.ApplyToAll(probabilities);\n").Append("            probability = probabilities[best];\n        }\n\n");
            return;
        }

        string first = Real(output, "scores[0]");
        string last = Real(output, $"scores[{outputs - 1}]");
        string p = rules.Calibration is not null && !isCalibratedByEngine ? $"{CalibratedTable}[scores[{outputs - 1}] + 128]"
            : (IsMargin ? $"({last} - {first}) * 0.5f" : last) is var score && rules.Calibration is not null ? $"calibration.Apply({score})"
            : score;
        text.Append(CultureInfo.InvariantCulture, $"            probability = {p};\n");
        bool isPair = outputs == 1 || rules.Calibration is not null;
        text.Append(CultureInfo.InvariantCulture, $"            probabilities[0] = {(!isPair ? first : isScore ? "-probability" : "1f - probability")};\n            probabilities[1] = {(isPair ? "probability" : last)};\n        }}\n\n");
    }

    private static string Real(TensorInfo tensor, string value) =>
        !tensor.IsQuantized ? value
        : tensor.ZeroPoint == 0 ? $"{Literal.Of(tensor.Scale)} * {value}"
        : $"{Literal.Of(tensor.Scale)} * ({value} - ({tensor.ZeroPoint.ToString(CultureInfo.InvariantCulture)}))";

    // Only the difference of equal finite numbers is 0; nanoFramework takes a NaN for greater than any number.
    private static string NotFinite(TensorInfo tensor, string name, string length, bool missing) => tensor.Type == TensorType.Float32
        ? $"            for (int i = 0; i < {length}; i++)\n            {{\n                float x = {name}[i];\n{(missing ? $"                float same = {name}[i];\n" : "")}                if (!(x - x == 0f){(missing ? " && x == same" : "")})\n                {{\n                    reason = DecisionReason.NotFinite;\n                    return None;\n                }}\n            }}\n\n"
        : "";
}
