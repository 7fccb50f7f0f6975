using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EdgeInference.Tool.Tests.Import.Onnx;

/// <summary>ONNX Runtime's values of a model.</summary>
internal static class Peer
{
    /// <summary>The values of one output for inputs that are given by name, shape and values; an empty name is the only one's.</summary>
    internal static float[] Run(string path, string output, params (string Name, int[] Shape, float[] Values)[] inputs)
    {
        using var session = new InferenceSession(path);
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([.. inputs.Select(input => Value(session, input.Name, input.Shape, input.Values))], [output.Length > 0 ? output : session.OutputNames.Single()]);
        return Floats(results[0]);
    }

    /// <summary>The values of an output as float32.</summary>
    internal static float[] Floats(DisposableNamedOnnxValue value) => value.Value switch
    {
        Tensor<float> tensor => [.. tensor],
        Tensor<double> tensor => [.. tensor.Select(x => (float)x)],
        Tensor<long> tensor => [.. tensor.Select(x => (float)x)],
        var other => throw new NotSupportedException(other.GetType().Name),
    };

    private static NamedOnnxValue Value(InferenceSession session, string name, int[] shape, float[] values)
    {
        string full = name.Length > 0 ? name : session.InputNames.Single();
        return session.InputMetadata[full].ElementType == typeof(double)
            ? NamedOnnxValue.CreateFromTensor(full, new DenseTensor<double>(Array.ConvertAll(values, value => (double)value), shape))
            : NamedOnnxValue.CreateFromTensor(full, new DenseTensor<float>(values, shape));
    }
}
