namespace EdgeInference.ModelConverter.Import.Onnx;

/// <summary>Element types of ONNX tensors, by their number in TensorProto.DataType (onnx.proto3 of the ONNX specification).</summary>
internal enum OnnxElementType
{
    Undefined = 0,
    Float32 = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    Text = 8,
    Bool = 9,
    Float16 = 10,
    Float64 = 11,
    UInt32 = 12,
    UInt64 = 13,
    BFloat16 = 16,
    Float8E4M3FN = 17,
    Float8E4M3FNUZ = 18,
    Float8E5M2 = 19,
    Float8E5M2FNUZ = 20,
    UInt4 = 21,
    Int4 = 22,
    Float4E2M1 = 23,
}

/// <summary>What the importer needs to know of element types.</summary>
internal static class OnnxElementTypes
{
    /// <summary>Whether it is a floating-point type.</summary>
    internal static bool IsFloat(this OnnxElementType type) =>
        type is OnnxElementType.Float32 or OnnxElementType.Float64 or OnnxElementType.Float16 or OnnxElementType.BFloat16
            or OnnxElementType.Float8E4M3FN or OnnxElementType.Float8E4M3FNUZ or OnnxElementType.Float8E5M2 or OnnxElementType.Float8E5M2FNUZ;

    /// <summary>Lowest and highest value of an integer type; the highest of the 64-bit types is rounded to double.</summary>
    internal static (double Low, double High) Range(this OnnxElementType type) => type switch
    {
        OnnxElementType.UInt8 => (0, byte.MaxValue),
        OnnxElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        OnnxElementType.UInt16 => (0, ushort.MaxValue),
        OnnxElementType.Int16 => (short.MinValue, short.MaxValue),
        OnnxElementType.UInt4 => (0, 15),
        OnnxElementType.Int4 => (-8, 7),
        OnnxElementType.Int32 => (int.MinValue, int.MaxValue),
        OnnxElementType.UInt32 => (0, uint.MaxValue),
        OnnxElementType.Int64 => (long.MinValue, long.MaxValue),
        OnnxElementType.UInt64 => (0, ulong.MaxValue),
        OnnxElementType.Bool => (0, 1),
        _ => (double.NegativeInfinity, double.PositiveInfinity),
    };

    /// <summary>Bytes of one element in raw data, or 0 if it is no whole number of bytes or no number at all.</summary>
    internal static int Bytes(this OnnxElementType type) => type switch
    {
        OnnxElementType.UInt8 or OnnxElementType.Int8 or OnnxElementType.Bool or OnnxElementType.Float8E4M3FN
            or OnnxElementType.Float8E4M3FNUZ or OnnxElementType.Float8E5M2 or OnnxElementType.Float8E5M2FNUZ => 1,
        OnnxElementType.UInt16 or OnnxElementType.Int16 or OnnxElementType.Float16 or OnnxElementType.BFloat16 => 2,
        OnnxElementType.Float32 or OnnxElementType.Int32 or OnnxElementType.UInt32 => 4,
        OnnxElementType.Float64 or OnnxElementType.Int64 or OnnxElementType.UInt64 => 8,
        _ => 0,
    };

    /// <summary>What an integer of the type is above its int8 form.</summary>
    internal static int AboveInt8(this OnnxElementType type) => type == OnnxElementType.UInt8 ? 128 : 0;
}
