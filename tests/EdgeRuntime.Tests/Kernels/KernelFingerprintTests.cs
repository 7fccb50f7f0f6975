using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Tests.Kernels.Dense;
using EdgeInference.Runtime.Tests.Kernels.Elementwise;
using EdgeInference.Runtime.Tests.Kernels.Windows;

namespace EdgeInference.Runtime.Tests.Kernels;

/// <summary>One hash over the outputs of many int8 layers, and of convolutions, sums, differences and products in int8 and int16; <see cref="InstructionSetTests"/> compares it between processors.</summary>
public class KernelFingerprintTests
{
    /// <summary>Environment variable with the file that the hash is written to.</summary>
    internal const string Variable = "EDGE_KERNEL_FINGERPRINT";

    private const int ConvShapes = 40;

    internal static string Compute(KernelSet kernels)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (int units in new[] { 1, 3, 8, 17, 40, 64, 100 })
        {
            foreach (Int8Output output in Enum.GetValues<Int8Output>())
            {
                Append(hash, DenseModel.Int8(2, 37, units, output, perChannel: true, bias: true), kernels);
            }
        }

        var random = new Random(11);
        for (int i = 0; i < ConvShapes; i++)
        {
            Append(hash, ConvModel.Int8(random, ConvShape.Draw(random), bias: true), kernels);
            Append(hash, ConvModel.Int16(random, ConvShape.Draw(random), bias: true), kernels);
        }

        foreach (Opcode opcode in new[] { Opcode.Add, Opcode.Sub, Opcode.Mul })
        {
            Append(hash, BinaryModel.Build(opcode, TensorType.Int8, [7, 45], [7, 45], [3, -9, 5], BinaryModel.Factors(random, opcode, TensorType.Int8)), kernels);
            Append(hash, BinaryModel.Build(opcode, TensorType.Int16, [7, 45], [7, 45], [0, 0, 5], BinaryModel.Factors(random, opcode, TensorType.Int16)), kernels);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, byte[] file, KernelSet kernels)
    {
        using EdgeModel model = EdgeModel.Load(file);
        using Session session = model.CreateSession(kernels);
        for (int i = 0; i < model.File.Inputs.Length; i++)
        {
            Span<byte> input = model.File.Inputs[i].Type == TensorType.Int8 ? MemoryMarshal.AsBytes(session.Input<sbyte>(i)) : MemoryMarshal.AsBytes(session.Input<short>(i));
            new Random(input.Length + i).NextBytes(input);
        }

        session.Run();
        hash.AppendData(session.Bytes(model.File.Outputs[0]));
    }

    [Fact]
    public void Fast_kernels_have_the_fingerprint_of_the_scalar_twins()
    {
        string fingerprint = Compute(KernelSet.Fast);
        if (Environment.GetEnvironmentVariable(Variable) is { } path)
        {
            File.WriteAllText(path, fingerprint);
        }

        Assert.Equal(Compute(KernelSet.Reference), fingerprint);
    }
}
