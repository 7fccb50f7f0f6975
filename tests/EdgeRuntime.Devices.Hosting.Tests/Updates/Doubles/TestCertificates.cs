using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeInference.Devices.Hosting.Tests.Updates.Doubles;

/// <summary>An authority and what it vouches for.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly List<X509Certificate2> issued = [];

    internal TestCertificates()
    {
        var request = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        Authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-10), DateTimeOffset.UtcNow.AddYears(100));
    }

    internal X509Certificate2 Authority { get; }

    /// <summary>A certificate with its key, valid around now unless the test says otherwise.</summary>
    internal X509Certificate2 Issue(string name, DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", own, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (name == "localhost")
        {
            names.AddIpAddress(IPAddress.Loopback);
        }

        request.CertificateExtensions.Add(names.Build());
        byte[] number = RandomNumberGenerator.GetBytes(8);
        number[0] = 1;
        using X509Certificate2 plain = request.Create(Authority, from ?? DateTimeOffset.UtcNow.AddDays(-1), to ?? DateTimeOffset.UtcNow.AddDays(30), number);
        using X509Certificate2 keyed = plain.CopyWithPrivateKey(own);
        X509Certificate2 whole = X509CertificateLoader.LoadPkcs12(keyed.Export(X509ContentType.Pkcs12), null);
        issued.Add(whole);
        return whole;
    }

    /// <summary>Writes a certificate and, where it has one, its key into PEM files.</summary>
    internal static (string Certificate, string Key) Write(string folder, string name, X509Certificate2 certificate)
    {
        (string Certificate, string Key) files = (Path.Combine(folder, name + ".crt"), Path.Combine(folder, name + ".key"));
        File.WriteAllText(files.Certificate, certificate.ExportCertificatePem());
        using ECDsa? own = certificate.GetECDsaPrivateKey();
        if (own is not null)
        {
            File.WriteAllText(files.Key, own.ExportPkcs8PrivateKeyPem());
        }

        return files;
    }

    public void Dispose()
    {
        foreach (X509Certificate2 certificate in issued)
        {
            certificate.Dispose();
        }

        Authority.Dispose();
        key.Dispose();
    }
}
