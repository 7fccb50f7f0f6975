using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Import.Onnx.Quantized;

/// <summary>What integers of an ONNX model stand for: real = scale · (integer − zero point).</summary>
/// <param name="Scales">One, or one for each element of an axis; each finite and above 0.</param>
/// <param name="ZeroPoints">As many, or one.</param>
/// <param name="Type">The type of the integers.</param>
/// <param name="Axis">The axis of several scales; it may count from the end.</param>
internal sealed record OnnxScaling(float[] Scales, float[] ZeroPoints, OnnxElementType Type, long Axis)
{
    /// <summary>
    /// The same as int8, or null if the integers do not fit: int8 as it is, uint8 less 128, of one scale.
    /// </summary>
    internal Quantization? Int8
    {
        get
        {
            bool fits = Scales.Length == 1 && ZeroPoints.Length == 1 && Type is OnnxElementType.Int8 or OnnxElementType.UInt8;
            int zeroPoint = fits ? (int)ZeroPoints[0] - Type.AboveInt8() : int.MaxValue;
            return zeroPoint is >= sbyte.MinValue and <= sbyte.MaxValue ? new Quantization(Scales[0], zeroPoint) : null;
        }
    }

    /// <summary>The axis of the scales on a tensor of so many dimensions.</summary>
    internal int AxisOn(int rank) => (int)(Axis < 0 ? Axis + rank : Axis);

    /// <summary>The scaling that two inputs of a node give, or null if they are not constant or no scales.</summary>
    internal static OnnxScaling? From(OnnxNodeContext call, int scale, int zeroPoint, OnnxElementType type, long axis = 0)
    {
        if (call.Operand(scale).Value.Data is not float[] { Length: > 0 } scales || Array.Exists(scales, value => !float.IsNormal(value) || value < 0f))
        {
            return null;
        }

        float[]? zeroPoints = call.Has(zeroPoint) ? call.Operand(zeroPoint).Value.Data as float[] : [0f];
        return zeroPoints is not null && (zeroPoints.Length == 1 || zeroPoints.Length == scales.Length)
            ? new OnnxScaling(scales, zeroPoints, type, axis)
            : null;
    }
}
