using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Import.Onnx.Quantized;

/// <summary>Weights of a quantized layer, less their zero points.</summary>
/// <param name="Centred">Integers of −128 to 127, by value, in the shape of the source.</param>
/// <param name="Scales">One, or one for each unit.</param>
internal sealed record IntegerWeights(Value Centred, float[] Scales)
{
    /// <summary>The weights, or null if they are no constants, do not fit int8, or have scales along another axis.</summary>
    /// <param name="integers">The weights in the source model.</param>
    /// <param name="scaling">What they stand for.</param>
    /// <param name="units">The axis of the layer's outputs.</param>
    /// <param name="scaled">The axis of the scales, where there are several.</param>
    internal static IntegerWeights? Of(OnnxOperand integers, OnnxScaling scaling, int units, int scaled)
    {
        int[] shape = integers.Shape;
        if (integers.Value.Data is not float[] data || units >= shape.Length
            || (scaling.Scales.Length > 1 && (scaled != units || scaling.Scales.Length != shape[units])))
        {
            return null;
        }

        int inner = (int)GraphBuilder.Elements(shape[(units + 1)..]);
        float[] zeroPoints = scaling.ZeroPoints;
        var centred = new float[data.Length];
        for (int i = 0; i < data.Length; i++)
        {
            centred[i] = data[i] - zeroPoints[zeroPoints.Length == 1 ? 0 : i / inner % shape[units]];
            if (centred[i] is < sbyte.MinValue or > sbyte.MaxValue || centred[i] != MathF.Truncate(centred[i]))
            {
                return null;
            }
        }

        return new IntegerWeights(Value.Constant(integers.Value.Name, centred, shape), scaling.Scales);
    }
}
