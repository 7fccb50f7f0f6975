using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeInference.Devices.Hosting;

/// <summary>A PEM file with the certificates that alone are trusted to vouch for a server.</summary>
internal static class AuthorityFile
{
    /// <summary>Reads the certificates, which the caller owns.</summary>
    /// <param name="file">The file; empty for none, so that those of the system are trusted.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="CryptographicException">The file holds no certificate.</exception>
    internal static X509Certificate2Collection Read(string file)
    {
        var authorities = new X509Certificate2Collection();
        if (file.Length > 0)
        {
            authorities.ImportFromPem(SettingsFile.Text(file));
            if (authorities.Count == 0)
            {
                throw new CryptographicException("It holds no certificate in PEM format.");
            }
        }

        return authorities;
    }

    /// <summary>Who vouches for a server, for the sentence that says that nobody does.</summary>
    internal static string NameOf(string file) => file.Length > 0 ? $"'{file}'" : "this system";

    internal static void Free(X509Certificate2Collection certificates)
    {
        foreach (X509Certificate2 certificate in certificates)
        {
            certificate.Dispose();
        }
    }
}
