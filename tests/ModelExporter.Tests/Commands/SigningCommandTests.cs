using System.Security.Cryptography;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;
using EdgeInference.Tool.Commands;

namespace EdgeInference.Tool.Tests.Commands;

public sealed class SigningCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-sign").FullName;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public SigningCommandTests()
    {
        File.WriteAllText(PathOf("private.pem"), key.ExportECPrivateKeyPem());
        File.WriteAllText(PathOf("public.pem"), key.ExportSubjectPublicKeyInfoPem());
        File.WriteAllBytes(PathOf("m.edge"), Model(Outputs([0.5f, 0.25f])));
    }

    public void Dispose()
    {
        key.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_signed_model_verifies_and_an_altered_one_does_not()
    {
        Assert.Equal(EdgeCommand.Done, EdgeCommand.Run("sign", PathOf("m.edge"), "--key", PathOf("private.pem"), "--model-version", "5", "-o", PathOf("s.edge")));
        Assert.Equal(EdgeCommand.Done, EdgeCommand.Run("verify", PathOf("s.edge"), "--key", PathOf("public.pem")));
        Assert.Equal(EdgeCommand.InputFault, EdgeCommand.Run("verify", PathOf("m.edge"), "--key", PathOf("public.pem")));

        byte[] forged = File.ReadAllBytes(PathOf("s.edge"));
        ulong version = ModelSignature.Of(ModelFile.Read(new ModelBytes(forged)))!.Version;
        Assert.Equal(5ul, version);
        int length = forged.Length - SignatureBlock.Bytes;
        forged[length + SignatureBlock.ModelVersionOffset] = 6;
        int crc = length + SignatureBlock.CrcOffset;
        BitConverter.TryWriteBytes(forged.AsSpan(crc), new ModelBytes(forged).Crc32(length, forged.Length, crc));
        File.WriteAllBytes(PathOf("f.edge"), forged);
        Assert.Equal(EdgeCommand.Done, EdgeCommand.Run("verify", PathOf("f.edge")));
        Assert.Equal(EdgeCommand.InputFault, EdgeCommand.Run("verify", PathOf("f.edge"), "--key", PathOf("public.pem")));
    }

    [Fact]
    public void A_model_that_does_not_reproduce_its_vectors_fails()
    {
        byte[] wrong = Outputs([0.5f, 0.25f]);
        wrong[3] ^= 1;
        File.WriteAllBytes(PathOf("w.edge"), Model(wrong));
        Assert.Equal(EdgeCommand.Done, EdgeCommand.Run("verify", PathOf("m.edge")));
        Assert.Equal(EdgeCommand.InputFault, EdgeCommand.Run("verify", PathOf("w.edge")));
    }

    [Fact]
    public void A_signed_copy_is_as_private_as_its_model_and_a_key_that_others_can_read_is_warned_of()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Files have modes on Unix.");
            return;
        }

        UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        File.SetUnixFileMode(PathOf("m.edge"), mode);
        File.SetUnixFileMode(PathOf("private.pem"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Contains($"chmod 600 {PathOf("private.pem")}", Warnings("5", "new.edge"), StringComparison.Ordinal);
        Assert.Equal(mode, File.GetUnixFileMode(PathOf("new.edge")));
        File.SetUnixFileMode(PathOf("private.pem"), UnixFileMode.UserRead);
        Assert.Equal("", Warnings("6", "m.edge"));
        Assert.Equal(mode, File.GetUnixFileMode(PathOf("m.edge")));

        string Warnings(string version, string output)
        {
            using var errors = new StringWriter();
            string[] line = ["sign", PathOf("m.edge"), "-k", PathOf("private.pem"), "--model-version", version, "-o", PathOf(output)];
            Assert.Equal(EdgeCommand.Done, RoutedConsole.During(null, errors, () => EdgeCommand.Run(line)));
            return errors.ToString();
        }
    }

    [Fact]
    public void A_private_key_is_no_key_to_verify_with()
    {
        File.WriteAllText(PathOf("both.pem"), key.ExportSubjectPublicKeyInfoPem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        foreach (string secret in new[] { "private.pem", "both.pem" })
        {
            Assert.Equal(EdgeCommand.InputFault, EdgeCommand.Run("verify", PathOf("m.edge"), "--key", PathOf(secret)));
        }
    }

    [Fact]
    public void A_public_key_cannot_sign_and_leaves_no_file()
    {
        Assert.Equal(EdgeCommand.InputFault, EdgeCommand.Run("sign", PathOf("m.edge"), "-k", PathOf("public.pem"), "--model-version", "5", "-o", PathOf("s.edge")));
        Assert.Equal(EdgeCommand.InputFault, EdgeCommand.Run("sign", PathOf("m.edge"), "-k", PathOf("absent.pem"), "--model-version", "5", "-o", PathOf("s.edge")));
        Assert.Equal(EdgeCommand.UsageFault, EdgeCommand.Run("sign", PathOf("m.edge"), "-k", PathOf("private.pem")));
        Assert.False(File.Exists(PathOf("s.edge")));
    }

    [Fact]
    public void Keys_of_another_curve_and_files_that_are_no_keys_are_refused_by_name()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        File.WriteAllText(PathOf("p384.pem"), other.ExportECPrivateKeyPem());
        File.WriteAllText(PathOf("p384.pub.pem"), other.ExportSubjectPublicKeyInfoPem());
        File.WriteAllText(PathOf("none.pem"), "no key");
        using var unnamed = ECDsa.Create(key.ExportExplicitParameters(includePrivateParameters: true));
        File.WriteAllText(PathOf("explicit.pem"), unnamed.ExportECPrivateKeyPem());
        File.WriteAllText(PathOf("explicit.pub.pem"), unnamed.ExportSubjectPublicKeyInfoPem());
        foreach (string name in new[] { "p384.pem", "none.pem", "public.pem", "explicit.pem" })
        {
            (int exitCode, string error) = CommandLine.Run(out _, "sign", PathOf("m.edge"), "--key", PathOf(name), "--model-version", "1", "-o", PathOf("s.edge"));
            Assert.Equal(EdgeCommand.InputFault, exitCode);
            Assert.Contains($"'{PathOf(name)}' does not hold an unencrypted P-256 private key", error, StringComparison.Ordinal);
        }

        foreach (string name in new[] { "p384.pub.pem", "none.pem", "explicit.pub.pem" })
        {
            (int exitCode, string error) = CommandLine.Run(out _, "verify", PathOf("m.edge"), "--key", PathOf(name));
            Assert.Equal(EdgeCommand.InputFault, exitCode);
            Assert.Contains($"'{PathOf(name)}' does not hold a P-256 key", error, StringComparison.Ordinal);
        }

        (int code, string said) = CommandLine.Run(out _, "verify", PathOf("m.edge"), "--key", PathOf("absent.pem"));
        Assert.Equal(EdgeCommand.InputFault, code);
        Assert.Contains($"The key '{PathOf("absent.pem")}' cannot be read", said, StringComparison.Ordinal);
        Assert.False(File.Exists(PathOf("s.edge")));
    }

    private static byte[] Outputs(float[] input)
    {
        using var model = EdgeModel.Load(Model([]));
        return SelfTest.Outputs(model, [input]);
    }

    private static byte[] Model(byte[] selfTestOutputs)
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, 2], 0);
        int output = builder.AddTensor(TensorType.Float32, [1, 2], 64);
        builder.AddOperator(Opcode.Activation, [input], [output], [(int)ActivationKind.Sigmoid, 0, 0]);
        builder.AddInput(input);
        builder.AddOutput(output, OutputRole.Probability);
        if (selfTestOutputs.Length > 0)
        {
            builder.AddSelfTest([0.5f, 0.25f], selfTestOutputs);
        }

        return builder.Build();
    }

    private string PathOf(string name) => Path.Combine(folder, name);
}
