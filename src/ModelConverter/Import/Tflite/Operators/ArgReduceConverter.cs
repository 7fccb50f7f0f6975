using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Tflite.Operators;

/// <summary>ARG_MAX and ARG_MIN along a constant axis, the first of equals. The index is written as float32, which holds it exactly.</summary>
internal static class ArgReduceConverter
{
    internal static void Max(TfliteNodeContext source) => Convert(source, smallest: false);

    internal static void Min(TfliteNodeContext source) => Convert(source, smallest: true);

    private static void Convert(TfliteNodeContext source, bool smallest)
    {
        Value input = source.Input(0);
        int[] axes = source.Integers(1);
        if (axes.Length != 1)
        {
            throw TfliteNodeContext.Unsupported($"names {axes.Length} axes; one is supported");
        }

        int axis = MovementConverter.Axis(axes[0], input.Shape.Length);
        TfliteTensor declared = source.OutputTensor(0);
        var index = new Value(declared.Name, TensorType.Float32, declared.Shape);
        source.Add(Opcode.ArgReduce, [Real(source, input)], index)
            .With(ArgReduceRule.Smallest, smallest ? 1 : 0)
            .With(ArgReduceRule.Axis, axis);
        source.Fold(index);
    }

    // Real numbers are in the order of the integers.
    private static Value Real(TfliteNodeContext source, Value input)
    {
        if (input.Type == TensorType.Float32)
        {
            return input;
        }

        if (input.Type is not (TensorType.Int8 or TensorType.Int16))
        {
            throw TfliteNodeContext.Unsupported($"works on {input.Type}; float32, int8 and int16 are supported");
        }

        TfliteNodeContext.Quantized(input);
        var real = new Value(input.Name + ".real", TensorType.Float32, input.Shape);
        source.Add(Opcode.Dequantize, [input], real);
        return real;
    }
}
