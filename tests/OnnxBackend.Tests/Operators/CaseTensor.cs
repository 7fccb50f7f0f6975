using EdgeInference.ModelConverter.Import.Onnx;

namespace OnnxBackend.Tests.Operators;

/// <summary>A tensor of a test model: an input, a constant, or none where a node leaves one out.</summary>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Values">Its elements, or none for an input whose values the test makes.</param>
/// <param name="IsConstant">Whether it is an initialiser.</param>
internal sealed record CaseTensor(OnnxElementType Type, int[] Shape, double[] Values, bool IsConstant)
{
    /// <summary>The elements of a constant of texts.</summary>
    internal string[] Texts { get; init; } = [];

    /// <summary>What stands for an optional input that is absent.</summary>
    internal static readonly CaseTensor None = new(OnnxElementType.Undefined, [], [], true);

    internal byte[] Raw => [.. Values.SelectMany(value => Bytes(Type, value))];

    /// <summary>A TensorProto.</summary>
    internal OnnxBytes Write(string name)
    {
        var message = new OnnxBytes();
        foreach (int size in Shape)
        {
            message.Integer(1, size);
        }

        message.Integer(2, (int)Type).Text(8, name);
        foreach (string text in Texts)
        {
            message.Text(6, text);
        }

        return Texts.Length > 0 ? message : message.Bytes(9, Raw);
    }

    private static byte[] Bytes(OnnxElementType type, double value) => type switch
    {
        OnnxElementType.Float32 => BitConverter.GetBytes((float)value),
        OnnxElementType.Float64 => BitConverter.GetBytes(value),
        OnnxElementType.Float16 => BitConverter.GetBytes((Half)value),
        OnnxElementType.Int64 => BitConverter.GetBytes(value >= long.MaxValue ? long.MaxValue : value <= long.MinValue ? long.MinValue : (long)value),
        OnnxElementType.Int32 => BitConverter.GetBytes((int)value),
        OnnxElementType.Int16 => BitConverter.GetBytes((short)value),
        OnnxElementType.UInt16 => BitConverter.GetBytes((ushort)value),
        OnnxElementType.UInt32 => BitConverter.GetBytes((uint)value),
        OnnxElementType.UInt64 => BitConverter.GetBytes((ulong)value),
        OnnxElementType.Int8 => [(byte)(sbyte)value],
        OnnxElementType.UInt8 => [(byte)value],
        OnnxElementType.Bool => [value != 0 ? (byte)1 : (byte)0],
        _ => throw new NotSupportedException(type.ToString()),
    };
}
