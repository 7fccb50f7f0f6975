using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Tflite.Operators;

/// <summary>ADD, SUB, MUL and, in float32, DIV, broadcast; the factors are computed in double or single precision as TensorFlow Lite does for each.</summary>
internal static class BinaryConverter
{
    internal static void Add(TfliteNodeContext source) => Sum(source, Opcode.Add, (a, b, output, bits) =>
    {
        double twice = 2.0 * Math.Max(a, b);
        return (a / twice, b / twice, twice / ((1 << bits) * (double)output));
    });

    internal static void Sub(TfliteNodeContext source) => Sum(source, Opcode.Sub, (a, b, output, bits) =>
    {
        float twice = 2f * Math.Max(a, b);
        return (a / twice, b / twice, twice / ((1 << bits) * output));
    });

    internal static void Mul(TfliteNodeContext source)
    {
        if (!TryQuantized(source, Opcode.Mul, out Node node))
        {
            return;
        }

        double factor = (double)TfliteNodeContext.Quantized(node.Input(0)).Scale * TfliteNodeContext.Quantized(node.Input(1)).Scale / TfliteNodeContext.Quantized(node.Output).Scale;
        QuantizedMultiplier result = TfliteNodeContext.Multiplier(factor);
        node.With(BinaryRule.Multiplier, result.Multiplier).With(BinaryRule.Shift, result.Shift);
    }

    internal static void Div(TfliteNodeContext source)
    {
        if (TryQuantized(source, Opcode.Div, out _))
        {
            throw TfliteNodeContext.Unsupported("divides quantized tensors; float32 is supported");
        }
    }

    private static void Sum(TfliteNodeContext source, Opcode opcode, Func<float, float, float, int, (double A, double B, double Result)> factors)
    {
        if (!TryQuantized(source, opcode, out Node node))
        {
            return;
        }

        int bits = BinaryRule.LeftShiftOf(node.Output.Type);
        var (a, b, result) = factors(TfliteNodeContext.Quantized(node.Input(0)).Scale, TfliteNodeContext.Quantized(node.Input(1)).Scale, TfliteNodeContext.Quantized(node.Output).Scale, bits);
        var first = TfliteNodeContext.Multiplier(a);
        var second = TfliteNodeContext.Multiplier(b);
        var third = TfliteNodeContext.Multiplier(result);
        node.With(BinaryRule.MultiplierA, first.Multiplier).With(BinaryRule.ShiftA, first.Shift)
            .With(BinaryRule.MultiplierB, second.Multiplier).With(BinaryRule.ShiftB, second.Shift)
            .With(BinaryRule.Multiplier, third.Multiplier).With(BinaryRule.Shift, third.Shift);
    }

    // Adds the node; false where it is float32 and needs nothing more.
    private static bool TryQuantized(TfliteNodeContext source, Opcode opcode, out Node node)
    {
        FusedActivation activation = source.Activation(0);
        bool real = source.OutputType == TfliteType.Float32;
        Value a = Operand(source, 0, real);
        Value b = Operand(source, 1, real);
        Value output = source.Output();
        if (real)
        {
            Value before = FusedActivations.Before(activation, output);
            node = source.Add(opcode, [a, b], before);
            FusedActivations.Finish(source, activation, before, output);
            return false;
        }

        if (output.Type is not (TensorType.Int8 or TensorType.Int16) || a.Type != output.Type || b.Type != output.Type)
        {
            throw TfliteNodeContext.Unsupported($"works on {a.Type}, {b.Type} and {output.Type}; float32, int8 and int16 are supported");
        }

        (int min, int max) = FusedActivations.Clamp(activation, output);
        node = source.Add(opcode, [a, b], output).With(BinaryRule.Min, min).With(BinaryRule.Max, max);
        return true;
    }

    private static Value Operand(TfliteNodeContext source, int position, bool real)
    {
        Value value = source.Input(position);
        return real && value.IsConstant ? source.FloatConstant(position) : value;
    }
}
