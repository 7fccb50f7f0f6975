using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using MQTTnet.Formatter;

namespace EdgeInference.Devices.Hosting;

/// <summary>Makes a client's options of the settings.</summary>
internal static class MqttSettings
{
    // What a message has beside its model: topic and properties, each at most 64 KiB long.
    private const int Envelope = 2 * 65_536;

    /// <summary>Largest packet that the broker may send.</summary>
    internal static int MaxPacket(int maxBytes) => maxBytes + Envelope;

    /// <summary>Whether the broker keeps a session for this client.</summary>
    internal static bool IsPersistent(MqttUpdateOptions options) => options.SessionExpirySeconds >= 1 && ClientId(options) is not null;

    internal static MqttClientOptions Client(MqttUpdateOptions options, int maxBytes, ServerCertificate certificate, X509Certificate2Collection authorities, X509Certificate2Collection own)
    {
        bool persistent = IsPersistent(options);

        // No Receive Maximum: mosquitto 2.0 counts a message that is too large for the client as on its way for ever, so that behind
        // one such message nothing would come any more. PayloadChannel keeps the memory.
        MqttClientOptionsBuilder builder = new MqttClientOptionsBuilder()
            .WithTcpServer(options.Server, options.Port)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithCleanStart(!persistent)
            .WithSessionExpiryInterval(persistent ? (uint)options.SessionExpirySeconds : 0)
            .WithKeepAlivePeriod(TimeSpan.FromSeconds(options.KeepAliveSeconds))
            .WithMaximumPacketSize((uint)MaxPacket(maxBytes))
            .WithTimeout(TimeSpan.FromSeconds(10));
        if (ClientId(options) is { } id)
        {
            builder = builder.WithClientId(id);
        }

        if (options.User.Length > 0)
        {
            builder = builder.WithCredentials(options.User, options.Password);
        }

        return builder.WithTlsOptions(tls => Tls(tls, options, certificate, authorities, own)).Build();
    }

    /// <summary>The certificates that alone are trusted; none for those of the system.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The file holds no certificate.</exception>
    internal static X509Certificate2Collection Authorities(MqttUpdateOptions options) => AuthorityFile.Read(options.CaFile);

    /// <summary>The certificate of this device with its key; none where the settings name none.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">Certificate and key are none, or do not fit each other.</exception>
    internal static X509Certificate2Collection Own(MqttUpdateOptions options)
    {
        var own = new X509Certificate2Collection();
        if (options.ClientCertificateFile.Length > 0)
        {
            string certificate = SettingsFile.Text(options.ClientCertificateFile);
            own.Add(X509Certificate2.CreateFromPem(certificate, options.ClientKeyFile.Length > 0 ? SettingsFile.Text(options.ClientKeyFile) : certificate));
        }

        return own;
    }

    private static string? ClientId(MqttUpdateOptions options) => options.ClientId.Length > 0 ? options.ClientId : DeviceIdentity.ClientId();

    private static void Tls(MqttClientTlsOptionsBuilder tls, MqttUpdateOptions options, ServerCertificate certificate, X509Certificate2Collection authorities, X509Certificate2Collection own)
    {
        tls.UseTls(options.Tls)

            // As HttpClient does: a device that reaches only its broker cannot ask for revocations.
            .WithRevocationMode(X509RevocationMode.NoCheck)
            .WithCertificateValidationHandler(shown => certificate.Check(shown.Certificate, shown.Chain, shown.SslPolicyErrors));
        if (authorities.Count > 0)
        {
            tls.WithTrustChain(authorities);
        }

        if (own.Count > 0)
        {
            tls.WithClientCertificates(own);
        }
    }
}
