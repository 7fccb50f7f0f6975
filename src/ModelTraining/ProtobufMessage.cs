using Google.Protobuf;

namespace EdgeInference.ModelTraining;

/// <summary>Writes one protocol buffer message field by field; nested messages are separate messages.</summary>
internal sealed class ProtobufMessage
{
    private readonly List<byte> bytes = [];

    internal ProtobufMessage Integer(int field, long value) => Write(field, WireFormat.WireType.Varint, output => output.WriteInt64(value));

    internal ProtobufMessage Float(int field, float value) => Write(field, WireFormat.WireType.Fixed32, output => output.WriteFloat(value));

    internal ProtobufMessage Text(int field, string value) => Bytes(field, System.Text.Encoding.UTF8.GetBytes(value));

    internal ProtobufMessage Message(int field, ProtobufMessage value) => Bytes(field, value.ToArray());

    internal ProtobufMessage Bytes(int field, byte[] value) => Write(field, WireFormat.WireType.LengthDelimited, output => output.WriteBytes(ByteString.CopyFrom(value)));

    internal byte[] ToArray() => [.. bytes];

    private ProtobufMessage Write(int field, WireFormat.WireType type, Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(field, type);
            write(output);
        }

        bytes.AddRange(stream.ToArray());
        return this;
    }
}
