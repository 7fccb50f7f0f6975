using System.Runtime.InteropServices;
using ModelFormat;
using ModelFormat.Rules;
using ModelFormat.Writing;

namespace EdgeRuntime.Tests.Kernels;

/// <summary>Seeded models of one Dense, with tensors packed as tightly as the format allows, so that a kernel that writes beyond its output damages its own input.</summary>
internal static class DenseModel
{
    internal static byte[] Float32(int rows, int depth, int units, ActivationKind activation, bool bias)
    {
        var random = new Random((rows * 7919) + (depth * 104729) + units);
        var builder = new ModelBuilder();
        int output = builder.AddTensor(TensorType.Float32, [rows, units], 0);
        int input = builder.AddTensor(TensorType.Float32, [rows, depth], rows * units * sizeof(float));
        int weights = builder.AddConstant(TensorType.Float32, [units, depth], MemoryMarshal.AsBytes<float>(Draw(random, units * depth)));
        int[] inputs = bias
            ? [input, weights, builder.AddConstant(TensorType.Float32, [units], MemoryMarshal.AsBytes<float>(Draw(random, units)))]
            : [input, weights];
        int[] parameters = new int[DenseRule.Parameters.Length];
        parameters[DenseRule.Activation] = (int)activation;
        parameters[DenseRule.Alpha] = BitConverter.SingleToInt32Bits(0.01f);
        builder.AddOperator(Opcode.Dense, inputs, [output], parameters);
        builder.AddInput(input);
        builder.AddOutput(output);
        return builder.Build();
    }

    /// <summary>Values in [−1, 1).</summary>
    internal static float[] Draw(Random random, int count)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (2f * random.NextSingle()) - 1f;
        }

        return values;
    }
}
