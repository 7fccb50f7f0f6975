using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Runtime.Tests;

/// <summary>Models small enough to be written by hand.</summary>
internal static class SmallModels
{
    /// <summary>y = sigmoid(weight · Σx + bias) over <paramref name="inputs"/> features, in float32.</summary>
    internal static byte[] Sigmoid(int inputs = 4, float weight = 1f, float bias = 0f, string name = "small")
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, inputs], 0);
        int output = builder.AddTensor(TensorType.Float32, [1, 1], 64 * (((inputs * 4) + 63) / 64));
        float[] weights = [.. Enumerable.Repeat(weight, inputs)];
        int w = builder.AddConstant(TensorType.Float32, [1, inputs], MemoryMarshal.AsBytes<float>(weights));
        int b = builder.AddConstant(TensorType.Float32, [1], MemoryMarshal.AsBytes<float>([bias]));
        builder.AddOperator(Opcode.Dense, [input, w, b], [output], [(int)ActivationKind.Sigmoid, 0, 0, 0, 0, 0]);
        builder.AddInput(input);
        builder.AddOutput(output, OutputRole.Probability);
        builder.AddText(MetadataKey.Name, name);
        return builder.Build();
    }

    /// <summary>A model that gives its inputs, with a role and a threshold in the file.</summary>
    internal static byte[] Values(int width, OutputRole role, float? threshold, int outputs = 1)
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, width], 0);
        builder.AddInput(input);
        for (int i = 0; i < outputs; i++)
        {
            int output = builder.AddTensor(TensorType.Float32, [1, width], 64 * (i + 1));
            builder.AddOperator(Opcode.Activation, [input], [output], [(int)ActivationKind.Linear, 0, 0]);
            builder.AddOutput(output, role);
        }

        if (threshold is { } value)
        {
            builder.AddFloats(MetadataKey.Threshold, [value]);
        }

        return builder.Build();
    }
}
