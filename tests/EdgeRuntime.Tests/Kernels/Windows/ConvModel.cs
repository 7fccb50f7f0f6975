using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime.Tests.Kernels.Dense;

namespace EdgeInference.Runtime.Tests.Kernels.Windows;

/// <summary>Models of one convolution or pooling, with tensors packed as tightly as the format allows, so that a kernel that writes beyond its output damages its own input.</summary>
internal static class ConvModel
{
    internal static byte[] Float32(Random random, ConvShape shape, ActivationKind activation, bool bias)
    {
        var builder = new ModelBuilder();
        (int input, int output) = Images(builder, shape, TensorType.Float32, shape.Units, null, null);
        int weights = builder.AddConstant(TensorType.Float32, WeightShape(shape), MemoryMarshal.AsBytes<float>(DenseModel.Draw(random, shape.Units * shape.WeightsPerUnit)));
        int[] inputs = bias
            ? [input, weights, builder.AddConstant(TensorType.Float32, [shape.Units], MemoryMarshal.AsBytes<float>(DenseModel.Draw(random, shape.Units)))]
            : [input, weights];
        int[] parameters = Windows(shape);
        parameters[DenseRule.Activation] = (int)activation;
        parameters[DenseRule.Alpha] = BitConverter.SingleToInt32Bits(0.01f);
        builder.AddOperator(Opcode.Conv, inputs, [output], parameters);
        return builder.Build();
    }

    /// <summary>Weights over the whole range, an input with a zero point, and multipliers that leave most outputs within the range.</summary>
    internal static byte[] Int8(Random random, ConvShape shape, bool bias) => Int8(random, shape, bias ? 100_000 : 0, -12, -5);

    /// <summary>The same with biases of either sign up to a bound, none for 0, shifts between two bounds, and all weights one if it is given.</summary>
    internal static byte[] Int8(Random random, ConvShape shape, int largestBias, int lowestShift, int highestShift, sbyte? weight = null)
    {
        var builder = new ModelBuilder();
        int zeroPoint = random.Next(-128, 128);
        (int input, int output) = Images(builder, shape, TensorType.Int8, shape.Units, new TensorQuantization(0.1f, random.Next(-128, 128)), new TensorQuantization(0.1f, zeroPoint));
        byte[] weights = new byte[shape.Units * shape.WeightsPerUnit];
        random.NextBytes(weights);
        if (weight is { } all)
        {
            Array.Fill(weights, (byte)all);
        }

        int[] multipliers = [.. Enumerable.Range(0, shape.Units).Select(_ => random.Next(1 << 30, int.MaxValue))];
        int[] shifts = [.. Enumerable.Range(0, shape.Units).Select(_ => random.Next(lowestShift, highestShift + 1))];
        int[] inputs =
        [
            input,
            builder.AddConstant(TensorType.Int8, WeightShape(shape), weights, new TensorQuantization(0.01f, 0)),
            largestBias > 0 ? builder.AddConstant(TensorType.Int32, [shape.Units], MemoryMarshal.AsBytes<int>(Enumerable.Range(0, shape.Units).Select(_ => random.Next(-largestBias, largestBias)).ToArray())) : -1,
            builder.AddConstant(TensorType.Int32, [shape.Units], MemoryMarshal.AsBytes<int>(multipliers)),
            builder.AddConstant(TensorType.Int8, [shape.Units], MemoryMarshal.AsBytes<sbyte>(Array.ConvertAll(shifts, Convert.ToSByte))),
        ];
        int[] parameters = Windows(shape);
        parameters[DenseRule.Min] = random.Next(-128, 0);
        parameters[DenseRule.Max] = random.Next(0, 128);
        parameters[DenseRule.ZeroPoint] = zeroPoint;
        builder.AddOperator(Opcode.Conv, inputs, [output], parameters);
        return builder.Build();
    }

    /// <summary>int16 activations, weights of either sign or near a bound, int64 biases of either sign, and multipliers that leave most outputs within the range.</summary>
    internal static byte[] Int16(Random random, ConvShape shape, bool bias, int nearWeight = 0)
    {
        var builder = new ModelBuilder();
        (int input, int output) = Images(builder, shape, TensorType.Int16, shape.Units, new TensorQuantization(0.1f, 0), new TensorQuantization(0.1f, 0));
        sbyte[] weights = [.. Enumerable.Range(0, shape.Units * shape.WeightsPerUnit).Select(_ => (sbyte)(nearWeight == 0 ? random.Next(-128, 128) : random.Next(nearWeight * 15 / 16, nearWeight)))];
        int[] multipliers = [.. Enumerable.Range(0, shape.Units).Select(_ => random.Next(1 << 30, int.MaxValue))];
        int[] shifts = [.. Enumerable.Range(0, shape.Units).Select(_ => random.Next(-12, -5))];
        int[] inputs =
        [
            input,
            builder.AddConstant(TensorType.Int8, WeightShape(shape), MemoryMarshal.AsBytes<sbyte>(weights), new TensorQuantization(0.01f, 0)),
            bias ? builder.AddConstant(TensorType.Int64, [shape.Units], MemoryMarshal.AsBytes<long>(Enumerable.Range(0, shape.Units).Select(_ => random.NextInt64(-1L << 30, 1L << 30)).ToArray())) : -1,
            builder.AddConstant(TensorType.Int32, [shape.Units], MemoryMarshal.AsBytes<int>(multipliers)),
            builder.AddConstant(TensorType.Int8, [shape.Units], MemoryMarshal.AsBytes<sbyte>(Array.ConvertAll(shifts, Convert.ToSByte))),
        ];
        int[] parameters = Windows(shape);
        parameters[DenseRule.Min] = random.Next(-32768, 0);
        parameters[DenseRule.Max] = random.Next(0, 32768);
        builder.AddOperator(Opcode.Conv, inputs, [output], parameters);
        return builder.Build();
    }

    /// <summary>A pooling of the shape's windows, channel by channel.</summary>
    internal static byte[] Pool(Random random, ConvShape shape, Opcode opcode, TensorType type)
    {
        var builder = new ModelBuilder();
        TensorQuantization? quantization = type == TensorType.Float32 ? null : new TensorQuantization(0.1f, type == TensorType.Int8 ? random.Next(-128, 128) : 0);
        (int input, int output) = Images(builder, shape, type, shape.Channels, quantization, quantization);
        int[] parameters = new int[OperatorNames.Parameters(Opcode.MaxPool).Length];
        for (int i = 0; i < 2; i++)
        {
            parameters[PoolRule.Kernel + i] = shape.Kernel[i];
            parameters[PoolRule.Stride + i] = shape.Stride[i];
            parameters[PoolRule.Dilation + i] = shape.Dilation[i];
            parameters[PoolRule.Pad + i] = shape.Pad[i];
            parameters[PoolRule.PadEnd + i] = random.Next(4);
        }

        parameters[PoolRule.CountIncludePad] = random.Next(2);
        parameters[PoolRule.Min] = random.Next(-128, 0);
        parameters[PoolRule.Min + 1] = random.Next(0, 128);
        builder.AddOperator(opcode, [input], [output], parameters);
        return builder.Build();
    }

    private static int[] WeightShape(ConvShape shape) => [shape.Units, shape.Kernel[0], shape.Kernel[1], shape.ChannelsPerGroup];

    private static (int Input, int Output) Images(ModelBuilder builder, ConvShape shape, TensorType type, int outputChannels, TensorQuantization? input, TensorQuantization? output)
    {
        int[] outputShape = [shape.Batch, shape.Output[0], shape.Output[1], outputChannels];
        int result = builder.AddTensor(type, outputShape, 0, output);
        int outputBytes = outputShape.Aggregate(TensorTypes.SizeOf(type), (product, size) => product * size);
        int source = builder.AddTensor(type, [shape.Batch, shape.Height, shape.Width, shape.Channels], outputBytes, input);
        builder.AddInput(source);
        builder.AddOutput(result);
        return (source, result);
    }

    internal static int[] Windows(ConvShape shape)
    {
        int[] parameters = new int[OperatorNames.Parameters(Opcode.Conv).Length];
        for (int i = 0; i < 2; i++)
        {
            parameters[ConvRule.Stride + i] = shape.Stride[i];
            parameters[ConvRule.Dilation + i] = shape.Dilation[i];
            parameters[ConvRule.Pad + i] = shape.Pad[i];
        }

        parameters[ConvRule.Groups] = shape.Groups;
        return parameters;
    }
}
