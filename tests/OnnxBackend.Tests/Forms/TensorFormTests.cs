using EdgeInference.ModelConverter.Import.Onnx;
using OnnxBackend.Tests.Operators;

namespace OnnxBackend.Tests.Forms;

/// <summary>Every form in which a file may hold the elements of a tensor, and counts one off.</summary>
public class TensorFormTests
{
    private const int FloatList = 4;
    private const int Int32List = 5;
    private const int Int64List = 7;
    private const int RawBytes = 9;
    private const int DoubleList = 10;
    private const int UInt64List = 11;

    [Theory]
    [InlineData(OnnxElementType.Float32, new byte[] { 0, 0, 192, 63, 0, 0, 32, 192 }, new[] { 1.5f, -2.5f })]
    [InlineData(OnnxElementType.Float64, new byte[] { 0, 0, 0, 0, 0, 0, 248, 63 }, new[] { 1.5f })]
    [InlineData(OnnxElementType.Float16, new byte[] { 0, 0x3e, 0xff, 0x7b, 1, 0 }, new[] { 1.5f, 65504f, 5.9604645e-08f })]
    [InlineData(OnnxElementType.BFloat16, new byte[] { 0xc0, 0x3f, 0x20, 0xc0 }, new[] { 1.5f, -2.5f })]
    [InlineData(OnnxElementType.Int64, new byte[] { 0, 0, 0, 0, 1, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255 }, new[] { 4294967296f, -1f })]
    [InlineData(OnnxElementType.UInt64, new byte[] { 255, 255, 255, 255, 255, 255, 255, 255 }, new[] { 18446744073709551615f })]
    [InlineData(OnnxElementType.Int32, new byte[] { 0, 0, 0, 128, 255, 255, 255, 255 }, new[] { -2147483648f, -1f })]
    [InlineData(OnnxElementType.UInt32, new byte[] { 0, 0, 0, 128 }, new[] { 2147483648f })]
    [InlineData(OnnxElementType.Int16, new byte[] { 0, 128, 255, 127 }, new[] { -32768f, 32767f })]
    [InlineData(OnnxElementType.UInt16, new byte[] { 0, 128, 255, 255 }, new[] { 32768f, 65535f })]
    [InlineData(OnnxElementType.Int8, new byte[] { 128, 127, 255 }, new[] { -128f, 127f, -1f })]
    [InlineData(OnnxElementType.UInt8, new byte[] { 128, 127, 255 }, new[] { 128f, 127f, 255f })]
    [InlineData(OnnxElementType.Bool, new byte[] { 0, 1, 1 }, new[] { 0f, 1f, 1f })]
    [InlineData(OnnxElementType.Int4, new byte[] { 0x78, 0x0f }, new[] { -8f, 7f, -1f })]
    [InlineData(OnnxElementType.UInt4, new byte[] { 0x78, 0x0f }, new[] { 8f, 7f, 15f })]

    // Of "FP8 Formats for Deep Learning": 1, the largest, the least, −2, and what is no number.
    [InlineData(OnnxElementType.Float8E4M3FN, new byte[] { 0x38, 0x7e, 0x01, 0xc0, 0x7f, 0xff, 0x80 }, new[] { 1f, 448f, 0.001953125f, -2f, float.NaN, float.NaN, -0f })]
    [InlineData(OnnxElementType.Float8E4M3FNUZ, new byte[] { 0x40, 0x7f, 0x01, 0xc8, 0x80 }, new[] { 1f, 240f, 0.0009765625f, -2f, float.NaN })]
    [InlineData(OnnxElementType.Float8E5M2, new byte[] { 0x3c, 0x7b, 0x01, 0xc0, 0x7d, 0x7e, 0x7f, 0x7c, 0xfc }, new[] { 1f, 57344f, 1.52587890625e-05f, -2f, float.NaN, float.NaN, float.NaN, float.PositiveInfinity, float.NegativeInfinity })]
    [InlineData(OnnxElementType.Float8E5M2FNUZ, new byte[] { 0x40, 0x7f, 0x01, 0xc4, 0x80 }, new[] { 1f, 57344f, 7.62939453125e-06f, -2f, float.NaN })]
    public void Raw_bytes_are_the_numbers_of_their_type(object kind, byte[] raw, float[] expected)
    {
        var type = (OnnxElementType)kind;
        Assert.Equal(expected, Tensor(type, expected.Length, message => message.Bytes(RawBytes, raw)).ToFloats("m"));
        foreach (byte[] wrong in (byte[][])[raw[1..], [.. raw, 0]])
        {
            string said = Assert.Throws<InputException>(() => Tensor(type, expected.Length, message => message.Bytes(RawBytes, wrong)).ToFloats("m")).Message;
            Assert.Contains($"has {wrong.Length} bytes but its shape and type need {raw.Length}", said, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(OnnxElementType.Int32, Int32List, new[] { -70000L, 7 }, new[] { -70000f, 7f })]
    [InlineData(OnnxElementType.Int16, Int32List, new[] { -32768L, 7 }, new[] { -32768f, 7f })]
    [InlineData(OnnxElementType.UInt16, Int32List, new[] { 65535L }, new[] { 65535f })]
    [InlineData(OnnxElementType.Int8, Int32List, new[] { -128L, 127 }, new[] { -128f, 127f })]
    [InlineData(OnnxElementType.UInt8, Int32List, new[] { 255L }, new[] { 255f })]
    [InlineData(OnnxElementType.Bool, Int32List, new[] { 0L, 1, 1 }, new[] { 0f, 1f, 1f })]
    [InlineData(OnnxElementType.Float16, Int32List, new[] { 0x3e00L, 0x7bff }, new[] { 1.5f, 65504f })]
    [InlineData(OnnxElementType.BFloat16, Int32List, new[] { 0x3fc0L, 0xc020 }, new[] { 1.5f, -2.5f })]
    [InlineData(OnnxElementType.Int64, Int64List, new[] { 4294967296L, -1 }, new[] { 4294967296f, -1f })]
    [InlineData(OnnxElementType.UInt32, UInt64List, new[] { 4294967295L }, new[] { 4294967295f })]
    [InlineData(OnnxElementType.UInt64, UInt64List, new[] { -1L, 5 }, new[] { 18446744073709551615f, 5f })]
    [InlineData(OnnxElementType.Int4, Int32List, new[] { 0x78L, 0x0f }, new[] { -8f, 7f, -1f })]
    [InlineData(OnnxElementType.UInt4, Int32List, new[] { 0x78L, 0x0f }, new[] { 8f, 7f, 15f })]
    [InlineData(OnnxElementType.Int4, Int32List, new[] { 0x78L }, new[] { -8f, 7f })]
    public void Lists_of_integers_are_the_numbers_of_their_type(object kind, int field, long[] list, float[] expected)
    {
        var type = (OnnxElementType)kind;
        Assert.Equal(expected, Tensor(type, expected.Length, message => list.Aggregate(message, (m, value) => m.Integer(field, value))).ToFloats("m"));

        // The same packed into one field.
        byte[] packed = [.. list.SelectMany(value => new OnnxBytes().Integer(1, value).ToArray()[1..])];
        Assert.Equal(expected, Tensor(type, expected.Length, message => message.Bytes(field, packed)).ToFloats("m"));
        foreach (int off in new[] { -2, 2 })
        {
            int count = expected.Length + off;
            if (count > 0)
            {
                Assert.Contains($"elements but its shape needs {count}", Assert.Throws<InputException>(() => Tensor(type, count, message => message.Bytes(field, packed)).ToFloats("m")).Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Lists_of_real_numbers_are_read_in_either_form()
    {
        float[] expected = [1.5f, -2.5f];
        Assert.Equal(expected, Tensor(OnnxElementType.Float32, 2, message => message.Float(FloatList, 1.5f).Float(FloatList, -2.5f)).ToFloats("m"));
        Assert.Equal(expected, Tensor(OnnxElementType.Float32, 2, message => message.Bytes(FloatList, [.. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(-2.5f)])).ToFloats("m"));
        byte[] doubles = [.. BitConverter.GetBytes(1.5), .. BitConverter.GetBytes(-2.5)];
        Assert.Equal(expected, Tensor(OnnxElementType.Float64, 2, message => message.Bytes(DoubleList, doubles)).ToFloats("m"));
        Assert.Throws<InputException>(() => Tensor(OnnxElementType.Float32, 3, message => message.Float(FloatList, 1.5f).Float(FloatList, -2.5f)).ToFloats("m"));
        Assert.Throws<InputException>(() => Tensor(OnnxElementType.Float32, 1, message => message.Float(FloatList, 1.5f).Float(FloatList, -2.5f)).ToFloats("m"));
        Assert.Throws<InputException>(() => Tensor(OnnxElementType.Float64, 3, message => message.Bytes(DoubleList, doubles)).ToFloats("m"));
    }

    [Fact]
    public void Double_precision_is_kept_where_it_is_asked_for()
    {
        double between = 0.1;
        Assert.Equal([between], Tensor(OnnxElementType.Float64, 1, message => message.Bytes(DoubleList, BitConverter.GetBytes(between))).ToDoubles("m"));
        Assert.Equal([between, 3], Tensor(OnnxElementType.Float64, 2, message => message.Bytes(RawBytes, [.. BitConverter.GetBytes(between), .. BitConverter.GetBytes(3.0)])).ToDoubles("m"));
        Assert.Equal([(double)0.1f], Tensor(OnnxElementType.Float32, 1, message => message.Float(FloatList, 0.1f)).ToDoubles("m"));
    }

    [Fact]
    public void Long_integers_are_kept_exactly()
    {
        long beyond = (1L << 53) + 1;
        Assert.Equal([beyond], Tensor(OnnxElementType.Int64, 1, message => message.Bytes(RawBytes, BitConverter.GetBytes(beyond))).ToLongs("m"));
        Assert.Equal([-beyond], Tensor(OnnxElementType.Int64, 1, message => message.Integer(Int64List, -beyond)).ToLongs("m"));
        Assert.Throws<InputException>(() => Tensor(OnnxElementType.Int32, 1, message => message.Integer(Int32List, 5)).ToLongs("m"));
    }

    [Theory]
    [InlineData(-1L, 1L)]
    [InlineData(1L << 31, 1L)]
    [InlineData(1L << 16, 1L << 15)]
    public void A_shape_that_no_tensor_has_is_refused(long rows, long columns)
    {
        OnnxTensor tensor = OnnxParser.ParseTensor(new OnnxBytes().Integer(1, rows).Integer(1, columns).Integer(2, 1).Text(8, "w").ToArray(), "m");
        Assert.Contains("which is not valid", Assert.Throws<InputException>(() => tensor.Shape("m")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_may_have_as_many_elements_as_an_int_counts()
    {
        OnnxTensor tensor = OnnxParser.ParseTensor(new OnnxBytes().Integer(1, int.MaxValue).Integer(1, 1).Integer(2, 1).Text(8, "w").ToArray(), "m");
        Assert.Equal([int.MaxValue, 1], tensor.Shape("m"));
    }

    // 7 at [0, 2] and −4 at [1, 1] of [2, 3], by both kinds of places.
    [Theory]
    [InlineData(new[] { 2L, 4 }, false, null)]
    [InlineData(new[] { 0L, 2, 1, 1 }, true, null)]
    [InlineData(new[] { 2L, 6 }, false, "has a value outside its shape")]
    [InlineData(new[] { -1L, 4 }, false, "has a value outside its shape")]
    [InlineData(new[] { 0L, 3, 1, 1 }, true, "has a value outside its shape")]
    [InlineData(new[] { 0L, 2, 2, 0 }, true, "has a value outside its shape")]
    [InlineData(new[] { 0L, 2, -1, 1 }, true, "has a value outside its shape")]
    [InlineData(new[] { 2L }, false, "has 1 indices but 2 values")]
    [InlineData(new[] { 2L, 4, 1 }, false, "has 3 indices but 2 values")]
    public void A_sparse_tensor_has_its_values_at_their_places(long[] places, bool byAxis, string? refusal)
    {
        OnnxBytes values = new OnnxBytes().Integer(1, 2).Integer(2, 1).Float(FloatList, 7).Float(FloatList, -4).Text(8, "w");
        OnnxBytes indices = byAxis ? new OnnxBytes().Integer(1, places.Length / 2).Integer(1, 2) : new OnnxBytes().Integer(1, places.Length);
        indices = places.Aggregate(indices.Integer(2, 7), (message, place) => message.Integer(Int64List, place)).Text(8, "places");
        OnnxBytes sparse = new OnnxBytes().Message(1, values).Message(2, indices).Integer(3, 2).Integer(3, 3);
        byte[] model = new ModelBuilder().Input("x", 2, 3).Sparse(sparse).Node("Add", ["x", "w"], ["y"]).Output("y").Build();
        if (refusal is not null)
        {
            Assert.Contains(refusal, Assert.Throws<InputException>(() => OnnxImporter.Import(model, "m.onnx")).Message, StringComparison.Ordinal);
            return;
        }

        Assert.Equal([1, 2, 10, 4, 1, 6], ModelFolder.Run(OnnxImporter.Import(model, "m.onnx"), 1, 2, 3, 4, 5, 6));
    }

    [Theory]
    [InlineData(8, null, null, null)]
    [InlineData(12, "4", null, null)]
    [InlineData(16, "4", "8", null)]
    [InlineData(12, "4", "8", null)]
    [InlineData(16, "0", "8", null)]
    [InlineData(16, null, "8", null)]
    [InlineData(11, "4", "8", "needs 8 bytes at 4")]
    [InlineData(8, "9", null, "needs -1 bytes at 9")]
    [InlineData(16, "4", "7", "has 7 bytes but")]
    [InlineData(16, "4", null, "has 12 bytes but")]
    [InlineData(16, "x", "8", "which is not a number")]
    public void External_elements_are_those_at_their_offset(int size, string? offset, string? length, string? refusal)
    {
        using var folder = new ModelFolder();
        float[] weights = [1.5f, -2.5f];
        int start = int.TryParse(offset, out int given) ? given : 0;
        byte[] file = new byte[size];
        byte[] bytes = [.. weights.SelectMany(BitConverter.GetBytes)];
        bytes.AsSpan(0, Math.Clamp(size - start, 0, bytes.Length)).CopyTo(file.AsSpan(Math.Min(start, size)));
        File.WriteAllBytes(Path.Combine(folder.Root, "w.bin"), file);
        byte[] model = External("w.bin", offset, length);
        if (refusal is not null)
        {
            Assert.Contains(refusal, Assert.Throws<InputException>(() => folder.Import(model)).Message, StringComparison.Ordinal);
            return;
        }

        Assert.Equal([2.5f, -0.5f], ModelFolder.Run(folder.Import(model), 1, 2));
    }

    [Fact]
    public void External_elements_outside_the_folder_of_the_model_are_refused()
    {
        using var folder = new ModelFolder();
        byte[] bytes = [.. new[] { 1.5f, -2.5f }.SelectMany(BitConverter.GetBytes)];
        string own = Path.Combine(folder.Root, "own");
        Directory.CreateDirectory(Path.Combine(own, "below"));

        // The neighbour's name begins as the folder's does.
        Directory.CreateDirectory(own + "er");
        File.WriteAllBytes(Path.Combine(own + "er", "w.bin"), bytes);
        File.WriteAllBytes(Path.Combine(folder.Root, "w.bin"), bytes);
        File.WriteAllBytes(Path.Combine(own, "below", "w.bin"), bytes);
        foreach (string location in (string[])["../w.bin", "../owner/w.bin", Path.Combine(folder.Root, "w.bin")])
        {
            string path = folder.Write(External(location, null, null), "own/m.onnx");
            Assert.Contains("is outside the model's folder", Assert.Throws<InputException>(() => OnnxImporter.Import(path)).Message, StringComparison.Ordinal);
        }

        Assert.Equal([2.5f, -0.5f], ModelFolder.Run(OnnxImporter.Import(folder.Write(External("below/w.bin", null, null), "own/m.onnx")), 1, 2));
        Assert.Contains("is not next to the model", Assert.Throws<InputException>(() => OnnxImporter.Import(folder.Write(External("none.bin", null, null), "own/m.onnx"))).Message, StringComparison.Ordinal);
        Assert.Contains("no location", Assert.Throws<InputException>(() => OnnxImporter.Import(folder.Write(External("", null, null), "own/m.onnx"))).Message, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(Path.Combine(own, "link.bin"), Path.Combine(folder.Root, "w.bin"));
            Assert.Contains("links outside", Assert.Throws<InputException>(() => OnnxImporter.Import(folder.Write(External("link.bin", null, null), "own/m.onnx"))).Message, StringComparison.Ordinal);
            File.CreateSymbolicLink(Path.Combine(own, "inside.bin"), Path.Combine(own, "below", "w.bin"));
            Assert.Equal([2.5f, -0.5f], ModelFolder.Run(OnnxImporter.Import(folder.Write(External("inside.bin", null, null), "own/m.onnx")), 1, 2));
        }
    }

    private static byte[] External(string location, string? offset, string? length)
    {
        OnnxBytes tensor = new OnnxBytes().Integer(1, 2).Integer(2, 1).Text(8, "w").Integer(14, 1).Message(13, new OnnxBytes().Text(1, "location").Text(2, location));
        tensor = offset is null ? tensor : tensor.Message(13, new OnnxBytes().Text(1, "offset").Text(2, offset));
        tensor = length is null ? tensor : tensor.Message(13, new OnnxBytes().Text(1, "length").Text(2, length));
        return new ModelBuilder().Input("x", 2).Constant(tensor).Node("Add", ["x", "w"], ["y"]).Output("y").Build();
    }

    private static OnnxTensor Tensor(OnnxElementType type, int elements, Func<OnnxBytes, OnnxBytes> fill) =>
        OnnxParser.ParseTensor(fill(new OnnxBytes().Integer(1, elements).Integer(2, (int)type).Text(8, "w")).ToArray(), "m");
}
