using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.Runtime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace OnnxBackend.Tests.Forms;

/// <summary>A folder of its own for the files of a test.</summary>
internal sealed class ModelFolder : IDisposable
{
    internal string Root { get; } = Directory.CreateTempSubdirectory("edge-onnx-").FullName;

    public void Dispose() => Directory.Delete(Root, recursive: true);

    /// <summary>Writes a model.</summary>
    internal string Write(byte[] model, string name = "m.onnx")
    {
        string path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, model);
        return path;
    }

    internal Graph Import(byte[] model, ImportOptions? options = null) => ModelImporter.Import(Write(model), options ?? new ImportOptions());

    /// <summary>The outputs of a graph, one after the other.</summary>
    internal static float[] Run(Graph graph, params float[] row)
    {
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(graph));
        using Session session = model.CreateSession(KernelSet.Reference);
        float[] results = new float[session.OutputLength];
        session.Run(row, results);
        return results;
    }

    /// <summary>The first float32 output that ONNX Runtime gives.</summary>
    internal static float[] Peer(string path, int[] shape, params float[] row)
    {
        using var session = new InferenceSession(path);
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([NamedOnnxValue.CreateFromTensor(session.InputNames[0], new DenseTensor<float>(row, shape))]);
        return [.. results[0].AsTensor<float>()];
    }
}
