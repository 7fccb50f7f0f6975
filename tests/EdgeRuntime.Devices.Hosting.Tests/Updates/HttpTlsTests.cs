using System.Security.Cryptography.X509Certificates;
using EdgeInference.Devices.Hosting.Tests.Updates.Doubles;
using EdgeInference.Devices.Tests.Doubles;

namespace EdgeInference.Devices.Hosting.Tests.Updates;

/// <summary>Servers with certificates that are early, late, another's or unknown, and redirects between https servers.</summary>
public sealed class HttpTlsTests : IDisposable
{
    private readonly TestCertificates certificates = new();

    public void Dispose() => certificates.Dispose();

    [Fact]
    public async Task A_clock_that_is_not_set_is_named_and_the_server_asked_again()
    {
        // As a board without network time sees it: its clock stands years before the certificate.
        using X509Certificate2 early = certificates.Issue("localhost", from: DateTimeOffset.UtcNow.AddYears(40), to: DateTimeOffset.UtcNow.AddYears(50));
        string problem = await ProblemAsync(early);
        Assert.StartsWith($"The certificate of 'CN=localhost' is valid from {early.NotBefore.ToUniversalTime():yyyy-MM-dd}", problem, StringComparison.Ordinal);
        Assert.EndsWith("the clock is not set, as after a start without network time. It is tried again until it is.", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_has_ended_is_named() =>
        Assert.StartsWith("The certificate of 'CN=localhost' was valid until", await ProblemAsync(certificates.Issue("localhost", from: DateTimeOffset.UtcNow.AddYears(-2), to: DateTimeOffset.UtcNow.AddYears(-1))), StringComparison.Ordinal);

    [Fact]
    public async Task A_certificate_of_another_name_is_named() =>
        Assert.Equal("The server's certificate is for elsewhere.example, not for the name in the settings.", await ProblemAsync(certificates.Issue("elsewhere.example")));

    [Fact]
    public async Task An_authority_that_nobody_trusts_is_named()
    {
        string problem = await ProblemAsync(certificates.Issue("localhost"), trusted: false);
        Assert.StartsWith("The server's certificate is not vouched for by an authority that this system trusts (", problem, StringComparison.Ordinal);
        Assert.EndsWith("it was issued by 'CN=Test authority').", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_authorities_vouches_for_the_server_and_no_other_does()
    {
        await using var bench = new UpdateBench();
        byte[] two = TestModels.Signed(bench.Key, 2);
        using var others = new TestCertificates();
        X509Certificate2 shown = others.Issue("localhost");
        await using var strange = new RawServer((_, _, _) => Task.CompletedTask, shown);
        await using var own = new RawServer(async (stream, _, stop) => await stream.WriteAsync(RawServer.Answer("200 OK", $"Content-Length: {two.Length}\r\n", two), stop), certificates.Issue("localhost"));
        bench.Options.CaFile = TestCertificates.Write(bench.Folder, "ca", certificates.Authority).Certificate;

        // The system trusts neither; of the same name, the other authority's is refused in one sentence.
        bench.Options.Address = strange.Address;
        HttpUpdateService refused = await bench.HttpAsync();
        await bench.UntilAsync(() => bench.Log.Of(3010).Count > 0);
        Assert.StartsWith($"The server's certificate is not vouched for by an authority that '{bench.Options.CaFile}' trusts (", bench.Sources.Https.Problem, StringComparison.Ordinal);
        Assert.Contains("fail (tls_untrusted)", Assert.Single(bench.Log.Of(3010)), StringComparison.Ordinal);
        Assert.Empty(strange.Requests);
        await refused.StopAsync(TestContext.Current.CancellationToken);

        bench.Options.Address = own.Address;
        await bench.HttpAsync();
        await bench.UntilAsync(() => bench.Version == 2);
        await bench.UntilAsync(() => bench.Sources.Https.Problem is null);
    }

    [Fact]
    public async Task From_https_to_https_it_is_followed_and_to_http_not()
    {
        await using var bench = new UpdateBench();
        byte[] two = TestModels.Signed(bench.Key, 2);
        X509Certificate2 own = certificates.Issue("localhost");
        await using var model = new RawServer(async (stream, _, stop) => await stream.WriteAsync(RawServer.Answer("200 OK", $"Content-Length: {two.Length}\r\n", two), stop), own);
        await using var plain = new RawServer(async (stream, _, stop) => await stream.WriteAsync(RawServer.Answer("200 OK", $"Content-Length: {two.Length}\r\n", two), stop));
        string target = plain.Address;
        await using var server = new RawServer(async (stream, _, stop) => await stream.WriteAsync(RawServer.Answer("307 Temporary Redirect", $"Location: {Volatile.Read(ref target)}\r\nContent-Length: 0\r\n", []), stop), own);
        bench.Options.Address = server.Address;
        await bench.HttpAsync(Trust);
        await bench.StillAsync(() => bench.Log.Of(3010).Count > 0);
        Assert.Contains($"points to '{plain.Address}'", bench.Sources.Https.Problem, StringComparison.Ordinal);
        Assert.Empty(plain.Requests);
        Volatile.Write(ref target, model.Address);
        await bench.UntilAsync(() => bench.Version == 2);

        // To itself: a few times, and then it is said.
        Volatile.Write(ref target, server.Address);
        int before = server.Requests.Count;
        await bench.UntilAsync(() => bench.Log.Of(3010).Count > 1, 10);
        Assert.InRange(server.Requests.Count - before, 5, 8);
        Assert.Contains("fail (redirect)", bench.Log.Of(3010)[1], StringComparison.Ordinal);
    }

    private async Task<string> ProblemAsync(X509Certificate2 shown, bool trusted = true)
    {
        await using var bench = new UpdateBench();
        await using var server = new RawServer((_, _, _) => Task.CompletedTask, shown);
        bench.Options.Address = server.Address;
        await bench.HttpAsync(trusted ? Trust : null);
        await bench.UntilAsync(() => bench.Counts.Where(count => count.Key.StartsWith("edge.update.failures https tls", StringComparison.Ordinal)).Sum(count => count.Value) >= 2);
        Assert.Single(bench.Log.Of(3010));
        Assert.Empty(server.Requests);
        return bench.Sources.Https.Problem!;
    }

    private void Trust(SocketsHttpHandler handler)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(certificates.Authority);
        handler.SslOptions.CertificateChainPolicy = policy;
    }
}
