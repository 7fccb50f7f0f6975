using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Quantize.Operators;

/// <summary>
/// The sigmoid that a model ends with where many rows would share an output in steps of 1/32768: companding. A table of int16 logits gives
/// the fourth root of the probability, and two multiplications in float32 the probability, so that its steps shrink with it. Both are
/// exact or rounded once, and engines agree on the bits. Where most probabilities are near 1, the same is done to what is missing to 1.
/// </summary>
internal static class CompandedSigmoid
{
    private const int Squarings = 2;

    // A root of 0 to 65535/65536.
    private static readonly Quantization root = new(1f / 65536, short.MinValue);

    /// <summary>Whether a node of a float graph is the sigmoid of a layer's outputs that a caller reads.</summary>
    internal static bool Ends(Graph graph, Node node) =>
        node.Opcode == Opcode.Activation && node.Inputs.Count == 1 && node.Parameters[ActivationRule.Kind] == (int)ActivationKind.Sigmoid && graph.Outputs.Contains(node.Output)
        && graph.Producer(node.Input(0)) is { } layer && OperatorDefinitions.Of(layer.Opcode).IsLayer && graph.HasOneConsumer(layer.Output, out _);

    /// <summary>The int16 parameters of its logits: what the root makes 0 or 1 of needs no levels.</summary>
    internal static Quantization Logits(Quantizer quantizer, Node sigmoid)
    {
        ValueRange range = quantizer.Prepared.Calibration[sigmoid.Input(0)].Range.Widened(Quantizer.Int16Headroom);
        return ActivationRange.Input(Root(IsMirrored(quantizer, sigmoid)), range, root.Scale).ToInt16();
    }

    /// <summary>Adds the operators of a sigmoid whose logits are int16.</summary>
    internal static void Add(Quantizer quantizer, Node sigmoid)
    {
        Value logits = quantizer.Convert(sigmoid.Input(0), Precision.Int16);
        bool mirrored = IsMirrored(quantizer, sigmoid);
        float scale = logits.Quantization!.Scale;
        int[] segments = quantizer.Prepared.Parts.Segments(sigmoid, sigmoid, scale, root.Scale, () => Int16TableBuilder.Build(Root(mirrored), scale, root.Scale, outputZeroPoint: root.ZeroPoint));
        Value table = Value.Constant(sigmoid.Name + ".table", segments, segments.Length);
        Value y = Next(Opcode.Table, ".root", TensorType.Int16, logits, table);
        y.Quantization = root;
        y = Next(Opcode.Dequantize, ".dequantize", TensorType.Float32, y);
        for (int i = 1; i <= Squarings; i++)
        {
            y = Next(Opcode.Mul, $".square{i}", TensorType.Float32, y, y);
        }

        if (mirrored)
        {
            y = Next(Opcode.Sub, ".mirror", TensorType.Float32, Value.Constant(sigmoid.Name + ".one", [1f], 1), y);
        }

        y.Name = sigmoid.Output.Name;
        quantizer.Set(sigmoid.Output, Precision.Float32, y);

        Value Next(Opcode opcode, string suffix, TensorType type, params Value[] inputs)
        {
            var output = new Value(sigmoid.Output.Name + suffix, type, sigmoid.Output.Shape);
            quantizer.Target.Nodes.Add(new Node(opcode, sigmoid.Name + suffix, inputs, output));
            return output;
        }
    }

    private static bool IsMirrored(Quantizer quantizer, Node sigmoid) => Array.TrueForAll(quantizer.Prepared.Calibration[sigmoid.Output].Means, mean => mean > 0.5);

    private static UnaryFunction Root(bool mirrored)
    {
        Func<double, double> sigmoid = UnaryFunction.Of(ActivationKind.Sigmoid).Value;
        return new UnaryFunction(x => Math.Sqrt(Math.Sqrt(sigmoid(mirrored ? -x : x))));
    }
}
