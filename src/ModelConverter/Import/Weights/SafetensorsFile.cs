using System.Buffers.Binary;
using System.Text.Json;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Weights;

/// <summary>
/// A .safetensors file (huggingface/safetensors, README "Format"): a little endian u64 N, N bytes of JSON that give every
/// tensor's dtype, shape and data_offsets, then the elements, which fill the rest without holes.
/// </summary>
internal sealed class SafetensorsFile : WeightFile
{
    private const string MetadataKey = "__metadata__";
    private const int LengthBytes = sizeof(ulong);

    // Of any array of numpy.
    private const int MostDimensions = 64;

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
            Read(new Utf8JsonReader(bytes.AsSpan(LengthBytes, (int)header)));
        }
        catch (JsonException exception)
        {
            throw Fault($"it is not valid JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}", exception);
        }
        catch (InvalidOperationException exception)
        {
            // What GetString and ValueTextEquals throw.
            throw Fault($"the name or the 'dtype' of a tensor behind {entries.Count} others is not valid UTF-8", exception);
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

    // Token by token: a tree of a header of many names is some fifteen times as large.
    private void Read(Utf8JsonReader json)
    {
        bool hasMetadata = false;
        json.Read();
        Require(json.TokenType == JsonTokenType.StartObject, "it is not an object");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals(MetadataKey))
            {
                Require(!hasMetadata, $"'{MetadataKey}' appears twice");
                hasMetadata = true;
                json.Skip();
                continue;
            }

            string name = json.GetString()!;
            Require(!entries.ContainsKey(name), $"the tensor '{name}' appears twice");
            if (entries.Count == FormatLayout.MaxTensors)
            {
                throw new InputException($"'{Path}' has more than {FormatLayout.MaxTensors} tensors, which is what a model can have; write only those that the layers use.");
            }

            entries.Add(name, Parse(name, ref json));
        }

        // Nothing but spaces may follow.
        json.Read();
    }

    private Entry Parse(string name, ref Utf8JsonReader json)
    {
        string? type = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        json.Read();
        Require(json.TokenType == JsonTokenType.StartObject, $"the tensor '{name}' is not an object");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("dtype"u8))
            {
                Require(type is null, $"the tensor '{name}' has 'dtype' twice");
                json.Read();
                Require(json.TokenType == JsonTokenType.String, $"the tensor '{name}' has a 'dtype' that is not a text; expected one such as \"F32\"");
                type = json.GetString()!;
            }
            else if (json.ValueTextEquals("shape"u8))
            {
                Require(shape is null, $"the tensor '{name}' has 'shape' twice");
                shape = Integers(name, "shape", ref json);
            }
            else if (json.ValueTextEquals("data_offsets"u8))
            {
                Require(offsets is null, $"the tensor '{name}' has 'data_offsets' twice");
                offsets = Integers(name, "data_offsets", ref json);
            }
            else
            {
                json.Skip();
            }
        }

        Require(type is not null && shape is not null && offsets is not null, $"the tensor '{name}' lacks one of 'dtype', 'shape' and 'data_offsets'");
        return Checked(name, type!, [.. shape!], [.. offsets!]);
    }

    private List<long> Integers(string name, string key, ref Utf8JsonReader json)
    {
        var numbers = new List<long>();
        json.Read();
        Require(json.TokenType == JsonTokenType.StartArray, $"the tensor '{name}' has a '{key}' that is not a list of integers");
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            Require(numbers.Count < MostDimensions, $"the tensor '{name}' has a '{key}' of more than {MostDimensions} numbers");
            long number = 0;
            Require(json.TokenType == JsonTokenType.Number && json.TryGetInt64(out number), $"the tensor '{name}' has an entry {numbers.Count} of '{key}' that is not an integer of 64 bits");
            numbers.Add(number);
        }

        return numbers;
    }

    private void Require(bool condition, ClippedText problem)
    {
        if (!condition)
        {
            throw Fault(problem);
        }
    }

    private InputException Fault(ClippedText problem, Exception? cause = null)
    {
        ClippedText message = $"'{Path}' has an invalid .safetensors header: {problem}; write it again.";
        return cause is null ? new InputException(message) : new InputException(message, cause);
    }

    private Entry Checked(string name, string type, long[] shape, long[] offsets)
    {
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
