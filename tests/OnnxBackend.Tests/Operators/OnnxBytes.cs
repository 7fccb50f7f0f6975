using System.Buffers.Binary;
using System.Text;

namespace OnnxBackend.Tests.Operators;

/// <summary>Writes one protobuf message, field by field: enough for a ModelProto.</summary>
internal sealed class OnnxBytes
{
    private readonly List<byte> written = [];

    internal OnnxBytes Integer(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
        return this;
    }

    internal OnnxBytes Float(int field, float value)
    {
        Varint(((ulong)field << 3) | 5);
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        written.AddRange(bytes);
        return this;
    }

    internal OnnxBytes Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    internal OnnxBytes Message(int field, OnnxBytes value) => Bytes(field, value.ToArray());

    internal OnnxBytes Bytes(int field, byte[] value)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)value.Length);
        written.AddRange(value);
        return this;
    }

    /// <summary>Bytes as they stand.</summary>
    internal OnnxBytes Raw(byte[] bytes)
    {
        written.AddRange(bytes);
        return this;
    }

    internal byte[] ToArray() => [.. written];

    private void Varint(ulong value)
    {
        while (value >= 128)
        {
            written.Add((byte)(value | 128));
            value >>= 7;
        }

        written.Add((byte)value);
    }
}
