using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Quantize.Operators;

/// <summary>Add, Sub and Mul with the clamp that follows them, and Div by a constant, which is Mul. The factors are those of the TensorFlow Lite quantization specification.</summary>
internal static class BinaryQuantizer
{
    internal static bool TryConvert(Quantizer quantizer, Node node, Precision precision)
    {
        if (quantizer.IsInputPreparation(node))
        {
            return false;
        }

        Value right = node.Input(1);
        if (node.Opcode == Opcode.Div)
        {
            if (right.Data is not float[] divisors || node.Input(0).IsConstant || Array.Exists(divisors, value => !float.IsFinite(1 / value)))
            {
                return false;
            }

            right = Value.Constant(right.Name + ".reciprocal", Array.ConvertAll(divisors, value => 1 / value), right.Shape);
        }

        Opcode opcode = node.Opcode == Opcode.Div ? Opcode.Mul : node.Opcode;
        Value a = Operand(quantizer, node.Input(0), precision);
        Value b = Operand(quantizer, right, precision);
        var end = OutputStage.For(quantizer, node, precision, table: false);
        Node twin = new Node(opcode, node.Name, [a, b], end.Output).With(BinaryRule.Min, end.Min).With(BinaryRule.Max, end.Max);
        SetFactors(twin, a, b, end.Output.Quantization!);
        quantizer.Target.Nodes.Add(twin);
        quantizer.Set(end.Source, end.Precision, end.Output);
        return true;
    }

    /// <summary>Whether a multiplier holds the scales' quotient.</summary>
    internal static bool Fits(Opcode opcode, Value a, Value b, Quantization output) =>
        (opcode == Opcode.Mul ? (double)a.Quantization!.Scale * b.Quantization!.Scale : Math.Max(a.Quantization!.Scale, b.Quantization!.Scale)) / output.Scale < 1 << 30;

    /// <summary>Sets the multipliers of Add, Sub or Mul, and returns the node.</summary>
    internal static Node SetFactors(Node node, Value a, Value b, Quantization output)
    {
        double scaleA = a.Quantization!.Scale;
        double scaleB = b.Quantization!.Scale;
        if (node.Opcode == Opcode.Mul)
        {
            Set(node, BinaryRule.Multiplier, scaleA * scaleB / output.Scale);
        }
        else
        {
            double twice = 2 * Math.Max(scaleA, scaleB);
            Set(node, BinaryRule.MultiplierA, scaleA / twice);
            Set(node, BinaryRule.MultiplierB, scaleB / twice);
            Set(node, BinaryRule.Multiplier, twice / ((1 << BinaryRule.LeftShiftOf(a.Type)) * (double)output.Scale));
        }

        return node;
    }

    private static void Set(Node node, int multiplier, double real)
    {
        var factor = QuantizedMultiplier.From(real);
        node.With(multiplier, factor.Multiplier).With(multiplier + 1, factor.Shift);
    }

    private static Value Operand(Quantizer quantizer, Value value, Precision precision)
    {
        if (value.Data is not float[] data)
        {
            return quantizer.Convert(value, precision);
        }

        var range = new ValueRange(data.Min(), data.Max());
        if (precision == Precision.Int8)
        {
            Quantization q = range.ToInt8();
            sbyte[] small = Array.ConvertAll(data, real => (sbyte)Integer(real, q, sbyte.MinValue, sbyte.MaxValue));
            return new Value(value.Name + ".int8", TensorType.Int8, value.Shape) { Data = small, Quantization = q };
        }

        Quantization wide = range.ToInt16();
        short[] integers = Array.ConvertAll(data, real => (short)Integer(real, wide, short.MinValue, short.MaxValue));
        return new Value(value.Name + ".int16", TensorType.Int16, value.Shape) { Data = integers, Quantization = wide };
    }

    private static double Integer(float real, Quantization q, int min, int max) =>
        Math.Clamp(Math.Round((double)real / q.Scale, MidpointRounding.AwayFromZero) + q.ZeroPoint, min, max);
}
