using System.Runtime.InteropServices;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.ModelFormat.Tests;

/// <summary>What the writer puts where, as docs/model-format.md says, read byte by byte.</summary>
public class ModelBuilderTests
{
    [Theory]
    [InlineData(TensorType.Int16, 2)]
    [InlineData(TensorType.Float32, 4)]
    [InlineData(TensorType.Int64, 8)]
    public void A_constant_is_aligned_to_its_elements(TensorType type, int size)
    {
        var builder = new ModelBuilder();
        builder.AddConstant(TensorType.Int8, [1], [1]);
        builder.AddConstant(type, [1], new byte[size]);
        Assert.Equal(2 * size, builder.ConstantBytes);
    }

    [Fact]
    public void A_large_constant_is_aligned_to_its_elements_too()
    {
        var builder = new ModelBuilder();
        builder.AddConstant(TensorType.Int8, [1], [1]);
        builder.AddConstant(TensorType.Int8, [4096], new byte[4096]);
        Assert.Equal(4097, builder.ConstantBytes);
    }

    [Fact]
    public void Constants_that_are_equal_in_all_are_one_tensor()
    {
        var builder = new ModelBuilder();
        byte[] zeros = new byte[8];
        var quantization = new TensorQuantization(1f, 0);
        Assert.Equal(0, builder.AddConstant(TensorType.Float32, [2], zeros));
        Assert.Equal(0, builder.AddConstant(TensorType.Float32, [2], zeros));
        Assert.Equal(8, builder.ConstantBytes);

        // Another type, shape, scale, zero point or element.
        Assert.Equal(1, builder.AddConstant(TensorType.Int32, [2], zeros));
        Assert.Equal(2, builder.AddConstant(TensorType.Float32, [2, 1], zeros));
        Assert.Equal(3, builder.AddConstant(TensorType.Int8, [8], zeros));
        Assert.Equal(4, builder.AddConstant(TensorType.Int8, [8], zeros, quantization));
        Assert.Equal(5, builder.AddConstant(TensorType.Int8, [8], zeros, quantization with { Scale = 2f }));
        Assert.Equal(6, builder.AddConstant(TensorType.Int8, [8], zeros, quantization with { ZeroPoint = 1 }));
        Assert.Equal(7, builder.AddConstant(TensorType.Float32, [2], [1, 0, 0, 0, 0, 0, 0, 0]));
        Assert.Equal(4, builder.AddConstant(TensorType.Int8, [8], zeros, quantization));
        Assert.Equal((64, 8), (builder.ConstantBytes, builder.TensorCount));
    }

    [Theory]
    [InlineData(0, 16, 64)]
    [InlineData(0, 64, 64)]
    [InlineData(0, 65, 128)]
    [InlineData(64, 64, 128)]
    [InlineData(60, 8, 128)]
    public void An_arena_ends_with_its_last_tensor_and_a_multiple_of_64(int offset, int bytes, int expected)
    {
        var builder = new ModelBuilder();
        builder.AddTensor(TensorType.Int8, [bytes], offset);
        builder.AddTensor(TensorType.Int8, [1], 0);
        Assert.Equal(expected, builder.ArenaBytes);
    }

    [Fact]
    public void A_text_has_32767_bytes_at_the_most()
    {
        var builder = new ModelBuilder();
        builder.AddInput(builder.AddTensor(TensorType.Float32, [1], 0), new string('a', 32767));
        Assert.Throws<ArgumentException>(() => builder.AddInput(0, new string('a', 32768)));
        Assert.Throws<ArgumentException>(() => builder.AddTextList(MetadataKey.Labels, [new string('a', 32768)]));
    }

    [Fact]
    public void A_record_of_the_contract_has_less_than_16_megabytes()
    {
        Assert.Throws<ArgumentException>(() => Built(builder => builder.AddBytes((MetadataKey)200, new byte[1 << 24])));
        byte[] file = Built(builder => builder.AddBytes((MetadataKey)200, new byte[(1 << 24) - 1]));
        Assert.Equal((1 << 24) - 1, ModelFile.Read(new ModelBytes(file)).Metadata.PayloadLength((MetadataKey)200));
    }

    [Fact]
    public void Sections_stand_in_their_order_with_their_bytes()
    {
        byte[] file = Built(builder =>
        {
            builder.AddTensorNames(["x"]);
            builder.AddSelfTest([1f], MemoryMarshal.AsBytes<float>([2f]));
        });

        // Tensors, operators of which there are none, contract, names, vectors; no constants.
        Assert.Equal(5, BitConverter.ToUInt16(file, 22));
        Assert.Equal([1, 2, 3, 5, 6], Enumerable.Range(0, 5).Select(i => BitConverter.ToInt32(file, 24 + (8 * i))));
        Assert.Equal([8, 0, 15, 2, 8], Enumerable.Range(0, 5).Select(i => BitConverter.ToInt32(file, 28 + (8 * i))));
        Assert.Equal([1, 1, 0, 0, 0, 0, 1, 0], file[64..72]);
        Assert.Equal([1, 3, 0, 0, 0, 0, 0, 2, 4, 0, 0, 0, 0, 5, 0], file[72..87]);
        Assert.Equal([1, (byte)'x'], file[88..90]);
        Assert.Equal([1f, 2f], MemoryMarshal.Cast<byte, float>(file.AsSpan(92)).ToArray());
        Assert.Equal((3, 0, file.Length, 64, 0), (BitConverter.ToUInt16(file, 4), BitConverter.ToUInt16(file, 6), BitConverter.ToInt32(file, 8), BitConverter.ToInt32(file, 16), BitConverter.ToUInt16(file, 20)));
    }

    [Fact]
    public void Parameters_take_as_few_bytes_as_they_need()
    {
        foreach ((int value, int code) in new[] { (0, 0), (1, 1), (-1, 1), (127, 1), (-128, 1), (128, 2), (-129, 2), (32767, 2), (-32768, 2), (32768, 3), (-32769, 3), (int.MaxValue, 3), (int.MinValue, 3) })
        {
            var builder = new ModelBuilder();
            int x = builder.AddTensor(TensorType.Int32, [1, 1], 0);
            int y = builder.AddTensor(TensorType.Int32, [2, 1], 64);
            builder.AddInput(x);
            builder.AddOutput(y);
            builder.AddOperator(Opcode.Pad, [x], [y], [0, 0, 0, 0, 0, 0, 0, value]);
            byte[] file = builder.Build();
            int codes = ModelFile.Read(new ModelBytes(file)).Operators[0].Offset + 8;
            Assert.Equal(code << 6, file[codes + 1]);
            byte[] bytes = file[(codes + 2)..(codes + 2 + (code == 3 ? 4 : code))];
            Assert.Equal(BitConverter.GetBytes(value)[..bytes.Length], bytes);
            Assert.Equal(value, ModelFile.Read(new ModelBytes(file)).Operators[0].Int(7));
        }
    }

    [Fact]
    public void A_float_parameter_takes_four_bytes_though_its_bits_are_few()
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1], 0);
        int y = builder.AddTensor(TensorType.Float32, [1], 4);
        builder.AddInput(x);
        builder.AddOutput(y);
        builder.AddOperator(Opcode.Activation, [x], [y], [(int)ActivationKind.LeakyReLU, 1, 0]);
        Assert.Equal(float.Epsilon, ModelFile.Read(new ModelBytes(builder.Build())).Operators[0].Float(1));
    }

    private static byte[] Built(Action<ModelBuilder> more)
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1], 0);
        builder.AddInput(x);
        builder.AddOutput(x, OutputRole.Value);
        more(builder);
        return builder.Build();
    }
}
