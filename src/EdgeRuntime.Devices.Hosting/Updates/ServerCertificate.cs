using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace EdgeInference.Devices.Hosting;

/// <summary>Accepts exactly the certificates that the system accepts, and keeps in words why one was refused.</summary>
internal sealed class ServerCertificate(string authorities, TimeProvider time)
{
    private UpdateSourceFault? fault;

    /// <summary>Why the last certificate was refused, or null.</summary>
    internal UpdateSourceFault? Fault => Volatile.Read(ref fault);

    internal void Forget() => Volatile.Write(ref fault, null);

    internal bool Check(X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        Volatile.Write(ref fault, errors == SslPolicyErrors.None ? null : Why(shown as X509Certificate2, chain, errors));
        return errors == SslPolicyErrors.None;
    }

    private UpdateSourceFault Why(X509Certificate2? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        if (shown is null)
        {
            return new UpdateSourceFault("tls", "The server shows no certificate.");
        }

        DateTime now = time.GetUtcNow().UtcDateTime;
        foreach (X509ChainElement element in chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            X509Certificate2 certificate = element.Certificate;
            if (element.ChainElementStatus.All(status => (status.Status & X509ChainStatusFlags.NotTimeValid) == 0))
            {
                continue;
            }

            return certificate.NotBefore.ToUniversalTime() > now
                ? new UpdateSourceFault("tls_clock", $"The certificate of '{certificate.Subject}' is valid from {Text(certificate.NotBefore)} on and this machine's clock says {Text(now)}: the clock is not set, as after a start without network time. It is tried again until it is.")
                : new UpdateSourceFault("tls_expired", $"The certificate of '{certificate.Subject}' was valid until {Text(certificate.NotAfter)} and this machine's clock says {Text(now)}. Renew it, or set the clock.");
        }

        if ((errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0)
        {
            string names = string.Join(", ", shown.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => address.ToString()))));
            return new UpdateSourceFault("tls_name", $"The server's certificate is for {(names.Length > 0 ? names : shown.Subject)}, not for the name in the settings.");
        }

        string states = string.Join(", ", (chain?.ChainStatus ?? []).Select(status => status.Status).Distinct());
        return new UpdateSourceFault("tls_untrusted", $"The server's certificate is not vouched for by an authority that {authorities} trusts ({states}; it was issued by '{shown.Issuer}').");
    }

    private static string Text(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
