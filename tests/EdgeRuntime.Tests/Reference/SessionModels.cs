using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Runtime.Tests.Reference;

/// <summary>Models whose outputs can be told without arithmetic, for what sessions do around the kernels.</summary>
internal static class SessionModels
{
    /// <summary>What <see cref="Ports"/> takes: float32 [2], int8 [3], int16 [2], int32 [2], int64 [1].</summary>
    internal static readonly float[] PortInputs = [1.5f, -2.25f, 0.25f, -0.25f, 100f, 0.125f, -9000f, 7.9f, -7.9f, -12f];

    /// <summary>What it gives: int32, int16, float32, int64, int8.</summary>
    internal static readonly float[] PortOutputs = [7f, -7f, 0.25f, -8190.25f, 1.5f, -2.25f, -12f, 0.5f, -0.5f, 62f];

    /// <summary>Inputs of every type, which come out in another order.</summary>
    internal static byte[] Ports()
    {
        var builder = new ModelBuilder();
        int offset = 0;
        (TensorType Type, int[] Shape, TensorQuantization? Quantization)[] inputs =
        [
            (TensorType.Float32, [2], null),
            (TensorType.Int8, [3], new TensorQuantization(0.5f, 3)),
            (TensorType.Int16, [2], new TensorQuantization(0.25f, -7)),
            (TensorType.Int32, [2], null),
            (TensorType.Int64, [1], null),
        ];
        int[] tensors = [.. inputs.Select(input =>
        {
            int tensor = builder.AddTensor(input.Type, input.Shape, offset, input.Quantization);
            offset += 64;
            builder.AddInput(tensor);
            return tensor;
        })];
        foreach (int i in new[] { 3, 2, 0, 4, 1 })
        {
            int output = tensors[i];
            if (i != 4)
            {
                output = builder.AddTensor(inputs[i].Type, [1, inputs[i].Shape[0]], offset, inputs[i].Quantization);
                offset += 64;
                builder.AddOperator(Opcode.Reshape, [tensors[i]], [output], []);
            }

            builder.AddOutput(output);
        }

        return builder.Build();
    }

    /// <summary>Two sums that go on from inference to inference: state = state + x, which is the output too.</summary>
    /// <param name="selfTest">Inputs and outputs of self-test vectors, or none.</param>
    internal static byte[] Sums(params (float[] Input, float[] Output)[] selfTest)
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, 1, 2], 0);
        int all = builder.AddTensor(TensorType.Float32, [1, 1, 2], 64);
        int state = builder.AddTensor(TensorType.Float32, [1, 2], 128, storage: TensorStorage.State);
        int unit = builder.AddConstant(TensorType.Float32, [2, 2], MemoryMarshal.AsBytes<float>([1, 0, 0, 1]));
        builder.AddOperator(Opcode.RNN, [x, unit, unit, -1, state], [all, state], [(int)ActivationKind.Linear, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        builder.AddInput(x);
        builder.AddOutput(all);
        if (selfTest.Length > 0)
        {
            builder.AddSelfTest(selfTest.SelectMany(vector => vector.Input).ToArray(), MemoryMarshal.AsBytes<float>(selfTest.SelectMany(vector => vector.Output).ToArray()));
        }

        return builder.Build();
    }

    /// <summary>One layer on which rows can be done in blocks: y = x + 1 for each of <paramref name="width"/> values.</summary>
    internal static byte[] Plus(int width, params (float[] Input, float[] Output)[] selfTest)
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, width], 0);
        int y = builder.AddTensor(TensorType.Float32, [1, width], ((width * 4) + 63) / 64 * 64);
        float[] weights = new float[width * width];
        for (int i = 0; i < width; i++)
        {
            weights[(i * width) + i] = 1;
        }

        int w = builder.AddConstant(TensorType.Float32, [width, width], MemoryMarshal.AsBytes<float>(weights));
        int b = builder.AddConstant(TensorType.Float32, [width], MemoryMarshal.AsBytes<float>(Enumerable.Repeat(1f, width).ToArray()));
        builder.AddOperator(Opcode.Dense, [x, w, b], [y], [0, 0, 0, 0, 0, 0]);
        builder.AddInput(x);
        builder.AddOutput(y);
        if (selfTest.Length > 0)
        {
            builder.AddSelfTest(selfTest.SelectMany(vector => vector.Input).ToArray(), MemoryMarshal.AsBytes<float>(selfTest.SelectMany(vector => vector.Output).ToArray()));
        }

        return builder.Build();
    }

    /// <summary>x, repeated to 4 and then to 8; the last takes the place of the first, which is shorter.</summary>
    internal static byte[] Growing()
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1], 0);
        int four = builder.AddTensor(TensorType.Float32, [4], 64);
        int eight = builder.AddTensor(TensorType.Float32, [2, 4], 0);
        builder.AddOperator(Opcode.Expand, [x], [four], []);
        builder.AddOperator(Opcode.Expand, [four], [eight], []);
        builder.AddInput(x);
        builder.AddOutput(eight);
        return builder.Build();
    }

    /// <summary>Two tensors in, the same two out, in the other order where <paramref name="turned"/>.</summary>
    internal static byte[] Two(TensorType first, TensorType second, bool turned)
    {
        var builder = new ModelBuilder();
        var unit = new TensorQuantization(1f, 0);
        int a = builder.AddTensor(first, [1], 0, unit);
        int b = builder.AddTensor(second, [2], 64, unit);
        int c = builder.AddTensor(first, [1, 1], 128, unit);
        int d = builder.AddTensor(second, [1, 2], 192, unit);
        builder.AddOperator(Opcode.Reshape, [a], [c], []);
        builder.AddOperator(Opcode.Reshape, [b], [d], []);
        builder.AddInput(a);
        builder.AddInput(b);
        builder.AddOutput(turned ? d : c);
        builder.AddOutput(turned ? c : d);
        return builder.Build();
    }

    /// <summary>int8 in, int8 out, unchanged.</summary>
    internal static byte[] Codes(TensorType type, params (float[] Input, byte[] Output)[] selfTest)
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(type, [2], 0, new TensorQuantization(1f, 0));
        int y = builder.AddTensor(type, [1, 2], 64, new TensorQuantization(1f, 0));
        builder.AddOperator(Opcode.Reshape, [x], [y], []);
        builder.AddInput(x);
        builder.AddOutput(y);
        if (selfTest.Length > 0)
        {
            builder.AddSelfTest(selfTest.SelectMany(vector => vector.Input).ToArray(), selfTest.SelectMany(vector => vector.Output).ToArray());
        }

        return builder.Build();
    }
}
