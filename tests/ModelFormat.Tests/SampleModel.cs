using System.Runtime.InteropServices;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.ModelFormat.Tests;

/// <summary>Small valid files that tests read and damage.</summary>
internal static class SampleModel
{
    /// <summary>3 → 2 LeakyReLU → 1 Sigmoid in float32, with every kind of metadata.</summary>
    internal static byte[] Float32()
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, 3], 0);
        int hidden = builder.AddTensor(TensorType.Float32, [1, 2], 64);
        int output = builder.AddTensor(TensorType.Float32, [1, 1], 0);
        int w1 = Floats(builder, [2, 3], 0.5f, -1f, 0.25f, 1f, 2f, -0.5f);
        int b1 = Floats(builder, [2], 0.1f, -0.2f);
        int w2 = Floats(builder, [1, 2], 1.5f, -2f);
        builder.AddInput(input);
        builder.AddOutput(output, OutputRole.Probability);
        builder.AddOperator(Opcode.Dense, [input, w1, b1], [hidden], [(int)ActivationKind.LeakyReLU, Bits(0.01f), 0, 0, 0, 0]);
        builder.AddOperator(Opcode.Dense, [hidden, w2, -1], [output], [(int)ActivationKind.Sigmoid, 0, 0, 0, 0, 0]);
        builder.AddText(MetadataKey.Name, "sample");
        builder.AddTextList(MetadataKey.Labels, ["no", "yes, täglich"]);
        builder.AddFloats(MetadataKey.Threshold, [0.25f]);
        builder.AddBytes(MetadataKey.SourceHash, new byte[32]);
        return builder.Build();
    }

    /// <summary>4 → 3 with table → 2 → Softmax in int8, between a Quantize with feature scales and a Dequantize.</summary>
    internal static byte[] Int8()
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, 4], 0);
        int quantized = builder.AddTensor(TensorType.Int8, [1, 4], 64, new TensorQuantization(1f, 0));
        int hidden = builder.AddTensor(TensorType.Int8, [1, 3], 128, new TensorQuantization(1f / 128, 0));
        int logits = builder.AddTensor(TensorType.Int8, [1, 2], 64, new TensorQuantization(0.1f, 5));
        int probabilities = builder.AddTensor(TensorType.Int8, [1, 2], 128, new TensorQuantization(1f / 256, -128));
        int output = builder.AddTensor(TensorType.Float32, [1, 2], 0);
        int offsets = Floats(builder, [4], 0f, 1f, -1f, 0.5f);
        int scales = Floats(builder, [4], 0.01f, 0.1f, 1f, 0.02f);
        int w1 = Bytes(builder, [3, 4], 1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11, -127);
        int b1 = Ints(builder, [3], 100, -100, 7);
        int m1 = Ints(builder, [3], 1 << 30, 1 << 30, 2000000000);
        int s1 = Shifts(builder, -4, -5, -6);
        int table = Bytes(builder, [256], [.. Enumerable.Range(-128, 256).Select(i => (sbyte)(127 * Math.Tanh(i / 40.0)))]);
        int w2 = Bytes(builder, [2, 3], 20, -30, 40, -50, 60, -70);
        int m2 = Ints(builder, [1], 1500000000);
        int s2 = Shifts(builder, -6);
        builder.AddInput(input);
        builder.AddOutput(output, OutputRole.Probability);
        builder.AddOperator(Opcode.Quantize, [input, offsets, scales], [quantized], []);
        builder.AddOperator(Opcode.Dense, [quantized, w1, b1, m1, s1, table], [hidden], [0, 0, 0, -128, 127, 3]);
        builder.AddOperator(Opcode.Dense, [hidden, w2, -1, m2, s2], [logits], [0, 0, 0, -128, 127, 5]);
        builder.AddOperator(Opcode.Softmax, [logits], [probabilities], [Bits(1f), 1717986918, 23, -248]);
        builder.AddOperator(Opcode.Dequantize, [probabilities], [output], []);
        return builder.Build();
    }

    private static int Bits(float value) => BitConverter.SingleToInt32Bits(value);

    private static int Floats(ModelBuilder builder, int[] shape, params float[] values) =>
        builder.AddConstant(TensorType.Float32, shape, MemoryMarshal.AsBytes<float>(values));

    private static int Ints(ModelBuilder builder, int[] shape, params int[] values) =>
        builder.AddConstant(TensorType.Int32, shape, MemoryMarshal.AsBytes<int>(values));

    private static int Shifts(ModelBuilder builder, params sbyte[] values) =>
        builder.AddConstant(TensorType.Int8, [values.Length], MemoryMarshal.AsBytes<sbyte>(values));

    private static int Bytes(ModelBuilder builder, int[] shape, params sbyte[] values) =>
        builder.AddConstant(TensorType.Int8, shape, MemoryMarshal.AsBytes<sbyte>(values), new TensorQuantization(0.01f, 0));
}
