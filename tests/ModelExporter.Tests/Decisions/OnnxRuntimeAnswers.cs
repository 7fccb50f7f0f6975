using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ModelExporter.Tests.Decisions;

/// <summary>What ONNX Runtime says of each row: a second opinion, from the same file.</summary>
internal static class OnnxRuntimeAnswers
{
    /// <summary>The first output of a classifier with one input, as text.</summary>
    internal static string[] Of(string model, IReadOnlyList<float[]> rows) => Run(model, rows, 0, (value, _) =>
        value is Tensor<string> texts ? texts.Single() : ((Tensor<long>)value).Single().ToString(CultureInfo.InvariantCulture));

    /// <summary>From the second output, of one input: the value of class 1 of two, of the given class of more.</summary>
    internal static float[] Values(string model, IReadOnlyList<float[]> rows, IReadOnlyList<int> classes) => Run(model, rows, 1, (value, i) =>
    {
        float[] values = value is Tensor<float> tensor ? [.. tensor] : [.. ((IEnumerable<NamedOnnxValue>)value).Single().AsDictionary<long, float>().OrderBy(pair => pair.Key).Select(pair => pair.Value)];
        return values.Length <= 2 ? values[^1] : values[classes[i]];
    });

    private static T[] Run<T>(string model, IReadOnlyList<float[]> rows, int output, Func<object, int, T> read)
    {
        using var session = new InferenceSession(model);
        (string name, NodeMetadata input) = session.InputMetadata.Single();
        string[] wanted = [session.OutputMetadata.Keys.ElementAt(output)];
        return [.. rows.Select((row, i) =>
        {
            int[] shape = [1, row.Length];
            NamedOnnxValue value = input.ElementType == typeof(double)
                ? NamedOnnxValue.CreateFromTensor(name, new DenseTensor<double>(Array.ConvertAll(row, number => (double)number), shape))
                : NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(row, shape));
            using var results = session.Run([value], wanted);
            return read(results[0].Value, i);
        })];
    }
}
