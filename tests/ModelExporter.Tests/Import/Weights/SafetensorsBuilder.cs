using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace EdgeInference.Tool.Tests.Import.Weights;

/// <summary>Writes small .safetensors files by hand.</summary>
internal sealed class SafetensorsBuilder
{
    private readonly List<byte> data = [];

    internal JsonObject Header { get; } = [];

    internal SafetensorsBuilder Add(string name, string type, int[] shape, byte[] bytes)
    {
        Header[name] = new JsonObject
        {
            ["dtype"] = type,
            ["shape"] = new JsonArray([.. shape.Select(size => (JsonNode)size)]),
            ["data_offsets"] = new JsonArray(data.Count, data.Count + bytes.Length),
        };
        data.AddRange(bytes);
        return this;
    }

    internal SafetensorsBuilder Add(string name, int[] shape, params float[] values) =>
        Add(name, "F32", shape, [.. values.SelectMany(BitConverter.GetBytes)]);

    internal byte[] Build() => Build(Header.ToJsonString(), [.. data]);

    internal static byte[] Build(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)text.Length);
        return [.. length, .. text, .. data];
    }
}
