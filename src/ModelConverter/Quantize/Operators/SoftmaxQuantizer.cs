using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Quantize.Operators;

/// <summary>
/// Softmax. Output scales: int8 1/256 and −128, int16 1/32768, as in the TensorFlow Lite quantization specification; from
/// int8 logits to a caller int16 with 1/65536 and −32768, which the int8 rule gives with 16 bits instead of 8.
/// </summary>
internal static class SoftmaxQuantizer
{
    /// <summary>The most classes that the int8 kernel takes.</summary>
    internal const int MaxInt8Classes = 4095;

    /// <summary>What the int8 kernel writes as int16.</summary>
    internal static Quantization Int16Output => new(1f / 65536, -32768);

    internal static bool TryConvert(Quantizer quantizer, Node node, Precision precision)
    {
        if (precision == Precision.Int8 && node.Output.LastDimension > MaxInt8Classes)
        {
            return false;
        }

        Value input = quantizer.Convert(node.Input(0), precision);
        bool isFinal = quantizer.Prepared.Graph.Outputs.Contains(node.Output);
        Precision outputPrecision = isFinal ? Precision.Int16 : precision;
        var output = new Value(node.Output.Name, outputPrecision == Precision.Int8 ? TensorType.Int8 : TensorType.Int16, node.Output.Shape)
        {
            Quantization = precision == Precision.Int16 ? new Quantization(1f / 32768, 0)
                : isFinal ? Int16Output : new Quantization(1f / 256, -128),
        };
        var target = new Node(Opcode.Softmax, node.Name, [input], output);
        float beta = node.Float(SoftmaxRule.Beta);
        quantizer.Target.Nodes.Add(precision == Precision.Int8 ? SetFactors(target, beta) : SetTables(target, beta));
        quantizer.Set(node.Output, outputPrecision, output);
        return true;
    }

    /// <summary>Sets the parameters of a Softmax of int8, and returns the node.</summary>
    internal static Node SetFactors(Node node, float beta)
    {
        var scaling = SoftmaxScaling.From(beta, node.Input(0).Quantization!.Scale);
        return node
            .With(SoftmaxRule.Beta, beta)
            .With(SoftmaxRule.Multiplier, scaling.Multiplier)
            .With(SoftmaxRule.LeftShift, scaling.LeftShift)
            .With(SoftmaxRule.DifferenceMin, scaling.DifferenceMin);
    }

    /// <summary>Sets the parameters and adds the tables of a Softmax of int16, and returns the node.</summary>
    internal static Node SetTables(Node node, float beta)
    {
        QuantizedMultiplier multiplier = Int16SoftmaxTables.Multiplier(node.Input(0).Quantization!.Scale, beta);
        short[] exponentials = Int16SoftmaxTables.Exponentials();
        short[] reciprocals = Int16SoftmaxTables.Reciprocals();
        node.Inputs.Add(Value.Constant("softmax.exponentials", exponentials, exponentials.Length));
        node.Inputs.Add(Value.Constant("softmax.reciprocals", reciprocals, reciprocals.Length));
        return node
            .With(SoftmaxRule.Beta, beta)
            .With(SoftmaxRule.Multiplier, multiplier.Multiplier)
            .With(SoftmaxRule.LeftShift, multiplier.Shift);
    }
}
