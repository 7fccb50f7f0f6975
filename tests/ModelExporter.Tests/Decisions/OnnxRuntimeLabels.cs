using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ModelExporter.Tests.Decisions;

/// <summary>The label that ONNX Runtime gives each row: a second opinion, from the same file.</summary>
internal static class OnnxRuntimeLabels
{
    /// <summary>The first output of a classifier with one input, as text.</summary>
    internal static string[] Of(string model, IReadOnlyList<float[]> rows)
    {
        using var session = new InferenceSession(model);
        (string name, NodeMetadata input) = session.InputMetadata.Single();
        string[] first = [session.OutputMetadata.Keys.First()];
        return [.. rows.Select(row =>
        {
            int[] shape = [1, row.Length];
            NamedOnnxValue value = input.ElementType == typeof(double)
                ? NamedOnnxValue.CreateFromTensor(name, new DenseTensor<double>(Array.ConvertAll(row, number => (double)number), shape))
                : NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(row, shape));
            using var results = session.Run([value], first);
            return results[0].Value is Tensor<string> texts ? texts.Single() : results[0].AsTensor<long>().Single().ToString(CultureInfo.InvariantCulture);
        })];
    }
}
