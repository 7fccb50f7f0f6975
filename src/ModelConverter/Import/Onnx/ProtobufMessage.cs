using Google.Protobuf;

namespace EdgeInference.ModelConverter.Import.Onnx;

/// <summary>
/// Walks the fields of one protobuf message inside a byte array without a copy: nested messages and byte fields are
/// slices. Lengths are checked against the enclosing message before anything is read.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Reliability", "CA1001", Justification = "A CodedInputStream over an array owns nothing.")]
internal sealed class ProtobufMessage
{
    // Messages of ONNX nest by subgraphs only; deeper is an attack on the stack.
    private const int MaxDepth = 64;

    // Messages and texts take some 300 bytes each, however few the file has for them.
    private const int MostParts = 1 << 18;
    private const int BytesForOneMore = 100;

    private readonly byte[] buffer;
    private readonly int end;
    private readonly int depth;
    private readonly PartCount parts;
    private CodedInputStream stream;
    private uint tag;

    internal ProtobufMessage(ReadOnlyMemory<byte> bytes)
        : this(bytes, 0, new PartCount { Left = MostParts + (bytes.Length / BytesForOneMore) })
    {
    }

    private ProtobufMessage(ReadOnlyMemory<byte> bytes, int depth, PartCount parts)
    {
        if (depth > MaxDepth)
        {
            throw InvalidData($"messages nest deeper than {MaxDepth}");
        }

        if (!System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> segment))
        {
            throw new ArgumentException("The bytes must be an array.", nameof(bytes));
        }

        buffer = segment.Array!;
        end = segment.Offset + segment.Count;
        this.depth = depth;
        this.parts = parts;
        stream = new CodedInputStream(buffer, segment.Offset, segment.Count);
    }

    /// <summary>The files that the tensors of the model are in.</summary>
    internal OnnxExternalFiles Files => parts.Files;

    /// <summary>The number of the current field.</summary>
    internal int Field => WireFormat.GetTagFieldNumber(tag);

    private WireFormat.WireType Wire => WireFormat.GetTagWireType(tag);

    /// <summary>Whether the current field holds a text, bytes or a message.</summary>
    internal bool HoldsBytes => Wire == WireFormat.WireType.LengthDelimited;

    /// <summary>Moves to the next field; false at the end.</summary>
    internal bool Next()
    {
        tag = stream.ReadTag();
        return tag != 0;
    }

    /// <summary>Skips the current field.</summary>
    internal void Skip()
    {
        if (Wire == WireFormat.WireType.LengthDelimited)
        {
            Bytes();
        }
        else
        {
            stream.SkipLastField();
        }
    }

    /// <summary>The current field as an integer.</summary>
    internal long Int64()
    {
        Expect(WireFormat.WireType.Varint);
        return stream.ReadInt64();
    }

    /// <summary>The current field as an int32; a number outside it is refused.</summary>
    internal int Int32()
    {
        long value = Int64();
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw InvalidData($"the number {value} is out of range");
    }

    /// <summary>The current field as a float32.</summary>
    internal float Float()
    {
        Expect(WireFormat.WireType.Fixed32);
        return stream.ReadFloat();
    }

    /// <summary>The current field as UTF-8 text.</summary>
    internal string Text()
    {
        Count();
        return System.Text.Encoding.UTF8.GetString(Bytes().Span);
    }

    /// <summary>The current field as a nested message.</summary>
    internal ProtobufMessage Message()
    {
        Count();
        return new(Bytes(), depth + 1, parts);
    }

    /// <summary>The current field's bytes, without a copy.</summary>
    internal ReadOnlyMemory<byte> Bytes()
    {
        Expect(WireFormat.WireType.LengthDelimited);
        int length = stream.ReadLength();
        int start = (int)stream.Position;
        if (length < 0 || length > end - start)
        {
            throw Truncated();
        }

        stream = new CodedInputStream(buffer, start + length, end - start - length);
        return buffer.AsMemory(start, length);
    }

    /// <summary>Appends the integers of a repeated field, packed or not.</summary>
    /// <exception cref="InvalidDataException">There are more than <paramref name="most"/>.</exception>
    internal void AddInt64s(List<long> list, int most = int.MaxValue)
    {
        ReadOnlyMemory<byte> bytes = Wire == WireFormat.WireType.LengthDelimited ? Bytes() : ReadOnlyMemory<byte>.Empty;
        bool isPacked = HoldsBytes;

        // Of each integer the last byte is below 128. A list that grows by itself takes three times as much.
        long count = isPacked ? 0 : 1;
        foreach (byte part in bytes.Span)
        {
            count += part < 128 ? 1 : 0;
        }

        if (list.Count + count > most)
        {
            throw InvalidData($"field {Field} has more than {most} numbers");
        }

        if (!isPacked)
        {
            list.Add(Int64());
            return;
        }

        list.EnsureCapacity(list.Count + (int)count);
        var packed = new ProtobufMessage(bytes, depth, parts);
        while (!packed.stream.IsAtEnd)
        {
            list.Add(packed.stream.ReadInt64());
        }
    }

    /// <summary>Appends the float32 numbers of a repeated field, packed or not.</summary>
    internal void AddFloats(List<float> list)
    {
        if (Wire != WireFormat.WireType.LengthDelimited)
        {
            list.Add(Float());
            return;
        }

        var packed = new ProtobufMessage(Bytes(), depth, parts);
        while (!packed.stream.IsAtEnd)
        {
            list.Add(packed.stream.ReadFloat());
        }
    }

    /// <summary>Appends the float64 numbers of a repeated field, packed or not.</summary>
    internal void AddDoubles(List<double> list)
    {
        if (Wire != WireFormat.WireType.LengthDelimited)
        {
            Expect(WireFormat.WireType.Fixed64);
            list.Add(stream.ReadDouble());
            return;
        }

        var packed = new ProtobufMessage(Bytes(), depth, parts);
        while (!packed.stream.IsAtEnd)
        {
            list.Add(packed.stream.ReadDouble());
        }
    }

    private void Count()
    {
        if (--parts.Left < 0)
        {
            throw InvalidData($"it has far more nodes, tensors and names than a model of its size; more than {MostParts} and one for every {BytesForOneMore} bytes are not read");
        }
    }

    private static InvalidDataException InvalidData(string problem) => new(problem);

    private static InvalidDataException Truncated() => new("it ends inside a field");

    private void Expect(WireFormat.WireType wire)
    {
        if (Wire != wire)
        {
            throw InvalidData($"field {Field} has wire type {Wire}, expected {wire}");
        }
    }

    private sealed class PartCount
    {
        internal long Left { get; set; }

        internal OnnxExternalFiles Files { get; } = new();
    }
}
