using System.Security.Cryptography;
using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests;

public sealed class ModelSignatureTests : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly TrustedKeys trusted = new();
    private readonly byte[] model = SmallModels.Sigmoid();

    public ModelSignatureTests() => trusted.AddPem(key.ExportSubjectPublicKeyInfoPem());

    public void Dispose()
    {
        key.Dispose();
        trusted.Dispose();
    }

    [Fact]
    public void A_signed_model_is_valid_and_keeps_every_byte_of_the_model()
    {
        byte[] signed = ModelSignature.Sign(model, key, 42);
        Assert.Equal(model, signed[..model.Length]);
        ModelFile file = Read(signed);
        Assert.Equal(SignatureStatus.Valid, trusted.Check(file));
        ModelSignature signature = ModelSignature.Of(file)!;
        Assert.Equal(42ul, signature.Version);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo())), signature.KeyId);
    }

    [Fact]
    public void The_signature_is_plain_ecdsa_over_the_documented_bytes()
    {
        byte[] signed = ModelSignature.Sign(model, key, 7);
        byte[] content = signed[..(model.Length + 64)];
        content.AsSpan(model.Length + 12, 4).Clear();
        Assert.True(key.VerifyData(content, signed.AsSpan(model.Length + 64, 64), HashAlgorithmName.SHA256));
    }

    [Fact]
    public void Signing_again_replaces_the_signature()
    {
        byte[] signed = ModelSignature.Sign(ModelSignature.Sign(model, key, 1), key, 2);
        Assert.Equal(model.Length + SignatureBlock.Bytes, signed.Length);
        Assert.Equal(2ul, ModelSignature.Of(Read(signed))!.Version);
    }

    [Fact]
    public void Unsigned_and_unknown_keys_are_told_apart()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal(SignatureStatus.Unsigned, trusted.Check(Read(model)));
        Assert.Equal(SignatureStatus.UnknownKey, trusted.Check(Read(ModelSignature.Sign(model, other, 1))));
    }

    [Fact]
    public void No_byte_can_be_changed_even_with_both_checksums_put_right()
    {
        byte[] signed = ModelSignature.Sign(model, key, 3);
        int length = model.Length;
        int reachedTheSignature = 0;
        for (int i = 0; i < signed.Length; i++)
        {
            byte[] forged = (byte[])signed.Clone();
            forged[i] ^= 0x10;
            Forge.Checksums(forged, length);
            if (forged.AsSpan().SequenceEqual(signed))
            {
                continue;
            }

            try
            {
                Assert.NotEqual(SignatureStatus.Valid, trusted.Check(Read(forged)));
                reachedTheSignature++;
            }
            catch (ModelFormatException)
            {
                // Refused earlier than the signature is looked at.
            }
        }

        Assert.True(reachedTheSignature > 100, $"{reachedTheSignature}");
    }

    [Fact]
    public void A_private_key_is_not_trusted_alone_or_beside_its_public_half()
    {
        string open = key.ExportSubjectPublicKeyInfoPem();
        string[] secrets = [key.ExportECPrivateKeyPem(), key.ExportPkcs8PrivateKeyPem(), $"{open}\n{key.ExportECPrivateKeyPem()}", $"{key.ExportPkcs8PrivateKeyPem()}\n{open}"];
        using var keys = new TrustedKeys();
        Assert.All(secrets, secret => Assert.Contains("holds a private key", Assert.Throws<CryptographicException>(() => keys.AddPem(secret)).Message, StringComparison.Ordinal));
        Assert.Equal(0, keys.Count);
    }

    [Fact]
    public void Another_curve_is_refused()
    {
        using var wrong = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Throws<ArgumentException>(() => ModelSignature.Sign(model, wrong, 1));
        Assert.Throws<CryptographicException>(() => trusted.AddPem(wrong.ExportSubjectPublicKeyInfoPem()));
        Assert.Throws<CryptographicException>(() => trusted.AddPem("no key"));
        Assert.Equal(1, trusted.Count);
    }

    private static ModelFile Read(byte[] bytes) => ModelFile.Read(new ModelBytes(bytes));
}
