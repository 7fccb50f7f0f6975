using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Kernels;

/// <summary>Elements of a constant that may be int8, int16 or int32; <see cref="IntegerConstant"/> is the same on a file.</summary>
internal static unsafe class IntegerPointer
{
    /// <summary>Element <paramref name="element"/>, where int8 and int16 hold unsigned numbers.</summary>
    internal static int Unsigned(byte* data, TensorType type, nint element) => type switch
    {
        TensorType.Int8 => data[element],
        TensorType.Int16 => ((ushort*)data)[element],
        _ => ((int*)data)[element],
    };

    /// <summary>Element <paramref name="element"/>, where all hold signed numbers.</summary>
    internal static int Signed(byte* data, TensorType type, nint element) => type switch
    {
        TensorType.Int8 => ((sbyte*)data)[element],
        TensorType.Int16 => ((short*)data)[element],
        _ => ((int*)data)[element],
    };
}
