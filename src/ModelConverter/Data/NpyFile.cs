using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace EdgeInference.ModelConverter.Data;

/// <summary>Reads and writes numpy's .npy files of versions 1 to 3 (numpy.lib.format), little endian, in C or Fortran order; writes C order.</summary>
internal static partial class NpyFile
{
    private const int PrefixBytes = 10;
    private static readonly byte[] magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads an array of any number type as float32.</summary>
    /// <exception cref="InputException">The file is missing or not such an array.</exception>
    public static (int[] Shape, float[] Data) Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new InputException($"File '{path}' not found; check the path.");
        }

        return Parse(File.ReadAllBytes(path), path);
    }

    /// <summary>Reads an array from bytes; <paramref name="path"/> is for messages.</summary>
    public static (int[] Shape, float[] Data) Parse(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.Length < PrefixBytes + 2 || !bytes[..6].SequenceEqual(magic))
        {
            throw new InputException($"'{path}' is not a .npy file; write it with numpy.save.");
        }

        int start = bytes[6] == 1 ? PrefixBytes : PrefixBytes + 2;
        long headerBytes = bytes[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (headerBytes > bytes.Length - start)
        {
            throw new InputException($"'{path}' ends inside its header; copy it again.");
        }

        string header = Encoding.UTF8.GetString(bytes.Slice(start, (int)headerBytes));
        Match match = HeaderPattern().Match(header);
        if (!match.Success)
        {
            throw new InputException($"'{path}' is not a plain array of numbers; convert it to float32 and write it with numpy.save.");
        }

        string[] sizes = match.Groups["shape"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var shape = new int[sizes.Length];
        long elements = 1;
        for (int i = 0; i < sizes.Length; i++)
        {
            if (!int.TryParse(sizes[i], CultureInfo.InvariantCulture, out shape[i]) || (elements *= shape[i]) > bytes.Length)
            {
                throw new InputException($"'{path}' declares more elements than it has bytes; copy it again.");
            }
        }

        float[] data = Convert(bytes[(start + (int)headerBytes)..], match.Groups["type"].Value, (int)elements, path);
        return (shape, match.Groups["order"].Value == "True" ? ToRowMajor(shape, data) : data);
    }

    /// <summary>Writes a float32 array.</summary>
    public static byte[] Write(ReadOnlySpan<int> shape, ReadOnlySpan<float> data)
    {
        string sizes = string.Join(", ", shape.ToArray()) + (shape.Length == 1 ? "," : "");
        string header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({sizes}), }}";
        header = header.PadRight((((PrefixBytes + header.Length + 1 + 63) / 64) * 64) - PrefixBytes - 1) + "\n";
        byte[] file = new byte[PrefixBytes + header.Length + (data.Length * 4)];
        magic.CopyTo(file, 0);
        file[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(8), (ushort)header.Length);
        Encoding.ASCII.GetBytes(header, file.AsSpan(PrefixBytes));
        MemoryMarshal.AsBytes(data).CopyTo(file.AsSpan(PrefixBytes + header.Length));
        return file;
    }

    // Fortran order: the first axis varies fastest.
    private static float[] ToRowMajor(int[] shape, float[] data)
    {
        var result = new float[data.Length];
        for (int i = 0; i < data.Length; i++)
        {
            int rest = i;
            int index = 0;
            for (int axis = 0, stride = data.Length; axis < shape.Length; axis++)
            {
                stride /= shape[axis];
                index += rest % shape[axis] * stride;
                rest /= shape[axis];
            }

            result[index] = data[i];
        }

        return result;
    }

    private static float[] Convert(ReadOnlySpan<byte> data, string type, int elements, string path)
    {
        int size = type[^1] - '0';
        if (data.Length < (long)elements * size)
        {
            throw new InputException($"'{path}' ends before its last element; copy it again.");
        }

        var result = new float[elements];
        for (int i = 0; i < elements; i++)
        {
            ReadOnlySpan<byte> element = data[(i * size)..];
            result[i] = type[1..] switch
            {
                "f4" => BinaryPrimitives.ReadSingleLittleEndian(element),
                "f8" => (float)BinaryPrimitives.ReadDoubleLittleEndian(element),
                "f2" => (float)BinaryPrimitives.ReadHalfLittleEndian(element),
                "i1" => (sbyte)element[0],
                "u1" or "b1" => element[0],
                "i2" => BinaryPrimitives.ReadInt16LittleEndian(element),
                "u2" => BinaryPrimitives.ReadUInt16LittleEndian(element),
                "i4" => BinaryPrimitives.ReadInt32LittleEndian(element),
                "u4" => BinaryPrimitives.ReadUInt32LittleEndian(element),
                "i8" => BinaryPrimitives.ReadInt64LittleEndian(element),
                "u8" => BinaryPrimitives.ReadUInt64LittleEndian(element),
                _ => throw new InputException($"'{path}' has elements of type '{type}', which are not numbers; convert it to float32."),
            };
        }

        return result;
    }

    [GeneratedRegex(@"'descr':\s*'(?<type>[<|=][a-z]\d)'.*'fortran_order':\s*(?<order>\w+).*'shape':\s*\((?<shape>[\d,\s]*)\)")]
    private static partial Regex HeaderPattern();
}
