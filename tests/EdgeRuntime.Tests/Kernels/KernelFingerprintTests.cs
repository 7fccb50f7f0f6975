using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Tests.Kernels.Dense;
using EdgeInference.Runtime.Tests.Kernels.Windows;

namespace EdgeInference.Runtime.Tests.Kernels;

/// <summary>One hash over the outputs of many int8 layers and of int8 and int16 convolutions; <see cref="InstructionSetTests"/> compares it between processors.</summary>
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

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, byte[] file, KernelSet kernels)
    {
        using EdgeModel model = EdgeModel.Load(file);
        using Session session = model.CreateSession(kernels);
        Span<byte> input = model.File.Inputs[0].Type == TensorType.Int8 ? MemoryMarshal.AsBytes(session.Input<sbyte>()) : MemoryMarshal.AsBytes(session.Input<short>());
        new Random(input.Length).NextBytes(input);
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
