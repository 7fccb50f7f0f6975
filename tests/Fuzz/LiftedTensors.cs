using System.Buffers.Binary;
using EdgeInference.ModelFormat;

namespace Fuzz;

/// <summary>Tensors and constants of a file of version 2 as version 3 has them.</summary>
/// <param name="old">The constants of version 2, null where there are none.</param>
internal sealed class LiftedTensors(byte[]? old) : IDisposable
{
    // Version 2 let tensors share constants; a few records could ask for any number of bytes.
    private const int MostConstants = 1 << 26;
    private readonly MemoryStream records = new();
    private readonly MemoryStream constants = new();
    private bool broken;

    internal byte[] Records => records.ToArray();

    internal byte[] Constants => constants.ToArray();

    /// <inheritdoc/>
    public void Dispose()
    {
        records.Dispose();
        constants.Dispose();
    }

    /// <summary>Adds a record of version 2.</summary>
    /// <param name="record">Its bytes.</param>
    /// <param name="isShift">Whether a layer's requantization shifts by it; int32 becomes int8 then.</param>
    internal void Add(ReadOnlySpan<byte> record, bool isShift)
    {
        int kind = record[0];
        bool quantized = (kind & 32) != 0;
        ReadOnlySpan<byte> dimensions = record[8..(quantized ? ^4 : ^0)];
        bool constant = ((kind >> 3) & 3) == (int)TensorStorage.Constant;
        bool shortens = isShift && constant && (kind & 7) == (int)TensorType.Int32;
        ReadOnlySpan<byte> zeroPoint = record[2..4];
        bool faulty = !quantized && BinaryPrimitives.ReadInt16LittleEndian(zeroPoint) != 0;
        kind = shortens ? kind ^ (int)TensorType.Int32 ^ (int)TensorType.Int8 : kind;
        records.WriteByte((byte)(faulty ? kind | 32 : kind));
        records.WriteByte(record[1]);
        records.Write(constant ? [] : record[4..8]);
        records.Write(dimensions);
        if (quantized || faulty)
        {
            // A scale of 0 is refused.
            records.Write(quantized ? record[^4..] : new byte[4]);
            records.Write(zeroPoint);
        }

        if (constant && !broken)
        {
            broken = !TryAddElements(record, Elements(dimensions, record[1], (kind & 64) != 0), shortens);
        }
    }

    // From the first constant that is not within the section on, none is.
    private bool TryAddElements(ReadOnlySpan<byte> record, long elements, bool shortens)
    {
        int size = TensorTypes.SizeOf((TensorType)(record[0] & 7));
        int offset = BinaryPrimitives.ReadInt32LittleEndian(record[4..]);
        if (old is null || size == 0 || elements < 1 || elements > MostConstants || offset < 0 || offset % size != 0 || elements * size > old.Length - offset || constants.Length > MostConstants)
        {
            return false;
        }

        while (constants.Length % (shortens ? 1 : size) != 0)
        {
            constants.WriteByte(0);
        }

        if (!shortens)
        {
            constants.Write(old, offset, (int)elements * size);
            return true;
        }

        // What int8 does not hold becomes its end, which is outside what a shift may be.
        for (int i = 0; i < elements; i++)
        {
            constants.WriteByte((byte)Math.Clamp(FormatLifter.I32(old, offset + (i * 4)), sbyte.MinValue, sbyte.MaxValue));
        }

        return true;
    }

    // 0 where a dimension is not above 0 or there are too many elements.
    private static long Elements(ReadOnlySpan<byte> dimensions, int rank, bool wide)
    {
        long elements = 1;
        for (int i = 0; i < rank; i++)
        {
            long size = wide ? BinaryPrimitives.ReadInt32LittleEndian(dimensions[(i * 4)..]) : BinaryPrimitives.ReadUInt16LittleEndian(dimensions[(i * 2)..]);
            elements = size < 1 ? 0 : Math.Min(elements * size, FormatLayout.MaxArenaBytes + 1L);
        }

        return elements;
    }
}
