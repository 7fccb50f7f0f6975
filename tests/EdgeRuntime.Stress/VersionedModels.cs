using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Runtime.Stress;

/// <summary>A model for each version, so that a decision tells which version made it.</summary>
internal static class VersionedModels
{
    /// <summary>Large enough that writing the file takes a while.</summary>
    internal const int Inputs = 16 * 1024;

    /// <summary>y = sigmoid(Σx / inputs + version / 100) over <paramref name="inputs"/> features, with a self-test vector.</summary>
    internal static byte[] Create(ulong version, int inputs = Inputs)
    {
        byte[] plain = Build(version, inputs, []);
        using var model = EdgeModel.Load(plain);
        return Build(version, inputs, SelfTest.Outputs(model, [new float[inputs]]));
    }

    /// <summary>The model, signed with its version.</summary>
    internal static byte[] Signed(ulong version, ECDsa key, int inputs = Inputs) => ModelSignature.Sign(Create(version, inputs), key, version);

    /// <summary>What the model of a version is called in a folder of them.</summary>
    internal static string FileName(ulong version) => FormattableString.Invariant($"{version}.edge");

    private static byte[] Build(ulong version, int inputs, byte[] selfTestOutputs)
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, inputs], 0);
        int output = builder.AddTensor(TensorType.Float32, [1, 1], inputs * 4);
        float[] weights = [.. Enumerable.Repeat(1f / inputs, inputs)];
        int w = builder.AddConstant(TensorType.Float32, [1, inputs], MemoryMarshal.AsBytes<float>(weights));
        int b = builder.AddConstant(TensorType.Float32, [1], MemoryMarshal.AsBytes<float>([version % 500 / 100f]));
        builder.AddOperator(Opcode.Dense, [input, w, b], [output], [(int)ActivationKind.Sigmoid, 0, 0, 0, 0, 0]);
        builder.AddInput(input);
        builder.AddOutput(output, OutputRole.Probability);
        if (selfTestOutputs.Length > 0)
        {
            builder.AddSelfTest(new float[inputs], selfTestOutputs);
        }

        return builder.Build();
    }
}
