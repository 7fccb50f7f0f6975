using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Quantize.Operators;

/// <summary>Pad keeps the scale of its input; a constant value that this scale cannot show stays in float32.</summary>
internal static class PadQuantizer
{
    internal static bool TryConvert(Quantizer quantizer, Node node, Precision precision)
    {
        Value input = quantizer.Convert(node.Input(0), precision);
        Quantization quantization = input.Quantization!;
        int limit = precision == Precision.Int8 ? sbyte.MaxValue : short.MaxValue;
        double value = Math.Round((double)node.Float(PadRule.Value) / quantization.Scale, MidpointRounding.AwayFromZero) + quantization.ZeroPoint;
        bool isConstant = node.Parameters[PadRule.Mode] == (int)PadMode.Constant;
        if (isConstant && (value < -limit - 1 || value > limit))
        {
            return false;
        }

        PassThroughQuantizer.Convert(quantizer, node, precision).With(PadRule.Value, isConstant ? (int)value : 0);
        return true;
    }
}
