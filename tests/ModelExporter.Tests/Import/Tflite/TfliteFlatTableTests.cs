using System.Buffers.Binary;
using EdgeInference.ModelConverter.Import.Tflite;

namespace EdgeInference.Tool.Tests.Import.Tflite;

/// <summary>
/// FlatBuffers by hand: 0 offset to the table, 4 vtable (its bytes, the table's bytes, two slots), 12 table (distance to the vtable,
/// an integer, an offset to the vector), 24 vector (a count, two integers), 36 the end.
/// </summary>
public class TfliteFlatTableTests
{
    private const int VTable = 4;
    private const int Table = 12;
    private const int Field = 20;
    private const int Vector = 24;
    private const int Length = 36;

    [Fact]
    public void Fields_are_read_where_the_vtable_says()
    {
        FlatTable table = Root();
        Assert.Equal((0x01020304, 7, 9), (table.Int(0), table.Int(2, 7), table.Int(9, 9)));
        Assert.Equal([50, 60], table.Ints(1));
        Assert.Equal([(60L << 32) | 50], Root(bytes => Write(bytes, Vector, 1)).Longs(1));
        Assert.Equal([BitConverter.Int32BitsToSingle(50), BitConverter.Int32BitsToSingle(60)], table.Floats(1));
        Assert.Equal((true, true, false), (table.Has(0), table.Has(1), table.Has(2)));
        Assert.Equal("2", Root(bytes => Write(bytes, Vector, 1)).Text(1));
        Assert.Equal((0, 0f, "", 0, 0), (table.Byte(5), table.Float(5), table.Text(5), table.Ints(5).Length, table.Bytes(5).Length));
        Assert.False(table.Bool(5));
        Assert.Null(table.Table(5));
    }

    // Any number of tables may share a vector: a file of 2 MB could declare 10^10 tensors.
    [Fact]
    public void Vectors_are_read_as_often_as_a_file_of_their_size_needs()
    {
        FlatTable table = Root();
        for (int i = 0; i < (300_000 + (Length / 2)) / 2; i++)
        {
            Assert.Equal(2, table.Ints(1).Length);
        }

        Assert.Contains("refers to the same lists so often", Assert.Throws<InputException>(() => table.Ints(1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_has_a_sign_and_any_but_zero_is_true()
    {
        FlatTable table = Root(bytes => bytes[16] = 0xFF);
        Assert.Equal(-1, table.Byte(0));
        Assert.True(table.Bool(0));
    }

    [Fact]
    public void A_slot_behind_the_last_is_left_out()
    {
        Assert.Equal(7, Root(bytes => bytes[VTable] = 6).Int(1, 7));
        Assert.NotEqual(7, Root(bytes => bytes[VTable] = 8).Int(1, 7));
        Assert.Equal(7, Root(bytes => bytes[VTable + 4] = 0).Int(0, 7));
    }

    [Fact]
    public void A_vector_may_end_with_the_file_and_not_behind_it()
    {
        Assert.Equal(2, Root().Ints(1).Length);
        Refused(Vector, bytes => Write(bytes, Vector, 3), table => table.Ints(1));
        Refused(Vector, bytes => Write(bytes, Vector, 3), table => table.Floats(1));
        Refused(Vector, bytes => Write(bytes, Vector, -1), table => table.Ints(1));
        Assert.Equal(8, Root(bytes => Write(bytes, Vector, 8)).Bytes(1).Length);
        Refused(Vector, bytes => Write(bytes, Vector, 9), table => table.Bytes(1));
        Assert.Single(Root(bytes => Write(bytes, Vector, 1)).Longs(1));
        Refused(Vector, bytes => Write(bytes, Vector, 2), table => table.Longs(1));
        Refused(Vector, bytes => Write(bytes, Vector, 3), table => table.Tables(1, 10));
    }

    [Fact]
    public void An_offset_leads_forward_and_into_the_file()
    {
        Refused(Field, bytes => Write(bytes, Field, Length - Field), table => table.Ints(1));
        Refused(Field, bytes => Write(bytes, Field, -4), table => table.Ints(1));
        Refused(0, bytes => Write(bytes, 0, Length), _ => { });
        Refused(0, bytes => Write(bytes, 0, -1), _ => { });
    }

    [Fact]
    public void A_vtable_lies_in_the_file()
    {
        Refused(Table, bytes => Write(bytes, Table, Table + 1), _ => { });
        Refused(Table, bytes => Write(bytes, Table, Table - (Length - 3)), _ => { });
        FlatTable last = Root(bytes =>
        {
            Write(bytes, Table, Table - (Length - 4));
            Write(bytes, Length - 4, 4);
        });
        Assert.False(last.Has(0));
        Refused(VTable, bytes => bytes[VTable] = 3, _ => { });
        Refused(VTable, bytes => bytes[VTable] = Length - VTable + 1, _ => { });
        Assert.True(Root(bytes => bytes[VTable] = Length - VTable).Has(0));
    }

    [Fact]
    public void No_more_tables_than_asked_for_are_made()
    {
        // Each of the two leads back to nothing but a table: the elements are offsets to one behind the vector.
        static void TwoTables(byte[] bytes)
        {
            Write(bytes, Vector + 4, 8);
            Write(bytes, Vector + 8, 4);
        }

        byte[] file = [.. Bytes(TwoTables), .. new byte[8]];
        Write(file, Length, Length - VTable);
        Assert.Equal(2, new FlatFile(file, "x").Root().Tables(1, 2).Length);
        Assert.Contains("declares 2 tables at byte 28, more than 1", Assert.Throws<InputException>(() => new FlatFile(file, "x").Root().Tables(1, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_lies_in_the_file_with_all_its_bytes()
    {
        var file = new FlatFile(new byte[Length], "x");
        Assert.Equal(0, file.Byte(Length - 1) + file.UShort(Length - 2) + file.Int(Length - 4));
        Assert.Equal(0, file.Long(Length - 8) + file.Float(Length - 4) + file.Bytes(Length, 0).Length);
        foreach (Action read in new Action[]
        {
            () => file.Byte(Length), () => file.UShort(Length - 1), () => file.Int(Length - 3), () => file.Float(Length - 3), () => file.Long(Length - 7),
            () => file.Bytes(Length - 1, 2), () => file.Byte(-1), () => file.Bytes(0, -1), () => file.Bytes(int.MaxValue, int.MaxValue),
        })
        {
            Assert.Contains("refers to data outside the file", Assert.Throws<InputException>(read).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void What_is_too_short_for_its_mark_is_no_model(int length) =>
        Assert.Contains("'TFL3' is missing", Assert.Throws<InputException>(() => new TfliteFile(new byte[length], "x")).Message, StringComparison.Ordinal);

    [Fact]
    public void Another_mark_is_no_model()
    {
        byte[] model = OperatorCases.All[0].Model;
        Assert.NotEmpty(new TfliteFile(model, "x").Subgraphs);
        byte[] other = [.. model];
        other[7] = (byte)'4';
        Assert.Contains("'TFL3' is missing", Assert.Throws<InputException>(() => new TfliteFile(other, "x")).Message, StringComparison.Ordinal);
    }

    // The buffers of the model below are all one table.
    [Theory]
    [InlineData(100_000, false)]
    [InlineData(100_001, true)]
    public void A_file_declares_at_most_so_many_tables(int count, bool refused)
    {
        // 0 root, 4 mark, 8 vtable of five slots with the last two used, 22 pad, 24 model.
        var file = new byte[44 + (4 * count) + 8];
        Write(file, 0, 24);
        "TFL3"u8.CopyTo(file.AsSpan(4));
        Write(file, 8, 14 | (8 << 16));
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(20), 4);
        Write(file, 24, 24 - 8);
        Write(file, 28, 40 - 28);
        Write(file, 32, 4);
        Write(file, 40, count);
        // A table behind the vector, whose vtable, of no slots, is at 32.
        int table = 44 + (4 * count);
        Write(file, table, table - 32);
        for (int i = 0; i < count; i++)
        {
            Write(file, 44 + (4 * i), table - (44 + (4 * i)));
        }

        Assert.Contains(refused ? "more than 100000" : "has no subgraph", Assert.Throws<InputException>(() => new TfliteFile(file, "x")).Message, StringComparison.Ordinal);
    }

    private static void Refused(int at, Action<byte[]> damage, Action<FlatTable> read) =>
        Assert.Contains($"byte {at} refers to data outside", Assert.Throws<InputException>(() => read(Root(damage))).Message, StringComparison.Ordinal);

    private static FlatTable Root(Action<byte[]>? change = null) => new FlatFile(Bytes(change), "x.tflite").Root();

    private static byte[] Bytes(Action<byte[]>? change = null)
    {
        var bytes = new byte[Length];
        Write(bytes, 0, Table);
        Write(bytes, VTable, 8 | (12 << 16));
        Write(bytes, VTable + 4, 4 | (8 << 16));
        Write(bytes, Table, Table - VTable);
        Write(bytes, 16, 0x01020304);
        Write(bytes, Field, Vector - Field);
        Write(bytes, Vector, 2);
        Write(bytes, 28, 50);
        Write(bytes, 32, 60);
        change?.Invoke(bytes);
        return bytes;
    }

    private static void Write(byte[] bytes, int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
}
