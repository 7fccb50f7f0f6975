namespace EdgeInference.ModelConverter.Import.Tflite;

/// <summary>Element types, by their numbers in the TensorFlow Lite schema.</summary>
internal enum TfliteType
{
    Float32 = 0,
    Float16 = 1,
    Int32 = 2,
    UInt8 = 3,
    Int64 = 4,
    String = 5,
    Bool = 6,
    Int16 = 7,
    Complex64 = 8,
    Int8 = 9,
    Float64 = 10,
    Resource = 13,
    Int4 = 17,
}
