using EdgeInference.ModelConverter.Import.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace OnnxBackend.Tests.Operators;

/// <summary>ONNX Runtime's outputs of a case.</summary>
internal static class OnnxRuntimePeer
{
    /// <summary>An output: whether its numbers are integers or truths, its shape, and its elements.</summary>
    internal sealed record Result(bool IsExact, int[] Shape, double[] Values);

    internal static Result[] Run(byte[] model, OperatorCase test)
    {
        using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        using var session = new InferenceSession(model, options);
        NamedOnnxValue[] inputs = [.. test.Inputs.Select((input, i) => (Tensor: input, Name: OperatorCase.InputName(i))).Where(input => !input.Tensor.IsConstant).Select(input => Value(input.Name, input.Tensor))];
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run(inputs, test.Results);
        return [.. results.Select(Read)];
    }

    private static NamedOnnxValue Value(string name, CaseTensor tensor) => tensor.Type switch
    {
        OnnxElementType.Float32 => Of(name, tensor, value => (float)value),
        OnnxElementType.Float64 => Of(name, tensor, value => value),
        OnnxElementType.Int64 => Of(name, tensor, value => (long)value),
        OnnxElementType.Int32 => Of(name, tensor, value => (int)value),
        OnnxElementType.Int8 => Of(name, tensor, value => (sbyte)value),
        OnnxElementType.UInt8 => Of(name, tensor, value => (byte)value),
        OnnxElementType.Int16 => Of(name, tensor, value => (short)value),
        OnnxElementType.UInt16 => Of(name, tensor, value => (ushort)value),
        OnnxElementType.Bool => Of(name, tensor, value => value != 0),
        _ => throw new NotSupportedException(tensor.Type.ToString()),
    };

    private static NamedOnnxValue Of<T>(string name, CaseTensor tensor, Converter<double, T> convert) =>
        NamedOnnxValue.CreateFromTensor(name, new DenseTensor<T>(Array.ConvertAll(tensor.Values, convert), tensor.Shape));

    private static Result Read(DisposableNamedOnnxValue value) => value.Value switch
    {
        Tensor<float> tensor => new Result(false, tensor.Dimensions.ToArray(), [.. tensor.Select(x => (double)x)]),
        Tensor<double> tensor => new Result(false, tensor.Dimensions.ToArray(), [.. tensor]),
        Tensor<Float16> tensor => new Result(false, tensor.Dimensions.ToArray(), [.. tensor.Select(x => (double)(float)x)]),
        Tensor<long> tensor => new Result(true, tensor.Dimensions.ToArray(), [.. tensor.Select(x => (double)x)]),
        Tensor<int> tensor => new Result(true, tensor.Dimensions.ToArray(), [.. tensor.Select(x => (double)x)]),
        Tensor<short> tensor => new Result(true, tensor.Dimensions.ToArray(), [.. tensor.Select(x => (double)x)]),
        Tensor<ushort> tensor => new Result(true, tensor.Dimensions.ToArray(), [.. tensor.Select(x => (double)x)]),
        Tensor<sbyte> tensor => new Result(true, tensor.Dimensions.ToArray(), [.. tensor.Select(x => (double)x)]),
        Tensor<byte> tensor => new Result(true, tensor.Dimensions.ToArray(), [.. tensor.Select(x => (double)x)]),
        Tensor<bool> tensor => new Result(true, tensor.Dimensions.ToArray(), [.. tensor.Select(x => x ? 1d : 0d)]),
        IEnumerable<IDictionary<string, float>> maps => Maps([.. maps.Select(map => map.Values.Select(x => (double)x).ToArray())]),
        IEnumerable<DisposableNamedOnnxValue> maps => Maps([.. maps.Select(map => map.Value is IDictionary<long, float> numbers ? [.. numbers.OrderBy(pair => pair.Key).Select(pair => (double)pair.Value)] : ((IDictionary<string, float>)map.Value).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (double)pair.Value).ToArray())]),
        var other => throw new NotSupportedException(other.GetType().Name),
    };

    private static Result Maps(double[][] rows) => new(false, [rows.Length, rows[0].Length], [.. rows.SelectMany(row => row)]);
}
