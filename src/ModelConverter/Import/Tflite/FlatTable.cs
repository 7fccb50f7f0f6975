namespace EdgeInference.ModelConverter.Import.Tflite;

/// <summary>
/// One FlatBuffers table. Fields are named by their slot, counted from 0 in the order of the schema, a union taking two; a
/// field that the file leaves out has its default.
/// </summary>
internal readonly struct FlatTable
{
    private readonly FlatFile file;
    private readonly int position;
    private readonly int vtable;
    private readonly int slots;

    internal FlatTable(FlatFile file, int position)
    {
        this.file = file;
        this.position = position;
        long start = position - (long)file.Int(position);
        if (start < 0 || start > file.Length - 4)
        {
            throw file.Broken(position);
        }

        vtable = (int)start;
        int bytes = file.UShort(vtable);
        if (bytes < 4 || bytes > file.Length - vtable)
        {
            throw file.Broken(vtable);
        }

        slots = (bytes - 4) / 2;
    }

    internal bool Has(int slot) => Field(slot) != 0;

    internal bool Bool(int slot) => Byte(slot) != 0;

    internal sbyte Byte(int slot) => Field(slot) is var field and not 0 ? (sbyte)file.Byte(field) : (sbyte)0;

    internal int Int(int slot, int missing = 0) => Field(slot) is var field and not 0 ? file.Int(field) : missing;

    internal float Float(int slot) => Field(slot) is var field and not 0 ? file.Float(field) : 0f;

    internal string Text(int slot) => Vector(slot, 1, out int start) is var length and not 0 ? file.Text(start, length) : "";

    internal FlatTable? Table(int slot) => Field(slot) is var field and not 0 ? new FlatTable(file, file.Follow(field)) : null;

    /// <summary>The tables of a vector of tables, at most <paramref name="most"/>.</summary>
    internal FlatTable[] Tables(int slot, int most)
    {
        int length = Vector(slot, 4, out int start);
        if (length > most)
        {
            throw file.Wrong($"declares {length} tables at byte {start}, more than {most}");
        }

        var tables = new FlatTable[length];
        for (int i = 0; i < length; i++)
        {
            tables[i] = new FlatTable(file, file.Follow(start + (i * 4)));
        }

        return tables;
    }

    internal int[] Ints(int slot)
    {
        var values = new int[Vector(slot, 4, out int start)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = file.Int(start + (i * 4));
        }

        return values;
    }

    internal float[] Floats(int slot)
    {
        var values = new float[Vector(slot, 4, out int start)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = file.Float(start + (i * 4));
        }

        return values;
    }

    internal long[] Longs(int slot)
    {
        var values = new long[Vector(slot, 8, out int start)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = file.Long(start + (i * 8));
        }

        return values;
    }

    internal ReadOnlySpan<byte> Bytes(int slot)
    {
        int length = Vector(slot, 1, out int start);
        return length == 0 ? [] : file.Bytes(start, length);
    }

    private int Field(int slot)
    {
        if (slot >= slots)
        {
            return 0;
        }

        int offset = file.UShort(vtable + 4 + (slot * 2));
        return offset == 0 ? 0 : checked(position + offset);
    }

    // Number of elements, all of which lie in the file.
    private int Vector(int slot, int elementBytes, out int start)
    {
        start = 0;
        int field = Field(slot);
        if (field == 0)
        {
            return 0;
        }

        int vector = file.Follow(field);
        int length = file.Int(vector);
        start = vector + 4;
        if (length < 0 || length > (file.Length - (long)start) / elementBytes)
        {
            throw file.Broken(vector);
        }

        if (elementBytes > 1)
        {
            file.Count(length);
        }

        return length;
    }
}
