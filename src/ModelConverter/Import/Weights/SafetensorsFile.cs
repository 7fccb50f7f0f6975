using System.Buffers.Binary;
using System.Text.Json;

namespace EdgeInference.ModelConverter.Import.Weights;

/// <summary>
/// A .safetensors file (huggingface/safetensors, README "Format"): a little endian u64 N, N bytes of JSON that give every
/// tensor's dtype, shape and data_offsets, then the elements, which fill the rest without holes.
/// </summary>
internal sealed class SafetensorsFile : WeightFile
{
    private const string MetadataKey = "__metadata__";
    private const int LengthBytes = sizeof(ulong);

    private static readonly Dictionary<string, int> sizes = new(StringComparer.Ordinal)
    {
        ["F64"] = 8, ["F32"] = 4, ["F16"] = 2, ["BF16"] = 2, ["I64"] = 8, ["I32"] = 4, ["I16"] = 2, ["I8"] = 1,
        ["U64"] = 8, ["U32"] = 4, ["U16"] = 2, ["U8"] = 1, ["BOOL"] = 1, ["F8_E4M3"] = 1, ["F8_E5M2"] = 1,
    };

    private readonly byte[] bytes;
    private readonly int dataStart;
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);

    /// <summary>Reads the header.</summary>
    /// <exception cref="InputException">It does not fit the file.</exception>
    internal SafetensorsFile(byte[] bytes, string path)
        : base(path)
    {
        this.bytes = bytes;
        ulong header = bytes.Length >= LengthBytes ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;
        if (bytes.Length <= LengthBytes || header > (ulong)(bytes.Length - LengthBytes))
        {
            throw new InputException($"'{path}' is not a .safetensors file or ends inside its header; write it with safetensors.torch.save_file, or copy it again.");
        }

        dataStart = LengthBytes + (int)header;
        try
        {
            using JsonDocument json = JsonDocument.Parse(bytes.AsMemory(LengthBytes, (int)header), new JsonDocumentOptions { AllowDuplicateProperties = false });
            foreach (JsonProperty property in json.RootElement.EnumerateObject().Where(property => property.Name != MetadataKey))
            {
                entries.Add(property.Name, Parse(property.Name, property.Value));
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InputException($"'{path}' has an invalid .safetensors header: {exception.Message.ReplaceLineEndings(" ").TrimEnd('.')}; write it again.", exception);
        }

        RequireNoHoles();
    }

    internal override IReadOnlyCollection<string> Names => entries.Keys;

    protected override (int[] Shape, float[] Data) ReadTensor(string name)
    {
        Entry entry = entries[name];
        ReadOnlySpan<byte> data = bytes.AsSpan(dataStart + (int)entry.Begin, (int)(entry.End - entry.Begin));
        var result = new float[data.Length / sizes[entry.Type]];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = entry.Type switch
            {
                "F32" => BinaryPrimitives.ReadSingleLittleEndian(data[(4 * i)..]),
                "F64" => (float)BinaryPrimitives.ReadDoubleLittleEndian(data[(8 * i)..]),
                "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(data[(2 * i)..]),
                "BF16" => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(data[(2 * i)..]) << 16),
                _ => throw new InputException($"'{Path}': tensor '{name}' has elements of type {entry.Type}; weights are F32, F16, BF16 or F64."),
            };
        }

        return (entry.Shape, result);
    }

    private Entry Parse(string name, JsonElement json)
    {
        string type = json.GetProperty("dtype").GetString() ?? "";
        long[] shape = [.. json.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        long[] offsets = [.. json.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
        if (!sizes.TryGetValue(type, out int size))
        {
            throw new InputException($"'{Path}': tensor '{name}' has elements of type '{type}', which is not supported.");
        }

        long available = bytes.Length - dataStart;
        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > available)
        {
            throw new InputException($"'{Path}': tensor '{name}' is at [{string.Join(", ", offsets)}] of {available} bytes; copy the file again.");
        }

        long needed = Bytes(size, shape);

        return needed == offsets[1] - offsets[0]
            ? new Entry(type, Array.ConvertAll(shape, dimension => (int)dimension), offsets[0], offsets[1])
            : throw new InputException($"'{Path}': tensor '{name}' of shape [{string.Join(", ", shape)}] and type {type} has {offsets[1] - offsets[0]} bytes; write the file again.");
    }

    // −1 where no file has so many. A dimension of 0 makes a tensor empty, whatever stands before it.
    private static long Bytes(int size, long[] shape)
    {
        if (Array.Exists(shape, dimension => dimension is < 0 or > int.MaxValue))
        {
            return -1;
        }

        if (shape.Contains(0))
        {
            return 0;
        }

        long needed = size;
        foreach (long dimension in shape)
        {
            // Both factors are below 2³¹, as is every file that is read.
            needed *= dimension;
            if (needed > int.MaxValue)
            {
                return -1;
            }
        }

        return needed;
    }

    private void RequireNoHoles()
    {
        long next = 0;
        foreach ((string name, Entry entry) in entries.OrderBy(pair => pair.Value.Begin).ThenBy(pair => pair.Value.End))
        {
            if (entry.Begin != next)
            {
                throw new InputException($"'{Path}': tensor '{name}' begins at byte {entry.Begin} of the data, expected {next}; write the file again.");
            }

            next = entry.End;
        }

        if (next != bytes.Length - dataStart)
        {
            throw new InputException($"'{Path}' has {bytes.Length - dataStart} bytes of data but its tensors need {next}; copy the file again.");
        }
    }

    private sealed record Entry(string Type, int[] Shape, long Begin, long End);
}
