using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Quantize.Operators;

/// <summary>Reduce: Max and Min keep the scale of their input, Sum and Mean have their own; other reductions stay in float32.</summary>
internal static class ReduceQuantizer
{
    internal static bool TryConvert(Quantizer quantizer, Node node, Precision precision)
    {
        var kind = (ReduceKind)node.Parameters[ReduceRule.Kind];
        int count = node.Input(0).Elements / node.Output.Elements;

        bool fits = Fits(count, precision);
        if (kind is ReduceKind.Max or ReduceKind.Min)
        {
            return PassThroughQuantizer.TryConvert(quantizer, node, precision);
        }

        if (kind is not (ReduceKind.Sum or ReduceKind.Mean) || !fits)
        {
            return false;
        }

        Value input = quantizer.Convert(node.Input(0), precision);
        Quantization quantization = quantizer.QuantizationOf(node.Output, precision);
        var factor = QuantizedMultiplier.From(Real(kind, input, count, quantization));
        var output = new Value(node.Output.Name, input.Type, node.Output.Shape) { Quantization = quantization };
        var twin = new Node(Opcode.Reduce, node.Name, [input], output);
        node.Parameters.CopyTo(twin.Parameters, 0);
        quantizer.Target.Nodes.Add(twin.With(ReduceRule.Multiplier, factor.Multiplier).With(ReduceRule.Shift, factor.Shift));
        quantizer.Set(node.Output, precision, output);
        return true;
    }

    /// <summary>The multiplier of a sum or mean over so many int8 elements, or null if it does not fit.</summary>
    internal static QuantizedMultiplier? Factor(ReduceKind kind, Value x, int count, Quantization output)
    {
        double real = Real(kind, x, count, output);
        return Fits(count, Precision.Int8) && real < 1 << 30 ? QuantizedMultiplier.From(real) : null;
    }

    private static double Real(ReduceKind kind, Value x, int count, Quantization output) =>
        (double)x.Quantization!.Scale / output.Scale / (kind == ReduceKind.Mean ? count : 1);

    // The sum of so many integers must fit int32.
    private static bool Fits(int count, Precision precision) => (long)count << (precision == Precision.Int8 ? 8 : 16) <= int.MaxValue;
}
