namespace EdgeInference.Benchmarks.Models;

/// <summary>Who computes: our engine in a precision, or a peer.</summary>
internal enum Engine
{
    Float32,
    Int8,
    Int16,
    OnnxFloat32,
    OnnxInt8,
    MlNet,
    TensorPrimitives,
    CSharp,
    C,
}

/// <summary>Names of engines, and how far each may be from ONNX Runtime in float32.</summary>
internal static class Engines
{
    internal static string Title(this Engine engine) => engine switch
    {
        Engine.Float32 => "our float32",
        Engine.Int8 => "our int8",
        Engine.Int16 => "our int16",
        Engine.OnnxFloat32 => "ONNX Runtime float32",
        Engine.OnnxInt8 => "ONNX Runtime int8",
        Engine.MlNet => "ML.NET",
        Engine.CSharp => "plain C#",
        _ => engine.ToString(),
    };

    /// <summary>The largest difference allowed, as a part of the largest output. Eight bits of a network of random weights keep no more than that.</summary>
    internal static double Tolerance(this Engine engine) => engine switch
    {
        Engine.Int8 or Engine.OnnxInt8 => 0.25,
        Engine.Int16 => 0.02,
        _ => 1e-4,
    };

    internal static Engine Of(Precision precision) => precision switch
    {
        Precision.Float32 => Engine.Float32,
        Precision.Int8 => Engine.Int8,
        _ => Engine.Int16,
    };
}
