using System.Security.Cryptography;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Commands;

/// <summary>Reads keys in PEM form, as OpenSSL writes them.</summary>
internal static class KeyFile
{
    /// <summary>A private key on P-256.</summary>
    /// <exception cref="InputException">The file is missing, or holds no such key.</exception>
    internal static ECDsa Private(string path)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(Text(path));
            ModelSignature.PublicKeyId(key);

            // A public key is imported just as well; only its use tells.
            key.SignHash(new byte[SHA256.HashSizeInBytes]);
            return key;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new InputException($"'{path}' does not hold an unencrypted P-256 private key; make one with 'openssl ecparam -name prime256v1 -genkey -noout -out {path}'.", exception);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Public keys on P-256.</summary>
    /// <exception cref="InputException">A file is missing, or holds no such key.</exception>
    internal static TrustedKeys Public(IEnumerable<string> paths)
    {
        var keys = new TrustedKeys();
        try
        {
            foreach (string path in paths)
            {
                AddPublic(keys, path);
            }

            return keys;
        }
        catch
        {
            keys.Dispose();
            throw;
        }
    }

    private static void AddPublic(TrustedKeys keys, string path)
    {
        string text = Text(path);
        if (text.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            throw new InputException($"'{path}' holds a private key, which only 'edge sign' takes; write the public half with 'openssl ec -in {path} -pubout -out public.pem' and give that.");
        }

        try
        {
            keys.AddPem(text);
        }
        catch (CryptographicException exception)
        {
            throw new InputException($"'{path}' does not hold a P-256 key; write the public half with 'openssl ec -in private.pem -pubout -out {path}'.", exception);
        }
    }

    /// <summary>Why a private key is not as private as it should be; null if only its owner can read it, or it cannot be known.</summary>
    internal static string? Exposure(string path)
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        return !OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & Others) != 0
            ? $"The private key '{path}' can be read or changed by others than its owner; run 'chmod 600 {path}', and replace the key if this machine has other users."
            : null;
    }

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The key '{path}' cannot be read: {exception.Message}", exception);
        }
    }
}
