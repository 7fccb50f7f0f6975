using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Keras;
using PureHDF;

namespace EdgeInference.Tool.Tests.Import.Keras;

/// <summary>How HDF5 keeps numbers: types, byte orders, chunks, none at all; and the stream that a reader of a hostile file reads from.</summary>
public sealed class KerasFileFormTests
{
    // A kernel of whole numbers of one type, as outputs for the input 1.
    [Fact]
    public void What_is_neither_a_real_number_nor_int8_is_no_weight()
    {
        foreach (Array kernel in new Array[] { new byte[,] { { 1, 2 } }, new short[,] { { 1, 2 } }, new int[,] { { 1, 2 } }, new ushort[,] { { 1, 2 } }, new long[,] { { 1, 2 } } })
        {
            Assert.Contains("has weights of [1, 2], expected [1, ?]", Assert.Throws<InputException>(() => Dense(kernel)).Message, StringComparison.Ordinal);
        }

        Assert.Contains("has int8 weights", Assert.Throws<InputException>(() => Dense(new sbyte[,] { { 1, 2 } })).Message, StringComparison.Ordinal);
        Assert.Equal([1f, 2f], KerasArrays.Run(Dense(new double[,] { { 1, 2 } }), [1f]));
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(3u)]
    [InlineData(7u)]
    public void Weights_in_chunks_are_read_in_their_order(uint chunk)
    {
        float[] numbers = [.. Enumerable.Range(0, 7).Select(i => i + 0.5f)];
        var data = new float[1, 7];
        Buffer.BlockCopy(numbers, 0, data, 0, 28);
        Assert.Equal(numbers, KerasArrays.Run(Import(new H5Dataset(data, chunks: [1, chunk])), [1f]));
    }

    // The bits of a datatype begin with the order of its bytes: 0x20 little, 0x21 big endian. The HDF5 reader knows the former.
    [Fact]
    public void Weights_of_big_endian_machines_are_refused_and_not_misread()
    {
        float[,] kernel = { { 1.5f, -2.25f, 3f } };
        byte[] file = Write(new H5Dataset(kernel));
        byte[] type = [0x11, 0x20, 0x1F, 0x00, 4, 0, 0, 0];
        byte[] numbers = [.. kernel.Cast<float>().SelectMany(BitConverter.GetBytes)];
        int at = file.AsSpan().IndexOf(numbers);
        int place = file.AsSpan().IndexOf(type);
        if (place < 0)
        {
            type[0] = 0x31;
            place = file.AsSpan().IndexOf(type);
        }

        Assert.True(place > 0 && at > 0);
        file[place + 1] = 0x21;
        for (int i = 0; i < 3; i++)
        {
            Array.Reverse(file, at + (4 * i), 4);
        }

        string message = Assert.Throws<InputException>(() => Import(file)).Message;
        Assert.Contains("Byte order", message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\n', message);
    }

    // As many elements as the file has bytes are four times too many.
    [Fact]
    public void A_shape_that_needs_more_bytes_than_the_file_has_is_refused()
    {
        byte[] file = Write(new H5Dataset(new float[1, 301]));
        int declared = file.Length / 2;
        byte[] sizes = BitConverter.GetBytes(301L);
        int changed = 0;
        for (int at = file.AsSpan().IndexOf(sizes); at >= 0; at = file.AsSpan().IndexOf(sizes))
        {
            BitConverter.GetBytes((long)declared).CopyTo(file, at);
            changed++;
        }

        Assert.InRange(changed, 1, 3);
        Assert.Contains($"declare the shape [1, {declared}], but the file is too short for it", Assert.Throws<InputException>(() => Import(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_weight_without_elements_is_refused() =>
        Assert.Throws<InputException>(() => Dense(new float[1, 0]));

    [Fact]
    public void The_stream_keeps_to_its_file()
    {
        var stream = new GuardedStream([1, 2, 3, 4, 5]);
        Assert.Equal((5, true, true, false), ((int)stream.Length, stream.CanRead, stream.CanSeek, stream.CanWrite));
        byte[] two = new byte[2];
        Assert.Equal(2, stream.Read(two, 0, 2));
        Assert.Equal([1, 2], two);
        Assert.Equal([1, 2], stream.LastRead.ToArray());
        Assert.Equal(3, stream.Seek(1, SeekOrigin.Current));
        Assert.Equal(2, stream.Read(two));
        Assert.Equal([4, 5], two);
        Assert.Equal(4, stream.Seek(-1, SeekOrigin.End));
        Assert.Equal(1, stream.Read(two));
        Assert.Equal([5], stream.LastRead.ToArray());
        Assert.Equal(0, stream.Read(two));
        Assert.Equal(5, stream.Position);
        Assert.Equal(1, stream.Seek(1, SeekOrigin.Begin));
        Assert.Equal(1, stream.Read(two, 1, 1));
        Assert.Equal([5, 2], two);
        stream.Position = 5;
        stream.Position = 0;
        Assert.Contains("refers to byte 6 of 5", Assert.Throws<InvalidDataException>(() => stream.Position = 6).Message, StringComparison.Ordinal);
        Assert.Contains("refers to byte -1 of 5", Assert.Throws<InvalidDataException>(() => stream.Seek(-1, SeekOrigin.Begin)).Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => stream.SetLength(1));
        Assert.Throws<NotSupportedException>(() => stream.Write(two, 0, 2));
    }

    // A mebibyte and 32 times the file, but not without end.
    [Fact]
    public void What_is_read_again_and_again_is_refused()
    {
        var stream = new GuardedStream(new byte[1 << 16]);
        byte[] all = new byte[1 << 16];
        for (int times = 0; times < 16 + 32; times++)
        {
            stream.Position = 0;
            Assert.Equal(all.Length, stream.Read(all));
        }

        stream.Position = 0;
        Assert.Equal(1, stream.Read(all.AsSpan(0, 1)));
        Assert.Throws<InvalidDataException>(() => stream.Read(all.AsSpan(0, 1)));
    }

    private static Graph Dense(Array kernel) => new KerasArchiveBuilder()
        .Layer("InputLayer", "x", """{"batch_shape": [null, 1]}""")
        .Layer("Dense", "dense", """{"use_bias": false}""")
        .Weights("dense", kernel)
        .Import();

    private static byte[] Write(H5Dataset kernel)
    {
        var stream = new MemoryStream();
        new H5File { ["layers"] = new H5Group { ["dense"] = new H5Group { ["vars"] = new H5Group { ["0"] = kernel } } } }.Write(stream);
        return stream.ToArray();
    }

    private static Graph Import(H5Dataset kernel) => Import(Write(kernel));

    private static Graph Import(byte[] weights)
    {
        byte[] config = """{"class_name": "Sequential", "config": {"layers": [{"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [null, 1]}}, {"class_name": "Dense", "config": {"name": "d", "use_bias": false}}]}}"""u8.ToArray();
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".keras");
        try
        {
            File.WriteAllBytes(path, KerasArchiveBuilder.Zip(("config.json", config), ("model.weights.h5", weights)));
            return KerasImporter.Import(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
