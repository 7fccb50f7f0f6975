using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace EdgeInference.Devices.Hosting;

/// <summary>Asks a web server for models.</summary>
internal sealed class HttpUpdateService : UpdateSourceService
{
    private const int MaxRedirects = 5;

    private readonly ServerCertificate certificate;
    private readonly X509Certificate2Collection authorities = [];
    private readonly HttpClient? client;
    private readonly HttpUpdateSource? source;

    internal HttpUpdateService(ModelUpdateOptions options, UpdateSourceHealth health, Func<ModelUpdater> updater, TimeProvider time, Action<SocketsHttpHandler>? change = null)
        : base(health, options.Interval, time)
    {
        certificate = new ServerCertificate(AuthorityFile.NameOf(options.CaFile), time);
        if (options.Address.Length > 0)
        {
            var address = new Uri(options.Address);
            authorities = AuthorityFile.Read(options.CaFile);
            client = new HttpClient(Handler(address, certificate, authorities, change)) { Timeout = Timeout.InfiniteTimeSpan };
            source = new HttpUpdateSource(client, address, updater(), options.Deadline, time);
        }
    }

    public override void Dispose()
    {
        client?.Dispose();
        AuthorityFile.Free(authorities);
        base.Dispose();
    }

    protected override async Task<UpdateSourceFault?> AskAsync(CancellationToken stopping)
    {
        certificate.Forget();
        UpdateSourceFault? fault = await source!.PollAsync(stopping).ConfigureAwait(false);
        if (fault is null)
        {
            Health.Well();
        }

        return fault is { Kind: "tls" } && certificate.Fault is { } seen ? seen : fault;
    }

    private static SocketsHttpHandler Handler(Uri address, ServerCertificate certificate, X509Certificate2Collection authorities, Action<SocketsHttpHandler>? change)
    {
        var handler = new SocketsHttpHandler
        {
            // From https it follows to https only; from a server on this machine it would follow to any.
            AllowAutoRedirect = address.Scheme == Uri.UriSchemeHttps,
            MaxAutomaticRedirections = MaxRedirects,
            UseCookies = false,
            MaxConnectionsPerServer = 1,

            // What is left of a refused body is not worth the wait.
            MaxResponseDrainSize = 0,

            // Else a server that moved would be asked at its old number for ever.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, shown, chain, errors) => certificate.Check(shown, chain, errors) },
        };
        if (authorities.Count > 0)
        {
            // As HttpClient does without it: a device that reaches only its server cannot ask for revocations.
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        change?.Invoke(handler);
        return handler;
    }
}
