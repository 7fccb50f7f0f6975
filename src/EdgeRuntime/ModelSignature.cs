using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime;

/// <summary>
/// The signature of a model: ECDSA P-256 with SHA-256 over the model's bytes and the signed part of its
/// <see cref="SignatureBlock"/>, so that model, version and key cannot be replaced.
/// </summary>
public sealed class ModelSignature
{
    private readonly ModelFile file;
    private readonly byte[] block;

    private ModelSignature(ModelFile file)
    {
        this.file = file;
        block = file.Bytes.Copy(file.Length, file.Bytes.Length - file.Length);
    }

    /// <summary>The model's version, 1 or more by convention: an updater accepts a model only if it is newer than the one in use.</summary>
    public ulong Version => BinaryPrimitives.ReadUInt64LittleEndian(block.AsSpan(SignatureBlock.ModelVersionOffset));

    /// <summary>Lower-case hexadecimal SHA-256 of the SubjectPublicKeyInfo of the key that the block names.</summary>
    public string KeyId => Convert.ToHexStringLower(block.AsSpan()[SignatureBlock.KeyIdOffset..SignatureBlock.SignatureOffset]);

    /// <summary>The signature block of a model, or null if it is unsigned. It does not yet prove who signed; see <see cref="IsBy"/>.</summary>
    public static ModelSignature? Of(ModelFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.Bytes.Length == file.Length ? null : new ModelSignature(file);
    }

    /// <summary>Signs a model; a signature that it already has is replaced.</summary>
    /// <param name="file">The bytes of a valid model file.</param>
    /// <param name="key">A private key on the curve P-256.</param>
    /// <param name="version">The model's version, above that of every model it is meant to replace.</param>
    /// <returns>The bytes of the signed file.</returns>
    /// <exception cref="ModelFormatException">The bytes are not a valid model.</exception>
    /// <exception cref="ArgumentException">The key is on another curve.</exception>
    /// <exception cref="CryptographicException">The key has no private part.</exception>
    public static byte[] Sign(ReadOnlyMemory<byte> file, ECDsa key, ulong version)
    {
        using MemoryHandle held = file.Pin();
        int length = ModelFile.Read(new ModelBytes(file)).Length;
        byte[] signed = new byte[length + SignatureBlock.Bytes];
        file.Span[..length].CopyTo(signed);
        Span<byte> block = signed.AsSpan(length);
        BinaryPrimitives.WriteInt32LittleEndian(block[SignatureBlock.MagicOffset..], SignatureBlock.Magic);
        BinaryPrimitives.WriteInt32LittleEndian(block[SignatureBlock.SizeOffset..], SignatureBlock.Bytes);
        BinaryPrimitives.WriteInt32LittleEndian(block[SignatureBlock.AlgorithmOffset..], SignatureBlock.EcdsaP256Sha256);
        BinaryPrimitives.WriteUInt64LittleEndian(block[SignatureBlock.ModelVersionOffset..], version);
        PublicKeyId(key).CopyTo(block[SignatureBlock.KeyIdOffset..]);
        byte[] hash = Hash(signed.AsSpan(0, length), block);
        key.SignHash(hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation).CopyTo(block[SignatureBlock.SignatureOffset..]);
        uint crc = new ModelBytes(signed).Crc32(length, signed.Length, length + SignatureBlock.CrcOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(block[SignatureBlock.CrcOffset..], crc);
        return signed;
    }

    /// <summary>The id by which a block names a key: SHA-256 of its SubjectPublicKeyInfo, 32 bytes.</summary>
    /// <exception cref="ArgumentException">The key is not on the curve P-256.</exception>
    public static byte[] PublicKeyId(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        string? curve = key.ExportParameters(includePrivateParameters: false).Curve.Oid?.Value;
        return curve == ECCurve.NamedCurves.nistP256.Oid.Value
            ? SHA256.HashData(key.ExportSubjectPublicKeyInfo())
            : throw new ArgumentException("Models are signed with P-256 keys; this key is on another curve.", nameof(key));
    }

    /// <summary>Whether this key signed exactly these bytes.</summary>
    /// <exception cref="ArgumentException">The key is not on the curve P-256.</exception>
    public bool IsBy(ECDsa key)
    {
        if (!PublicKeyId(key).AsSpan().SequenceEqual(block.AsSpan()[SignatureBlock.KeyIdOffset..SignatureBlock.SignatureOffset]))
        {
            return false;
        }

        using MemoryHandle held = file.Bytes.Memory.Pin();
        byte[] hash = Hash(file.Bytes.Memory.Span[..file.Length], block);
        return key.VerifyHash(hash, block.AsSpan()[SignatureBlock.SignatureOffset..SignatureBlock.Bytes], DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static byte[] Hash(ReadOnlySpan<byte> model, ReadOnlySpan<byte> block)
    {
        // The CRC covers the signature, so it cannot be part of what is signed.
        Span<byte> signedPart = stackalloc byte[SignatureBlock.SignatureOffset];
        block[..SignatureBlock.SignatureOffset].CopyTo(signedPart);
        signedPart.Slice(SignatureBlock.CrcOffset, 4).Clear();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(model);
        hash.AppendData(signedPart);
        return hash.GetHashAndReset();
    }
}
