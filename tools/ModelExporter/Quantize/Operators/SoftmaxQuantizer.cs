using ModelExporter.Graphs;
using ModelFormat;
using ModelFormat.Rules;

namespace ModelExporter.Quantize.Operators;

/// <summary>Softmax: int8 logits; probabilities in int8 with scale 1/256, or in int16 with scale 1/65536 where a caller reads them.</summary>
internal static class SoftmaxQuantizer
{
    internal static bool TryConvert(Quantizer quantizer, Node node, Precision precision)
    {
        if (precision != Precision.Int8 || node.Output.LastDimension > 4095)
        {
            return false;
        }

        bool isFinal = quantizer.Prepared.Graph.Outputs.Contains(node.Output);
        Value input = quantizer.As(node.Input(0), Precision.Int8);
        var output = new Value(node.Output.Name, isFinal ? TensorType.Int16 : TensorType.Int8, node.Output.Shape)
        {
            Quantization = isFinal ? new Quantization(1f / 65536, -32768) : new Quantization(1f / 256, -128),
        };
        float beta = node.Float(SoftmaxRule.Beta);
        var scaling = SoftmaxScaling.From(beta, input.Quantization!.Scale);
        quantizer.Target.Nodes.Add(new Node(Opcode.Softmax, node.Name, [input], output)
            .With(SoftmaxRule.Beta, beta)
            .With(SoftmaxRule.Multiplier, scaling.Multiplier)
            .With(SoftmaxRule.LeftShift, scaling.LeftShift)
            .With(SoftmaxRule.DifferenceMin, scaling.DifferenceMin));
        quantizer.Set(node.Output, isFinal ? Precision.Int16 : Precision.Int8, output);
        return true;
    }
}
