using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EdgeInference.Tool.Tests.Decisions;

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
        string[] wanted = [session.OutputMetadata.Keys.ElementAt(output)];
        bool isNamed = session.InputMetadata.Count > 1;
        return [.. rows.Select((row, i) =>
        {
            IEnumerable<NamedOnnxValue> inputs = session.InputMetadata.Select((input, column) => Input(input.Key, input.Value.ElementType, isNamed ? [row[column]] : row));
            using var results = session.Run([.. inputs], wanted);
            return read(results[0].Value, i);
        })];
    }

    private static NamedOnnxValue Input(string name, Type type, float[] row)
    {
        int[] shape = [1, row.Length];
        return type == typeof(double) ? NamedOnnxValue.CreateFromTensor(name, new DenseTensor<double>(Array.ConvertAll(row, value => (double)value), shape))
            : type == typeof(long) ? NamedOnnxValue.CreateFromTensor(name, new DenseTensor<long>(Array.ConvertAll(row, value => (long)value), shape))
            : NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(row, shape));
    }
}
