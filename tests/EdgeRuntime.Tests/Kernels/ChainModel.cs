using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime.Tests.Kernels.Dense;

namespace EdgeInference.Runtime.Tests.Kernels;

/// <summary>A seeded model that passes [1, 8] through every kernel that can do several inferences at once.</summary>
internal sealed class ChainModel
{
    private const int Width = 8;

    private readonly ModelBuilder builder = new();
    private readonly Random random = new(8);
    private int value;
    private int arena;

    private ChainModel() => value = Tensor(TensorType.Float32);

    internal static byte[] Build()
    {
        var chain = new ChainModel();
        chain.builder.AddInput(chain.value);
        chain.Float32();
        chain.Int16();
        chain.Int8();
        chain.Then(Opcode.Reshape, TensorType.Float32, [], new int[OperatorNames.Parameters(Opcode.Reshape).Length]);
        chain.builder.AddOutput(chain.value);
        return chain.builder.Build();
    }

    private void Float32()
    {
        int weights = builder.AddConstant(TensorType.Float32, [Width, Width], MemoryMarshal.AsBytes<float>(DenseModel.Draw(random, Width * Width)));
        Then(Opcode.Dense, TensorType.Float32, [weights], new int[OperatorNames.Parameters(Opcode.Dense).Length]);
        Then(Opcode.Activation, TensorType.Float32, [], With(OperatorNames.Parameters(Opcode.Activation), ActivationRule.Kind, (int)ActivationKind.Tanh));
        Then(Opcode.Unary, TensorType.Float32, [], With(OperatorNames.Parameters(Opcode.Unary), UnaryRule.Kind, (int)UnaryKind.Exp));
        Then(Opcode.Softmax, TensorType.Float32, [], With(OperatorNames.Parameters(Opcode.Softmax), SoftmaxRule.Beta, BitConverter.SingleToInt32Bits(1f)));
        Then(Opcode.LogSoftmax, TensorType.Float32, [], []);
        Features();
    }

    // The features in another order, as lines of two knots from -3 to 0.
    private void Features()
    {
        float[] values = [.. Enumerable.Range(0, Width).SelectMany(i => (float[])[0f, -3f, 0f, i, 0.25f])];
        Then(
            Opcode.FeatureTransform,
            TensorType.Float32,
            [
                builder.AddConstant(TensorType.Int8, [Width], [.. Enumerable.Range(0, Width).Select(i => (byte)(Width - 1 - i))]),
                builder.AddConstant(TensorType.Int8, [Width], new byte[Width]),
                builder.AddConstant(TensorType.Int8, [Width], [.. Enumerable.Repeat((byte)2, Width)]),
                builder.AddConstant(TensorType.Float32, [values.Length], MemoryMarshal.AsBytes<float>(values)),
            ],
            []);
    }

    private void Int16()
    {
        Then(Opcode.Quantize, TensorType.Int16, [], new int[OperatorNames.Parameters(Opcode.Quantize).Length]);
        byte[] halves = new byte[2 * Width * Width];
        random.NextBytes(halves);
        int weights = builder.AddConstant(TensorType.Int8, [Width, 2, Width], halves, new TensorQuantization(0.0001f, 0));
        int multipliers = builder.AddConstant(TensorType.Int32, [1], MemoryMarshal.AsBytes<int>([1 << 30]));
        int[] dense = With(OperatorNames.Parameters(Opcode.Dense), DenseRule.Min, short.MinValue);
        dense[DenseRule.Max] = short.MaxValue;
        Then(Opcode.Dense, TensorType.Int16, [weights, -1, multipliers, builder.AddConstant(TensorType.Int8, [1], [unchecked((byte)-14)])], dense);
        Then(Opcode.Reshape, TensorType.Int16, [], new int[OperatorNames.Parameters(Opcode.Reshape).Length]);
        Then(Opcode.Dequantize, TensorType.Float32, [], new int[OperatorNames.Parameters(Opcode.Dequantize).Length]);
    }

    private void Int8()
    {
        byte[] bytes = new byte[Width * Width];
        random.NextBytes(bytes);
        int weights = builder.AddConstant(TensorType.Int8, [Width, Width], bytes, new TensorQuantization(0.01f, 0));
        int multipliers = builder.AddConstant(TensorType.Int32, [1], MemoryMarshal.AsBytes<int>([1 << 30]));
        int shifts = builder.AddConstant(TensorType.Int8, [1], [unchecked((byte)-7)]);
        byte[] entries = new byte[256];
        random.NextBytes(entries);
        int table = builder.AddConstant(TensorType.Int8, [256], entries);
        Then(Opcode.Quantize, TensorType.Int8, [], new int[OperatorNames.Parameters(Opcode.Quantize).Length]);
        int[] dense = With(OperatorNames.Parameters(Opcode.Dense), DenseRule.Min, -128);
        dense[DenseRule.Max] = 127;
        dense[DenseRule.ZeroPoint] = -128;
        Then(Opcode.Dense, TensorType.Int8, [weights, -1, multipliers, shifts], dense);
        Then(Opcode.Table, TensorType.Int8, [table], new int[OperatorNames.Parameters(Opcode.Table).Length]);
        Then(Opcode.Reshape, TensorType.Int8, [], new int[OperatorNames.Parameters(Opcode.Reshape).Length]);
        int[] softmax = With(OperatorNames.Parameters(Opcode.Softmax), SoftmaxRule.Multiplier, 1 << 30);
        softmax[SoftmaxRule.LeftShift] = 20;
        softmax[SoftmaxRule.DifferenceMin] = -128;
        Then(Opcode.Softmax, TensorType.Int8, [], softmax);
        Then(Opcode.Dequantize, TensorType.Float32, [], new int[OperatorNames.Parameters(Opcode.Dequantize).Length]);
    }

    private static int[] With(string[] names, int parameter, int number)
    {
        int[] parameters = new int[names.Length];
        parameters[parameter] = number;
        return parameters;
    }

    private void Then(Opcode opcode, TensorType type, int[] constants, int[] parameters)
    {
        int output = Tensor(type);
        builder.AddOperator(opcode, [value, .. constants], [output], parameters);
        value = output;
    }

    private int Tensor(TensorType type)
    {
        int offset = arena;
        arena += 64;
        TensorQuantization? quantization = type == TensorType.Float32 ? null : new TensorQuantization(type == TensorType.Int8 ? 1f / 256 : 1f / 32768, type == TensorType.Int8 ? -128 : 0);
        return builder.AddTensor(type, [1, Width], offset, quantization);
    }
}
