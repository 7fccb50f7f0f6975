using EdgeInference.ModelConverter.Build;

namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>
/// Operators of ONNX Runtime's own, which its quantizer writes. Each is an operator of the standard between DequantizeLinear and
/// QuantizeLinear, and is converted as these.
/// Inputs and attributes: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md.
/// </summary>
internal static class RuntimeOperators
{
    internal static readonly OnnxOperatorRow[] Rows =
    [
        Row("QLinearAdd", call => Between(call, "Add", tensors: 2)),
        Row("QLinearMul", call => Between(call, "Mul", tensors: 2)),
        Row("QLinearSigmoid", call => Between(call, "Sigmoid")),
        Row("QLinearLeakyRelu", call => Between(call, "LeakyRelu")),
        Row("QLinearSoftmax", Softmax),
        Row("QLinearGlobalAveragePool", call => Between(call, "GlobalAveragePool")),
        Row("QLinearAveragePool", call => Between(call, "AveragePool")),
        Row("QLinearReduceMean", call => Between(call, "ReduceMean")),
        Row("QLinearConcat", Concat),
        Row("QLinearWhere", Where),
        Row("QGemm", Gemm),
        Row("DynamicQuantizeLSTM", DynamicLstm),
    ];

    private static OnnxOperatorRow Row(string opType, OnnxConverter convert) => new(opType, convert, OnnxDomains.Runtime);

    // (tensor, scale, zero point) for each tensor, then scale and zero point of the output.
    private static void Between(OnnxNodeContext call, string opType, int tensors = 1, params ReadOnlySpan<string> dropped)
    {
        var body = new OnnxBody(call);
        string[] real = [.. Enumerable.Range(0, tensors).Select(i => body.Dequantized(3 * i, 3 * i + 1, 3 * i + 2))];
        bool last = call.Flag("channels_last");
        OnnxNode node = body.Node(opType, last ? [body.Moved(real[0], last: false)] : real);
        body.CopyAttributes(node, ["channels_last", .. dropped]);
        body.Quantize(last ? body.Moved(node.Outputs[0], last: true) : node.Outputs[0], 3 * tensors, (3 * tensors) + 1);
        body.Convert();
    }

    private static void Softmax(OnnxNodeContext call)
    {
        // Which of the two meanings of the axis holds is the model's own operator set's in one case and the attribute's in the other.
        int rank = call.Input(0).Shape.Length;
        long written = call.Int("opset");
        long standard = call.Scope.Opsets.GetValueOrDefault(OnnxDomains.Standard, 1);
        int axis = call.Axis(call.Int("axis", -1), rank);
        if (written < 13 != standard < 13 && axis != rank - 1)
        {
            throw call.Fault($"follows opset {written} in a model of opset {standard}, over an axis other than the last; export the model again");
        }

        // Left out it is the last, which before opset 13 the standard's node has not for its default.
        if (!call.HasAttribute("axis"))
        {
            call.Node.Attributes.Add(new OnnxAttribute { Name = "axis", Kind = OnnxAttributeKind.Int, Int = axis });
        }

        Between(call, "Softmax", 1, "opset");
    }

    // Scale and zero point of the output, then (tensor, scale, zero point) for each part.
    private static void Concat(OnnxNodeContext call)
    {
        if (call.InputCount < 5 || call.InputCount % 3 != 2)
        {
            throw call.Fault($"has {call.InputCount} inputs; expected 2, and 3 for each part");
        }

        var body = new OnnxBody(call);
        OnnxNode node = body.Node("Concat", [.. Enumerable.Range(0, (call.InputCount - 2) / 3).Select(i => body.Dequantized((3 * i) + 2, (3 * i) + 3, (3 * i) + 4))]);
        body.CopyAttributes(node);
        body.Quantize(node.Outputs[0], 0, 1);
        body.Convert();
    }

    // Weights [directions, features, 4 · hidden] of 8 bits, with one scale or one for each column. ONNX Runtime rounds the
    // sequence to 8 bits as well, for its integer products; here it stays real.
    private static void DynamicLstm(OnnxNodeContext call)
    {
        var body = new OnnxBody(call);
        var inputs = new List<string>(call.Node.Inputs.Take(8));
        for (int i = 0; i < 2; i++)
        {
            int scale = 8 + (2 * i);
            int[] shape = call.Operand(scale).Shape;
            if (shape.Length is not (1 or 2))
            {
                throw call.Fault($"has scales of {GraphBuilder.Text(shape)}");
            }

            string around = body.Constant(shape[0], 1, shape.Length == 2 ? shape[1] : 1);
            string centred = inputs[1 + i];
            if (call.Has(scale + 1))
            {
                centred = body.Node("Sub", centred, body.Node("Reshape", call.Node.Inputs[scale + 1], around).Outputs[0]).Outputs[0];
            }

            string real = body.Node("Mul", centred, body.Node("Reshape", call.Node.Inputs[scale], around).Outputs[0]).Outputs[0];
            inputs[1 + i] = body.Transposed(real, 0, 2, 1);
        }

        OnnxNode node = body.Node("LSTM", [.. inputs]);
        body.CopyAttributes(node);
        node.Outputs.Clear();
        node.Outputs.AddRange(call.Node.Outputs);
        body.Convert();
    }

    private static void Where(OnnxNodeContext call)
    {
        var body = new OnnxBody(call);
        OnnxNode node = body.Node("Where", call.Node.Inputs[0], body.Dequantized(1, 2, 3), body.Dequantized(4, 5, 6));
        body.Quantize(node.Outputs[0], 7, 8);
        body.Convert();
    }

    // The bias is an int32 in units of the products; without a scale of the output the result is real.
    private static void Gemm(OnnxNodeContext call)
    {
        var body = new OnnxBody(call);
        var inputs = new List<string> { body.Dequantized(0, 1, 2), body.Dequantized(3, 4, 5, call.Flag("transB") ? 0 : 1) };
        if (call.Has(6))
        {
            string scale = body.Node("Mul", call.Node.Inputs[1], call.Node.Inputs[4]).Outputs[0];
            scale = call.Float("alpha", 1f) == 1f ? scale : body.Node("Mul", scale, body.Constant(call.Float("alpha", 1f))).Outputs[0];
            inputs.Add(body.Dequantized(call.Node.Inputs[6], scale, "", -1));
        }

        OnnxNode node = body.Node("Gemm", [.. inputs]);
        body.CopyAttributes(node);
        body.Quantize(node.Outputs[0], 7, 8);
        body.Convert();
    }
}
