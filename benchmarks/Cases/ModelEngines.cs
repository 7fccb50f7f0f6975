using EdgeInference.Benchmarks.Contenders;
using EdgeInference.Benchmarks.Models;
using EdgeInference.Benchmarks.Quantized;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using Microsoft.ML.OnnxRuntime;

namespace EdgeInference.Benchmarks.Cases;

/// <summary>Makes the engines of a model; one that cannot be made is left out, with the reason on standard error.</summary>
internal static class ModelEngines
{
    /// <summary>ONNX Runtime in float32 first, by which the others are judged.</summary>
    internal static List<ModelContender> Of(ModelCase model)
    {
        var contenders = new List<ModelContender>();
        foreach (Engine engine in model.Precisions.Select(Engines.Of).Concat(model.Peers).Prepend(Engine.OnnxFloat32))
        {
            try
            {
                contenders.Add(Create(engine, model));
            }
            catch (Exception failure) when (engine != Engine.OnnxFloat32 && failure is PeerException or InputException or ModelFormatException or OnnxRuntimeException or DllNotFoundException)
            {
                Console.Error.WriteLine($"{model.Name}: {engine.Title()} is left out: {failure.Message}");
            }
        }

        return contenders;
    }

    private static ModelContender Create(Engine engine, ModelCase model) => engine switch
    {
        Engine.Float32 => EdgeContender.Create(engine, ModelWriter.Write(model.Graph), model.Rows, model.Batch),
        Engine.Int8 => EdgeContender.Create(engine, model.Int8File ?? Quantized(model, Precision.Int8), model.Rows, model.Batch),
        Engine.Int16 => EdgeContender.Create(engine, Quantized(model, Precision.Int16), model.Rows, model.Batch),
        Engine.OnnxFloat32 => Onnx(engine, model, model.Onnx),
        Engine.OnnxInt8 => Onnx(engine, model, QdqModel.Write(model.Onnx, model.Calibration)),
        Engine.CSharp => CSharpContender.Create(model.Graph, model.Rows, model.Batch),
        Engine.C => CContender.Create(model.Graph, model.Rows, model.Batch, model.HasFastMath),
        _ => model.Own!(model),
    };

    private static byte[] Quantized(ModelCase model, Precision precision) => ModelWriter.Write(Quantizer.Quantize(model.Graph, model.Calibration, precision));

    private static OnnxContender Onnx(Engine engine, ModelCase model, byte[] file) =>
        new(engine, file, model.Rows, model.Graph.Outputs[0].Elements, model.Batch, model.Graph.Outputs[0].Name);
}
