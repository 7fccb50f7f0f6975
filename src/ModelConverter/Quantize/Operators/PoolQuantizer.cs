using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Quantize.Operators;

/// <summary>MaxPool and AveragePool keep the scale of their input, and clamp nothing.</summary>
internal static class PoolQuantizer
{
    internal static bool TryConvert(Quantizer quantizer, Node node, Precision precision)
    {
        (int min, int max) = precision == Precision.Int8 ? (sbyte.MinValue, sbyte.MaxValue) : (short.MinValue, (int)short.MaxValue);
        PassThroughQuantizer.Convert(quantizer, node, precision).With(PoolRule.Min, min).With(PoolRule.Min + 1, max);
        return true;
    }
}
