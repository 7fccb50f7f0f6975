using System.Buffers.Binary;

namespace EdgeInference.ModelConverter.Import.Onnx;

/// <summary>A TensorProto: a constant of the source model, its elements still as the file holds them.</summary>
internal sealed class OnnxTensor
{
    /// <summary>Name, unique in its graph.</summary>
    internal string Name { get; set; } = "";

    /// <summary>Element type.</summary>
    internal OnnxElementType Type { get; set; }

    /// <summary>Dimensions as declared.</summary>
    internal List<long> Dimensions { get; } = [];

    /// <summary>Little endian elements, or null if one of the typed lists holds them.</summary>
    internal ReadOnlyMemory<byte>? Raw { get; set; }

    /// <summary>Elements of float32 tensors.</summary>
    internal List<float> Floats { get; } = [];

    /// <summary>Elements of all integer types, of bool, and the bits of the 16-bit and 8-bit floats.</summary>
    internal List<long> Integers { get; } = [];

    /// <summary>Elements of float64 tensors.</summary>
    internal List<double> Doubles { get; } = [];

    /// <summary>Elements of string tensors.</summary>
    internal List<string> Texts { get; } = [];

    /// <summary>Keys and values that say where the elements are, for a tensor with external data.</summary>
    internal Dictionary<string, string> External { get; } = new(StringComparer.Ordinal);

    /// <summary>The files that the tensors of its model are in.</summary>
    internal OnnxExternalFiles Files { get; init; } = new();

    /// <summary>Whether the elements are in another file.</summary>
    internal bool IsExternal { get; set; }

    /// <summary>Where a sparse tensor has its elements other than 0, or null.</summary>
    internal OnnxSparseData? Sparse { get; init; }

    /// <summary>The same tensor by another name.</summary>
    internal OnnxTensor Renamed(string name)
    {
        var copy = (OnnxTensor)MemberwiseClone();
        copy.Name = name;
        return copy;
    }

    /// <summary>The shape; dimensions may be 0.</summary>
    /// <exception cref="InputException">A dimension is negative, or there are more elements than a file can hold.</exception>
    internal int[] Shape(string path)
    {
        var shape = new int[Dimensions.Count];
        long elements = Dimensions.Contains(0) ? 0 : 1;
        for (int i = 0; i < shape.Length; i++)
        {
            if (Dimensions[i] < 0 || Dimensions[i] > int.MaxValue || (elements *= Dimensions[i]) > int.MaxValue)
            {
                throw new InputException($"'{path}': tensor '{Name}' declares the shape [{string.Join(", ", Dimensions)}], which is not valid.");
            }

            shape[i] = (int)Dimensions[i];
        }

        return shape;
    }

    /// <summary>The elements as float32, row-major; integers beyond ±2²⁴ are rounded.</summary>
    /// <exception cref="InputException">The data does not match shape and type.</exception>
    internal float[] ToFloats(string path)
    {
        int[] shape = Shape(path);
        int elements = shape.Aggregate(1, (product, size) => product * size);
        if (Sparse is not null)
        {
            return Sparse.ToFloats(Name, shape, path);
        }

        if (IsExternal)
        {
            Raw ??= OnnxExternalData.Read(this, path);
        }

        return Raw is { } raw ? FromRaw(raw.Span, elements, path) : FromLists(elements, path);
    }

    /// <summary>The elements in double precision, of a tensor that has it; else as <see cref="ToFloats"/>.</summary>
    internal double[] ToDoubles(string path)
    {
        float[] floats = ToFloats(path);
        if (Type != OnnxElementType.Float64 || Sparse is not null)
        {
            return Array.ConvertAll(floats, value => (double)value);
        }

        return Raw is { } raw ? [.. Enumerable.Range(0, floats.Length).Select(i => BinaryPrimitives.ReadDoubleLittleEndian(raw.Span[(8 * i)..]))] : [.. Doubles];
    }

    /// <summary>The elements of a tensor of 64-bit integers, exactly.</summary>
    internal long[] ToLongs(string path)
    {
        int count = ToFloats(path).Length;
        return Type != OnnxElementType.Int64 ? throw Unsupported(path)
            : Raw is { } raw ? [.. Enumerable.Range(0, count).Select(i => BinaryPrimitives.ReadInt64LittleEndian(raw.Span[(8 * i)..]))] : [.. Integers];
    }

    private float[] FromRaw(ReadOnlySpan<byte> raw, int elements, string path)
    {
        int size = Type.Bytes();
        bool nibbles = Type is OnnxElementType.UInt4 or OnnxElementType.Int4;
        if (size == 0 && !nibbles)
        {
            throw Unsupported(path);
        }

        long needed = nibbles ? (elements + 1L) / 2 : (long)elements * size;
        if (raw.Length != needed)
        {
            throw WrongCount(path, $"{raw.Length} bytes but its shape and type need {needed}");
        }

        var result = new float[elements];
        for (int i = 0; i < elements; i++)
        {
            ReadOnlySpan<byte> element = nibbles ? raw[(i / 2)..] : raw[(i * size)..];
            result[i] = Type switch
            {
                OnnxElementType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(element),
                OnnxElementType.Float64 => (float)BinaryPrimitives.ReadDoubleLittleEndian(element),
                OnnxElementType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(element),
                OnnxElementType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(element),
                OnnxElementType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(element),
                OnnxElementType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(element),
                OnnxElementType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(element),
                OnnxElementType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(element),
                OnnxElementType.Int8 => (sbyte)element[0],
                OnnxElementType.UInt8 => element[0],
                OnnxElementType.Bool => element[0] != 0 ? 1f : 0f,
                _ => FromBits(nibbles ? (element[0] >> ((i & 1) * 4)) & 15 : size == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(element) : element[0]),
            };
        }

        return result;
    }

    private float[] FromLists(int elements, string path)
    {
        int count = Type switch
        {
            OnnxElementType.Float32 => Floats.Count,
            OnnxElementType.Float64 => Doubles.Count,
            OnnxElementType.Text => throw Unsupported(path),
            OnnxElementType.UInt4 or OnnxElementType.Int4 => elements == ((Integers.Count * 2) - (elements & 1)) ? elements : -1,
            _ => Integers.Count,
        };
        if (count != elements)
        {
            throw WrongCount(path, $"{Math.Max(count, Integers.Count)} elements but its shape needs {elements}");
        }

        var result = new float[elements];
        for (int i = 0; i < elements; i++)
        {
            result[i] = Type switch
            {
                OnnxElementType.Float32 => Floats[i],
                OnnxElementType.Float64 => (float)Doubles[i],
                OnnxElementType.UInt64 => (ulong)Integers[i],
                OnnxElementType.Bool => Integers[i] != 0 ? 1f : 0f,
                OnnxElementType.UInt4 or OnnxElementType.Int4 => FromBits((int)(Integers[i / 2] >> ((i & 1) * 4)) & 15),
                OnnxElementType.Float16 or OnnxElementType.BFloat16 or OnnxElementType.Float8E4M3FN or OnnxElementType.Float8E4M3FNUZ
                    or OnnxElementType.Float8E5M2 or OnnxElementType.Float8E5M2FNUZ => FromBits((int)Integers[i]),
                OnnxElementType.Int8 or OnnxElementType.UInt8 or OnnxElementType.Int16 or OnnxElementType.UInt16
                    or OnnxElementType.Int32 or OnnxElementType.UInt32 or OnnxElementType.Int64 => Integers[i],
                _ => throw Unsupported(path),
            };
        }

        return result;
    }

    private float FromBits(int bits) => Type switch
    {
        OnnxElementType.Float16 => (float)BitConverter.UInt16BitsToHalf((ushort)bits),
        OnnxElementType.BFloat16 => BitConverter.Int32BitsToSingle(bits << 16),
        OnnxElementType.UInt4 => bits,
        OnnxElementType.Int4 => (bits ^ 8) - 8,
        OnnxElementType.Float8E4M3FN => Float8(bits, exponentBits: 4, bias: 7, infinities: false, negativeZeroIsNaN: false),
        OnnxElementType.Float8E4M3FNUZ => Float8(bits, exponentBits: 4, bias: 8, infinities: false, negativeZeroIsNaN: true),
        OnnxElementType.Float8E5M2 => Float8(bits, exponentBits: 5, bias: 15, infinities: true, negativeZeroIsNaN: false),
        _ => Float8(bits, exponentBits: 5, bias: 16, infinities: false, negativeZeroIsNaN: true),
    };

    // The four 8-bit formats of "FP8 Formats for Deep Learning" (Micikevicius et al., 2022) and their FNUZ variants.
    private static float Float8(int bits, int exponentBits, int bias, bool infinities, bool negativeZeroIsNaN)
    {
        int mantissaBits = 7 - exponentBits;
        int mantissa = bits & ((1 << mantissaBits) - 1);
        int exponent = (bits >> mantissaBits) & ((1 << exponentBits) - 1);
        float sign = (bits & 0x80) != 0 ? -1f : 1f;
        bool allOnes = exponent == (1 << exponentBits) - 1;
        if (negativeZeroIsNaN ? bits == 0x80 : allOnes && (infinities ? mantissa != 0 : mantissa == (1 << mantissaBits) - 1))
        {
            return float.NaN;
        }

        if (infinities && allOnes)
        {
            return sign * float.PositiveInfinity;
        }

        return exponent == 0
            ? sign * MathF.ScaleB(mantissa, 1 - bias - mantissaBits)
            : sign * MathF.ScaleB(mantissa + (1 << mantissaBits), exponent - bias - mantissaBits);
    }

    private InputException WrongCount(string path, ClippedText found) =>
        new($"'{path}': tensor '{Name}' of shape [{string.Join(", ", Dimensions)}] has {found}; copy the file again.");

    private InputException Unsupported(string path) =>
        new($"'{path}': tensor '{Name}' has elements of type {Type}, which is not supported.");
}
