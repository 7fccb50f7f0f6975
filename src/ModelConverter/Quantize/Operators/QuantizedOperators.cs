using EdgeInference.ModelConverter.Graphs;
using ModelFormat;

namespace EdgeInference.ModelConverter.Quantize.Operators;

/// <summary>The list of operators that can be quantized, a converter each.</summary>
internal static class QuantizedOperators
{
    private static readonly Dictionary<Opcode, Func<Quantizer, Node, Precision, bool>> converters = new()
    {
        [Opcode.Dense] = LayerQuantizer.TryConvert,
        [Opcode.Conv] = LayerQuantizer.TryConvert,
        [Opcode.Activation] = ActivationQuantizer.TryConvert,
        [Opcode.Softmax] = SoftmaxQuantizer.TryConvert,
        [Opcode.Reshape] = SameScaleQuantizer.TryConvert,
        [Opcode.Transpose] = SameScaleQuantizer.TryConvert,
        [Opcode.Slice] = SameScaleQuantizer.TryConvert,
        [Opcode.Expand] = SameScaleQuantizer.TryConvert,
        [Opcode.MaxPool] = PoolQuantizer.TryConvert,
        [Opcode.AveragePool] = PoolQuantizer.TryConvert,
        [Opcode.ConvTranspose] = LayerQuantizer.TryConvert,
        [Opcode.Unary] = ActivationQuantizer.TryConvert,
        [Opcode.Add] = BinaryQuantizer.TryConvert,
        [Opcode.Sub] = BinaryQuantizer.TryConvert,
        [Opcode.Mul] = BinaryQuantizer.TryConvert,
        [Opcode.Div] = BinaryQuantizer.TryConvert,
        [Opcode.Concat] = ConcatQuantizer.TryConvert,
        [Opcode.Pad] = PadQuantizer.TryConvert,
        [Opcode.Gather] = SameScaleQuantizer.TryConvert,
        [Opcode.Reduce] = ReduceQuantizer.TryConvert,
    };

    /// <summary>Adds the quantized form of a node to the target graph; false if it has none.</summary>
    internal static bool TryConvert(Quantizer quantizer, Node node, Precision precision) =>
        precision != Precision.Float32 && converters.TryGetValue(node.Opcode, out var convert) && convert(quantizer, node, precision);
}
