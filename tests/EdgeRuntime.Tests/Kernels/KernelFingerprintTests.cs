using System.Security.Cryptography;

namespace EdgeRuntime.Tests.Kernels;

/// <summary>One hash over the outputs of many int8 layers; <see cref="InstructionSetTests"/> compares it between processors.</summary>
public class KernelFingerprintTests
{
    /// <summary>Environment variable with the file that the hash is written to.</summary>
    internal const string Variable = "EDGE_KERNEL_FINGERPRINT";

    internal static string Compute(KernelSet kernels)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (int units in new[] { 1, 3, 8, 17, 40, 64, 100 })
        {
            foreach (Int8Output output in Enum.GetValues<Int8Output>())
            {
                using EdgeModel model = EdgeModel.Load(DenseModel.Int8(2, 37, units, output, perChannel: true, bias: true));
                using Session session = model.CreateSession(kernels);
                byte[] input = new byte[2 * 37];
                new Random(units).NextBytes(input);
                ((sbyte[])(Array)input).CopyTo(session.Input<sbyte>());
                session.Run();
                hash.AppendData(session.Bytes(model.File.Outputs[0]));
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());
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
