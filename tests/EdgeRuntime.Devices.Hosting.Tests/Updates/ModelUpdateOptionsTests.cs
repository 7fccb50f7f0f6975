using System.Reflection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeInference.Devices.Hosting.Tests.Updates.Doubles;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MQTTnet;
using RaspberryPi.Tests;

namespace EdgeInference.Devices.Hosting.Tests.Updates;

/// <summary>Settings of updates: each wrong one is a sentence with its key when the host starts, each right one changes something.</summary>
public sealed class ModelUpdateOptionsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-update-settings").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("IntervalSeconds", "1e12", "Edge:Updates:IntervalSeconds is 1000000000000; it must be 0.05 to 2592000.")]
    [InlineData("IntervalSeconds", "NaN", "Edge:Updates:IntervalSeconds is NaN; it must be 0.05 to 2592000.")]
    [InlineData("IntervalSeconds", "-1", "Edge:Updates:IntervalSeconds is -1; it must be 0.05 to 2592000.")]
    [InlineData("IntervalSeconds", "0", "Edge:Updates:IntervalSeconds is 0; it must be 0.05 to 2592000.")]
    [InlineData("IntervalSeconds", "0.05", null)]
    [InlineData("IntervalSeconds", "2592000", null)]
    [InlineData("DownloadSeconds", "Infinity", "Edge:Updates:DownloadSeconds is Infinity; it must be 0.1 to 86400.")]
    [InlineData("DownloadSeconds", "0.1", null)]
    [InlineData("MaxBytes", "0", "Edge:Updates:MaxBytes is 0; it must be 1024 to 256000000.")]
    [InlineData("MaxBytes", "256000000", null)]
    [InlineData("Address", "m.edge", "Edge:Updates:Address is 'm.edge', which is no whole address; it must be one such as https://models.example/m.edge.")]
    [InlineData("Address", "/m.edge", "Edge:Updates:Address is '/m.edge', which is no whole address; it must be one such as https://models.example/m.edge.")]
    [InlineData("Address", "http://models.example/m.edge", "Edge:Updates:Address is 'http://models.example/m.edge'; models are only fetched over https, or over http from this machine.")]
    [InlineData("Address", "ftp://models.example/m.edge", "Edge:Updates:Address is 'ftp://models.example/m.edge'; models are only fetched over https, or over http from this machine.")]
    [InlineData("Address", "https://u:p@models.example/m.edge", "Edge:Updates:Address holds a user or a password, which would not be sent and would stand in the log; leave it out.")]
    [InlineData("Address", "https://models.example/m.edge", null)]
    [InlineData("Address", "http://localhost:8080/m.edge", null)]
    [InlineData("CaFile", "/nowhere/ca.pem", "Edge:Updates:CaFile is set and Edge:Updates:Address is empty: nothing would use it. The broker's is Edge:Updates:Mqtt:CaFile.")]
    [InlineData("Folder", "/proc/version", "Edge:Updates:Folder is '/proc/version', which is a file; it must be a folder, which need not exist yet.")]
    [InlineData("Folder", "/nowhere/yet", null)]
    [InlineData("TrustedKeys:0", "/nowhere/key.pem", "Edge:Updates:TrustedKeys:0 names '/nowhere/key.pem', which cannot be used: there is no such file.")]
    [InlineData("Mqtt:Port", "0", "Edge:Updates:Mqtt:Port is 0; it must be 1 to 65535.")]
    [InlineData("Mqtt:Port", "65535", null)]
    [InlineData("Mqtt:KeepAliveSeconds", "0.5", "Edge:Updates:Mqtt:KeepAliveSeconds is 0.5; it must be 1 to 65535.")]
    [InlineData("Mqtt:SessionExpirySeconds", "-1", "Edge:Updates:Mqtt:SessionExpirySeconds is -1; it must be 0 to 4294967295.")]
    [InlineData("Mqtt:Server", "mqtt://broker", "Edge:Updates:Mqtt:Server is 'mqtt://broker', which is no name of a host; give the name alone, and the port as Edge:Updates:Mqtt:Port.")]
    [InlineData("Mqtt:Password", "p", "Edge:Updates:Mqtt:Password is set and Edge:Updates:Mqtt:User is empty; set both or none.")]
    [InlineData("Mqtt:ClientId", "a\nb", "Edge:Updates:Mqtt:ClientId holds a control character or is longer than 65535 bytes.")]
    [InlineData("Mqtt:Topic", "", "Edge:Updates:Mqtt:Topic is '', which is no topic: ")]
    [InlineData("Mqtt:Topic", "a/#/b", "Edge:Updates:Mqtt:Topic is 'a/#/b', which is no topic: ")]
    [InlineData("Mqtt:Topic", "fleet/+/model", null)]
    [InlineData("Mqtt:Topic", "edge/#", "Edge:Updates:Mqtt:StatusTopic is 'edge/status', which Edge:Updates:Mqtt:Topic 'edge/#' holds too: the device would take its own words for models.")]
    [InlineData("Mqtt:StatusTopic", "a/+", "Edge:Updates:Mqtt:StatusTopic is 'a/+', which is no topic to publish to: ")]
    [InlineData("Mqtt:StatusTopic", "", null)]
    [InlineData("Mqtt:CaFile", "/nowhere/ca.pem", "Edge:Updates:Mqtt:CaFile names '/nowhere/ca.pem', which cannot be used: there is no such file.")]
    [InlineData("Mqtt:CaFile", "/proc/version", "Edge:Updates:Mqtt:CaFile names '/proc/version', which cannot be used: It holds no certificate in PEM format.")]
    [InlineData("Mqtt:ClientCertificateFile", "/nowhere/own.pem", "Edge:Updates:Mqtt:ClientCertificateFile names '/nowhere/own.pem', which cannot be used: there is no such file.")]
    [InlineData("Mqtt:ClientKeyFile", "/nowhere/own.key", "Edge:Updates:Mqtt:ClientKeyFile is set and Edge:Updates:Mqtt:ClientCertificateFile is empty; set both, or the certificate alone where its file holds the key.")]
    public void A_wrong_setting_is_one_sentence_with_its_key(string key, string value, string? sentence)
    {
        Dictionary<string, string?> settings = new() { ["Edge:Updates:Mqtt:Server"] = key.StartsWith("Mqtt", StringComparison.Ordinal) ? "broker.example" : "" };
        settings[$"Edge:Updates:{key}"] = value;
        using ServiceProvider provider = Provider(settings);
        var exception = Record.Exception(() => provider.GetRequiredService<IOptions<ModelUpdateOptions>>().Value) as OptionsValidationException;
        Assert.Equal(sentence is not null, exception is not null);
        if (sentence is not null)
        {
            Assert.StartsWith(sentence, Assert.Single(exception!.Failures), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("https://models.example/m.edge", "/nowhere/ca.pem", "Edge:Updates:CaFile names '/nowhere/ca.pem', which cannot be used: there is no such file.")]
    [InlineData("https://models.example/m.edge", "/proc/version", "Edge:Updates:CaFile names '/proc/version', which cannot be used: It holds no certificate in PEM format.")]
    [InlineData("http://localhost/m.edge", "/proc/version", "Edge:Updates:CaFile is set and Edge:Updates:Address is no https address: nothing would use it. The broker's is Edge:Updates:Mqtt:CaFile.")]
    public void A_file_of_authorities_that_cannot_vouch_is_refused(string address, string file, string sentence) =>
        Assert.Equal([sentence], new ModelUpdateValidator("Edge:Updates").Validate(null, new ModelUpdateOptions { Address = address, CaFile = file }).Failures);

    [Theory]
    [InlineData("TrustedKeys:0", "fifo", "a FIFO")]
    [InlineData("TrustedKeys:0", "/dev/zero", "a device")]
    [InlineData("CaFile", "fifo", "a FIFO")]
    [InlineData("CaFile", "/dev/zero", "a device")]
    [InlineData("Mqtt:CaFile", "fifo", "a FIFO")]
    [InlineData("Mqtt:CaFile", "/dev/zero", "a device")]
    [InlineData("Mqtt:ClientCertificateFile", "fifo", "a FIFO")]
    [InlineData("Mqtt:ClientCertificateFile", "/dev", "a folder")]
    [InlineData("Mqtt:ClientKeyFile", "fifo", "a FIFO")]
    [InlineData("Mqtt:ClientKeyFile", "/dev/zero", "a device")]
    public async Task A_file_that_never_ends_or_never_begins_is_refused_at_the_start(string key, string file, string kind)
    {
        string fifo = Path.Combine(folder, "fifo");
        Assert.SkipUnless(OperatingSystem.IsLinux() && Debian.Run("mkfifo", fifo).ExitCode == 0, "mkfifo makes the pipe.");
        file = Path.Combine(folder, file);
        using var certificates = new TestCertificates();
        using X509Certificate2 one = certificates.Issue("one");
        (string certificate, _) = TestCertificates.Write(folder, "one", one);
        Dictionary<string, string?> settings = new() { ["Edge:Updates:Address"] = "https://models.example/m.edge", ["Edge:Updates:Mqtt:Server"] = "broker.example" };
        if (key.EndsWith("KeyFile", StringComparison.Ordinal))
        {
            settings["Edge:Updates:Mqtt:ClientCertificateFile"] = certificate;
        }

        settings[$"Edge:Updates:{key}"] = file;
        await using ServiceProvider provider = Provider(settings);
        Exception? exception = await Task.Run(() => Record.Exception(() => provider.GetRequiredService<IOptions<ModelUpdateOptions>>().Value), TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Contains($"'{file}' is {kind}, not a regular file; put a copy of the file itself there.", Assert.Single(Assert.IsType<OptionsValidationException>(exception).Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_with_more_bytes_than_any_key_is_refused_unread()
    {
        string large = Path.Combine(folder, "large.pem");
        using (FileStream file = File.Create(large))
        {
            file.SetLength(1L << 40);
        }

        string sentence = Assert.Single(new ModelUpdateValidator("Edge:Updates").Validate(null, new ModelUpdateOptions { TrustedKeys = [large] }).Failures!);
        Assert.EndsWith($"'{large}' has 1099511627776 bytes, more than the 1048576 allowed.", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_on_a_dead_mount_does_not_hold_the_start_and_a_key_there_is_named()
    {
        using var answer = new ManualResetEventSlim();
        var dead = new ModelUpdateValidator("Edge:Updates", _ => { answer.Wait(); return true; }, TimeSpan.FromMilliseconds(1));
        Assert.True(dead.Validate(null, new ModelUpdateOptions { Folder = "/mnt/dead" }).Succeeded);
        Assert.Equal(["Key names '/mnt/dead/key.pem', which cannot be used: its disk or network does not answer."], ModelUpdateValidator.Usable("Key", "/mnt/dead/key.pem", answer.Wait, TimeSpan.FromMilliseconds(1)));
        answer.Set();
    }

    [Fact]
    public void Files_of_a_connection_without_TLS_and_keys_that_do_not_fit_are_refused()
    {
        using var certificates = new TestCertificates();
        using X509Certificate2 one = certificates.Issue("one");
        using X509Certificate2 two = certificates.Issue("two");
        (string certificate, string key) = TestCertificates.Write(folder, "one", one);
        (_, string other) = TestCertificates.Write(folder, "two", two);
        Assert.Equal(["Edge:Updates:Mqtt:CaFile is set and Edge:Updates:Mqtt:Tls is false: nothing would use it."], Faults(new MqttUpdateOptions { Tls = false, CaFile = certificate }));
        Assert.Empty(Faults(new MqttUpdateOptions { CaFile = certificate, ClientCertificateFile = certificate, ClientKeyFile = key }));
        Assert.StartsWith($"Edge:Updates:Mqtt:ClientCertificateFile names '{certificate}' with the key '{other}', which cannot be used: ", Assert.Single(Faults(new MqttUpdateOptions { ClientCertificateFile = certificate, ClientKeyFile = other })), StringComparison.Ordinal);
        Assert.StartsWith($"Edge:Updates:Mqtt:ClientCertificateFile names '{certificate}', which cannot be used: ", Assert.Single(Faults(new MqttUpdateOptions { ClientCertificateFile = certificate })), StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_that_does_not_exist_is_an_error()
    {
        using ServiceProvider provider = Provider(new() { ["Edge:Updates:Adress"] = "https://models.example/m.edge", ["Edge:Updates:Mqtt:Sever"] = "broker", ["Edge:Updates:Mqtt:Port"] = "many" });
        Assert.Equal(
            ["Edge:Updates:Adress is no setting; did you mean Address?", "Edge:Updates:Mqtt:Port is 'many', which is no whole number of 32 bits.", "Edge:Updates:Mqtt:Sever is no setting; did you mean Server?"],
            Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<ModelUpdateOptions>>().Value).Failures.Order());
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public void The_settings_become_the_policy(bool signature, bool selfTest, bool contract)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string file = Path.Combine(folder, "key.pem");
        File.WriteAllText(file, key.ExportSubjectPublicKeyInfoPem());
        UpdatePolicy policy = new ModelUpdateOptions { RequireSignature = signature, RequireSelfTest = selfTest, AllowOtherContract = contract, MaxBytes = 5000, TrustedKeys = [file] }.ToPolicy();
        Assert.Equal((signature, selfTest, contract, 1, 5000), (policy.RequireSignature, policy.RequireSelfTest, policy.AllowOtherContract, policy.Keys.Count, policy.MaxBytes));
        policy.Keys.Dispose();
        UpdatePolicy standard = new ModelUpdateOptions().ToPolicy();
        Assert.Equal((true, true, false, 0, new UpdatePolicy().MaxBytes), (standard.RequireSignature, standard.RequireSelfTest, standard.AllowOtherContract, standard.Keys.Count, standard.MaxBytes));
        standard.Keys.Dispose();
    }

    [Fact]
    public void The_brokers_settings_are_the_clients()
    {
        var certificate = new ServerCertificate("", TimeProvider.System);
        MqttClientOptions options = MqttSettings.Client(new MqttUpdateOptions { Server = "broker", Port = 1234, Tls = false, User = "u", Password = "p", ClientId = "c", SessionExpirySeconds = 77, KeepAliveSeconds = 9 }, 1000, certificate, [], []);
        var tcp = Assert.IsType<MqttClientTcpOptions>(options.ChannelOptions);
        Assert.Equal(("broker:1234", false, false, 77u, "c", 9), (tcp.RemoteEndpoint.ToString()!.Replace("Unspecified/", "", StringComparison.Ordinal), tcp.TlsOptions.UseTls, options.CleanSession, options.SessionExpiryInterval, options.ClientId, (int)options.KeepAlivePeriod.TotalSeconds));
        Assert.Equal(("u", "p"), (options.Credentials.GetUserName(options), System.Text.Encoding.UTF8.GetString(options.Credentials.GetPassword(options))));
        options = MqttSettings.Client(new MqttUpdateOptions { Server = "broker", Password = "of nobody", SessionExpirySeconds = 0 }, 1000, certificate, [], []);
        Assert.True(((MqttClientTcpOptions)options.ChannelOptions).TlsOptions.UseTls);
        Assert.Equal((null, true, 0u), (options.Credentials, options.CleanSession, options.SessionExpiryInterval));
    }

    [Fact]
    public void A_machines_name_for_the_broker_stays_and_does_not_show_its_number()
    {
        string file = Path.Combine(folder, "machine-id");
        File.WriteAllText(file, "0123456789abcdef0123456789abcdef\n");
        string id = DeviceIdentity.ClientId(file)!;
        Assert.Matches("^edge-[0-9a-f]{16}$", id);
        Assert.Equal(id, DeviceIdentity.ClientId(file));
        Assert.DoesNotContain(id[5..], "0123456789abcdef0123456789abcdef", StringComparison.Ordinal);
        File.WriteAllText(file, "1123456789abcdef0123456789abcdef\n");
        Assert.NotEqual(id, DeviceIdentity.ClientId(file));
        File.WriteAllText(file, "uninitialized\n");
        Assert.Null(DeviceIdentity.ClientId(file));
        Assert.Null(DeviceIdentity.ClientId(Path.Combine(folder, "missing")));
    }

    [Fact]
    public async Task A_host_with_sources_that_all_fail_runs_says_so_and_stops()
    {
        await using var bench = new UpdateBench();
        await using var server = new RawServer((_, _, stop) => Task.Delay(Timeout.Infinite, stop));
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(bench.Updater).AddSingleton<ILoggerFactory>(bench.Log).AddSingleton<TimeProvider>(bench.Time);
        new EdgeDeviceBuilder(builder.Services).AddModelUpdates(options =>
        {
            (options.Folder, options.Address, options.DownloadSeconds) = ("/proc/self/fd/0/none", server.Address, 10);
            (options.Mqtt.Server, options.Mqtt.Port, options.Mqtt.Tls, options.Mqtt.ClientId) = ("127.0.0.1", server.Port, false, "x");
        });
        using IHost host = builder.Build();
        HealthCheckService checks = host.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Healthy, (await checks.CheckHealthAsync(TestContext.Current.CancellationToken)).Status);
        await host.StartAsync(TestContext.Current.CancellationToken);
        IUpdateSourceState[] states = [.. host.Services.GetServices<IUpdateSourceState>()];
        Assert.Equal(["folder", "https", "mqtt", "mqtt-status"], states.Select(state => state.Name));
        await bench.UntilAsync(() => states[1].Problem is not null && states[2].Problem is not null);
        HealthReport report = await checks.CheckHealthAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Contains("https: There was no complete answer within 10 s.", report.Entries["updates"].Description, StringComparison.Ordinal);
        await host.StopAsync(TestContext.Current.CancellationToken).WaitAsync(UpdateBench.Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_wrong_setting_and_a_model_without_a_store_stop_the_start_in_one_sentence()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        new EdgeDeviceBuilder(builder.Services).AddModelUpdates(options => options.IntervalSeconds = 1e12);
        using (IHost host = builder.Build())
        {
            var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
            Assert.Equal("ModelUpdateOptions:IntervalSeconds is 1000000000000; it must be 0.05 to 2592000.", exception.Message);
        }

        builder = Host.CreateEmptyApplicationBuilder(null);
        var device = new EdgeDeviceBuilder(builder.Services);
        device.AddModelUpdates(options => options.Folder = folder);
        Assert.Throws<InvalidOperationException>(() => device.AddModelUpdates(options => options.Folder = folder));
        using (IHost host = builder.Build())
        {
            Assert.StartsWith("Updates are configured and the model has no store to put them in;", (await Assert.ThrowsAsync<InvalidDataException>(() => host.StartAsync(TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Each_setting_is_read_from_the_section(string setting)
    {
        Type type = setting.StartsWith("Mqtt:", StringComparison.Ordinal) ? typeof(MqttUpdateOptions) : typeof(ModelUpdateOptions);
        PropertyInfo property = type.GetProperty(setting.Split(':')[^1])!;
        object before = property.GetValue(Activator.CreateInstance(type))!;
        string value = before switch
        {
            bool flag => flag ? "false" : "true",
            string => "other",
            _ => "2000",
        };
        string key = before is Array ? $"{setting}:0" : setting;
        IConfigurationRoot file = new ConfigurationBuilder().AddInMemoryCollection([new($"Edge:Updates:{key}", value)]).Build();
        var options = new ModelUpdateOptions();

        // The validator would ask for files.
        var services = new ServiceCollection();
        new EdgeDeviceBuilder(services).AddModelUpdates(file.GetSection("Edge:Updates"));
        services.Remove(services.Single(service => service.ServiceType == typeof(IValidateOptions<ModelUpdateOptions>) && service.ImplementationInstance is ModelUpdateValidator));
        using ServiceProvider provider = services.BuildServiceProvider();
        options = provider.GetRequiredService<IOptions<ModelUpdateOptions>>().Value;
        object after = property.GetValue(type == typeof(MqttUpdateOptions) ? options.Mqtt : options)!;
        Assert.Equal(value, after is string[] list ? Assert.Single(list) : $"{after}", ignoreCase: true);
        Assert.NotEqual(before, after);
    }

    public static TheoryData<string> Settings() =>
    [
        .. typeof(ModelUpdateOptions).GetProperties().Where(property => property.Name != "Mqtt").Select(property => property.Name),
        .. typeof(MqttUpdateOptions).GetProperties().Select(property => $"Mqtt:{property.Name}"),
    ];

    private static IEnumerable<string> Faults(MqttUpdateOptions options)
    {
        options.Server = "broker.example";
        return new MqttUpdateValidator("Edge:Updates:Mqtt").Faults(options);
    }

    private static ServiceProvider Provider(Dictionary<string, string?> settings)
    {
        IConfigurationRoot file = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var services = new ServiceCollection();
        new EdgeDeviceBuilder(services).AddModelUpdates(file.GetSection("Edge:Updates"));
        return services.BuildServiceProvider();
    }
}
