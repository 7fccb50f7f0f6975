namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>Operators of ONNX Runtime's own that its optimizer writes: a layer with what stood behind it.</summary>
internal static class FusedOperators
{
    internal static readonly OnnxOperatorRow[] Rows = [new("FusedConv", FusedConv, OnnxDomains.Runtime)];

    // The parameters of each activation, as attributes of the operator of that name.
    private static readonly Dictionary<string, string[]> activations = new(StringComparer.Ordinal)
    {
        ["Relu"] = [],
        ["Sigmoid"] = [],
        ["Tanh"] = [],
        ["LeakyRelu"] = ["alpha"],
        ["HardSigmoid"] = ["alpha", "beta"],
        ["Clip"] = ["min", "max"],
    };

    // activation(convolution + z), where z is there.
    private static void FusedConv(OnnxNodeContext call)
    {
        var body = new OnnxBody(call);
        string activation = call.Text("activation", "");
        float[] values = call.Floats("activation_params") ?? [];
        OnnxNode conv = body.Node("Conv", [.. call.Node.Inputs.Take(3)]);
        body.CopyAttributes(conv, "activation", "activation_params");
        string y = conv.Outputs[0];
        y = call.Has(3) ? body.Node("Add", y, call.Node.Inputs[3]).Outputs[0] : y;
        if (activation.Length > 0)
        {
            if (!activations.TryGetValue(activation, out string[]? names) || names.Length != values.Length)
            {
                throw call.Fault($"ends with '{activation}' of {values.Length} parameters; supported are {string.Join(", ", activations.Keys)} with their own parameters");
            }

            OnnxNode last;
            if (activation == "Clip")
            {
                // From opset 11 on the bounds are inputs.
                bool asInputs = call.Scope.Opsets.GetValueOrDefault(OnnxDomains.Standard, 1) >= 11;
                last = asInputs ? body.Node("Clip", y, body.Constant(values[0]), body.Constant(values[1])) : body.Node("Clip", y);
                names = asInputs ? [] : names;
            }
            else
            {
                last = body.Node(activation, y);
            }

            last.Attributes.AddRange(names.Zip(values, (name, value) => new OnnxAttribute { Name = name, Kind = OnnxAttributeKind.Float, Float = value }));
            y = last.Outputs[0];
        }

        body.Node("Identity", y).Outputs[0] = call.Node.Outputs[0];
        body.Convert();
    }
}
