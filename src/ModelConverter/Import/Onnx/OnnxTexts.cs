namespace EdgeInference.ModelConverter.Import.Onnx;

/// <summary>Follows the texts of inputs through the nodes of an ONNX model.</summary>
internal static class OnnxTexts
{
    // What moves text, and what encodes it; all else needs numbers.
    private static readonly HashSet<string> movements = ["Identity", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Transpose", "Concat", "Gather", "Slice", "Split", "ArrayFeatureExtractor", "Cast", "Shape"];

    private static readonly HashSet<string> encoders = ["OneHotEncoder", "LabelEncoder", "CategoryMapper"];

    /// <summary>Refuses a node that would take codes for numbers.</summary>
    /// <exception cref="InputException">It would.</exception>
    internal static void Check(OnnxNodeContext call)
    {
        if (!movements.Contains(call.Node.OpType) && !encoders.Contains(call.Node.OpType) && ReadsText(call))
        {
            throw call.Fault("takes text, which is not supported; expected a OneHotEncoder, LabelEncoder or CategoryMapper behind a text input");
        }
    }

    /// <summary>Says what a node that was converted made of texts.</summary>
    internal static void Follow(OnnxNodeContext call)
    {
        if (!movements.Contains(call.Node.OpType) || !ReadsText(call))
        {
            return;
        }

        foreach (string output in call.Node.Outputs)
        {
            if (call.Scope.TryFind(output, out OnnxOperand operand) && operand.Type == OnnxElementType.Text && !operand.IsConstant)
            {
                call.Scope.Texts.Add(operand.Value);
            }
        }
    }

    private static bool ReadsText(OnnxNodeContext call) => call.Node.Inputs.Exists(name => call.Scope.TryFind(name, out OnnxOperand operand) && call.Scope.Texts.Has(operand.Value));
}
