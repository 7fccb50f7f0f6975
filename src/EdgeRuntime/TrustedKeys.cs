using System.Security.Cryptography;
using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime;

/// <summary>What a set of trusted keys says about a model.</summary>
public enum SignatureStatus
{
    /// <summary>The model carries no signature.</summary>
    Unsigned,

    /// <summary>The model is signed with a key that is not trusted here.</summary>
    UnknownKey,

    /// <summary>A trusted key is named and its signature does not fit these bytes.</summary>
    Invalid,

    /// <summary>A trusted key signed exactly these bytes.</summary>
    Valid,
}

/// <summary>The public keys whose signatures are accepted.</summary>
public sealed class TrustedKeys : IDisposable
{
    // At the end of the line that begins each kind: PKCS #8, encrypted, SEC 1.
    private const string PrivateLabel = "PRIVATE KEY-----";

    private readonly Dictionary<string, ECDsa> keys = new(StringComparer.Ordinal);

    /// <summary>Number of keys.</summary>
    public int Count => keys.Count;

    /// <summary>Adds the public key of a PEM text ("BEGIN PUBLIC KEY").</summary>
    /// <exception cref="CryptographicException">The text holds no usable key, one on another curve than P-256, or a private key, which does not belong on a device.</exception>
    public void AddPem(string pem)
    {
        ArgumentNullException.ThrowIfNull(pem);
        if (pem.Contains(PrivateLabel, StringComparison.Ordinal))
        {
            throw new CryptographicException("This PEM text holds a private key, with which everyone who reads it here can sign models; give the public half alone, as 'openssl ec -in private.pem -pubout -out public.pem' writes it, and take the private key off this machine.");
        }

        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            string id = Convert.ToHexStringLower(ModelSignature.PublicKeyId(key));
            if (!keys.TryAdd(id, key))
            {
                key.Dispose();
            }
        }
        catch (ArgumentException exception)
        {
            key.Dispose();
            throw new CryptographicException($"This is not a P-256 key in PEM format: {exception.Message}", exception);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Checks a model's signature.</summary>
    public SignatureStatus Check(ModelFile file)
    {
        ModelSignature? signature = ModelSignature.Of(file);
        if (signature is null)
        {
            return SignatureStatus.Unsigned;
        }

        return !keys.TryGetValue(signature.KeyId, out ECDsa? key) ? SignatureStatus.UnknownKey
            : signature.IsBy(key) ? SignatureStatus.Valid
            : SignatureStatus.Invalid;
    }

    /// <summary>Frees the keys.</summary>
    public void Dispose()
    {
        foreach (ECDsa key in keys.Values)
        {
            key.Dispose();
        }

        keys.Clear();
    }
}
