using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.ModelConverter.Quantize.Operators;

/// <summary>What quantized recurrent layers are made of: weights in int8 with a scale for each row, sums with a multiplier for each row, a state of zero point 0.</summary>
internal static class RecurrentParts
{
    /// <summary>The scale of gates that are opened by sigmoid and tanh.</summary>
    internal const double GateScale = 1.0 / 4096;

    /// <summary>The scale of sigmoid and tanh.</summary>
    internal const double FunctionScale = 1.0 / 32768;

    // A multiplier of 64-bit sums is below 2^7.
    private const int MostWide = 128;

    /// <summary>The largest magnitude that a state is to have: symmetric, over what the asymmetric range covers.</summary>
    internal static double StateReach(Quantization covered, TensorType type)
    {
        int lowest = type == TensorType.Int8 ? sbyte.MinValue : short.MinValue;
        return Math.Max(covered.ZeroPoint - lowest, Highest(type) - covered.ZeroPoint) * (double)covered.Scale;
    }

    /// <summary>The scale of a state of a reach.</summary>
    internal static Quantization StateScale(double reach, TensorType type) => new((float)(reach / Highest(type)), 0);

    /// <summary>The weights that the input meets, with its biases.</summary>
    internal static QuantizedWeights OfInput(Quantizer quantizer, Node node, Value x, double[] biases, double gateScale)
    {
        double[]? means = quantizer.Options.BiasCorrection ? quantizer.Prepared.Calibration[node.Input(0)].Means : null;
        return Rows(quantizer, node.Input(1).Floats, biases, x.Quantization!, x.Type, gateScale, means);
    }

    /// <summary>The weights that the state meets, with its biases.</summary>
    internal static QuantizedWeights OfState(Quantizer quantizer, Node node, Quantization state, TensorType type, double[] biases, double gateScale) =>
        Rows(quantizer, node.Input(2).Floats, biases, state, type, gateScale, null);

    /// <summary>Multipliers of the sums of each row, or null where one is out of range.</summary>
    internal static QuantizedMultiplier[]? Factors(double scale, QuantizedWeights weights, TensorType type, double gateScale)
    {
        double[] factors = Array.ConvertAll(weights.Scales, one => scale * one / gateScale);
        return factors.All(factor => type == TensorType.Int16 ? factor < MostWide : QuantizedMultiplier.IsInRange(factor))
            ? Array.ConvertAll(factors, QuantizedMultiplier.From)
            : null;
    }

    /// <summary>Multipliers and shifts as constants.</summary>
    internal static Value[] Constants(string name, QuantizedMultiplier[] factors) =>
    [
        Value.Constant(name + ".multiplier", Array.ConvertAll(factors, factor => factor.Multiplier), factors.Length),
        Value.Constant(name + ".shift", Array.ConvertAll(factors, factor => (sbyte)factor.Shift), factors.Length),
    ];

    /// <summary>Weights as a constant.</summary>
    internal static Value Integers(Value source, QuantizedWeights weights)
    {
        Value integers = Value.Constant(source.Name + ".int8", weights.Weights, source.Shape);
        integers.Quantization = new Quantization(weights.Scales[0], 0, weights.Scales);
        return integers;
    }

    /// <summary>Biases as a constant.</summary>
    internal static Value Bias(string name, QuantizedWeights weights, TensorType type) => type == TensorType.Int8
        ? Value.Constant(name, Array.ConvertAll(weights.Biases, value => checked((int)value)), weights.Biases.Length)
        : Value.Constant(name, weights.Biases, weights.Biases.Length);

    /// <summary>The table of sigmoid and tanh.</summary>
    internal static Value Table(string name) => Value.Constant(name + ".table", SigmoidTable.Constant(), SigmoidLines.Entries);

    /// <summary>An output of the layer in another type and scale.</summary>
    internal static Value Twin(Value output, TensorType type, Quantization scale) => new(output.Name, type, output.Shape) { Quantization = scale, IsState = output.IsState };

    /// <summary>Sets a multiplier and the shift after it.</summary>
    internal static void With(Node node, int position, double ratio)
    {
        var factor = QuantizedMultiplier.From(ratio);
        node.With(position, factor.Multiplier).With(position + 1, factor.Shift);
    }

    private static int Highest(TensorType type) => type == TensorType.Int8 ? sbyte.MaxValue : short.MaxValue;

    private static QuantizedWeights Rows(
        Quantizer quantizer, float[] weights, double[] biases, Quantization scale, TensorType type, double gateScale, double[]? means)
    {
        double[] real = Array.ConvertAll(weights, weight => (double)weight);
        double[]? met = means is null ? null : [.. Enumerable.Range(0, real.Length).Select(i => means[i % means.Length])];
        return QuantizedWeights.From(real, biases, scale.Scale, met, quantizer.Options.PerChannel, scale.ZeroPoint, type == TensorType.Int16 ? gateScale : null);
    }
}
