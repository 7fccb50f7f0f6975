using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;

namespace RaspberryPi.Tests;

/// <summary>The service as it goes to a Raspberry Pi, run by an emulator: features, fixed point and signatures give what they give here.</summary>
public sealed partial class Arm64Tests(Arm64Tests.Artifacts artifacts) : IClassFixture<Arm64Tests.Artifacts>, IDisposable
{
    private const string Emulator = "/usr/bin/qemu-aarch64-static";

    private readonly RunningService service = new();

    public void Dispose() => service.Dispose();

    [Theory]
    [InlineData("linux-arm64")]
    [InlineData("linux-arm64-aot")]
    public async Task The_published_service_checks_itself_decides_and_stops(string profile)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("EDGE_ARM64_TESTS") == "1", "It installs an Arm64 toolchain, publishes and emulates for minutes; EDGE_ARM64_TESTS=1 runs it, as .ci/run does.");
        Debian.Require(Emulator, "qemu-user-static");
        Debian.Require("/usr/lib/aarch64-linux-gnu/libstdc++.so.6", "libc6:arm64", "libstdc++6:arm64");
        if (profile.EndsWith("aot", StringComparison.Ordinal))
        {
            Debian.Require("/usr/bin/aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross");
            Debian.Require("/usr/bin/ld.lld", "lld");
            Debian.Require("/usr/bin/clang", "clang");
        }

        string project = typeof(Arm64Tests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "SampleProject").Value!;
        string folder = Path.Combine(service.Folder, "published");
        (int exitCode, string output) = Debian.Run(
            "dotnet", "publish", project, $"-p:PublishProfile={profile}", $"-p:PublishDir={folder}/", "--artifacts-path", artifacts.Folder, "-p:RunAnalyzers=false", "--disable-build-servers", "-nodeReuse:false");
        Assert.SkipWhen(output.Contains("error NU1101", StringComparison.Ordinal) || output.Contains("error NU1301", StringComparison.Ordinal), "The Arm64 runtime packages cannot be restored here.");
        Assert.True(exitCode == 0, output);
        Assert.All(output.Split('\n').Where(line => line.Contains("warning IL", StringComparison.Ordinal)), line => Assert.Contains("'UnitsNet' produced trim warnings", line, StringComparison.Ordinal));

        // qemu before 8.1 does not see code that is written through a second mapping of its page, and runs what stood there before: null references in sound code.
        string[] program = [Emulator, "-E", "DOTNET_EnableWriteXorExecute=0", "-E", $"LD_LIBRARY_PATH={Path.Combine(Debian.Unpacked("libssl3:arm64", Path.Combine(service.Folder, "ssl")), "usr/lib/aarch64-linux-gnu")}", Path.Combine(folder, "edge-device")];
        (exitCode, output) = Debian.Run(program[0], [.. program[1..], "check", .. service.Settings()]);
        Assert.True(exitCode == 0, output);
        Assert.Equal(["processor: Arm64", "features: bit-identical", "model: version 1, 39 inputs, self-test good", "settings: fit the model"], output.Trim().Split('\n'));

        (_, output) = Debian.Run(program[0], [.. program[1..], "doctor", "--touch", .. service.Settings()]);
        Assert.Contains("Arm64 program on ", output, StringComparison.Ordinal);
        Assert.Contains("factory.edge' is good: version 1, self-test good.", output, StringComparison.Ordinal);
        Assert.Contains("ok       sensor    'simulated' answers: ", output, StringComparison.Ordinal);

        service.Program = program;
        service.Start(notifySocket: null, "--Edge:Loop:PeriodMilliseconds=20");
        await service.PageAsync("/health", (status, _) => status == HttpStatusCode.OK);
        await service.VersionAsync(1);
        await service.PageAsync("/metrics", (_, text) => Decisions().Match(text) is { Success: true } decisions && double.Parse(decisions.Groups[1].ValueSpan, CultureInfo.InvariantCulture) > 0);
        Assert.Equal(0, service.Stop());
    }

    /// <summary>What is compiled for one profile is compiled for the other; the analyzers looked at it when the tests were built.</summary>
    public sealed class Artifacts : IDisposable
    {
        internal string Folder { get; } = Directory.CreateTempSubdirectory("edge-arm64-artifacts-").FullName;

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }

    // Whatever the metric's unit and help are.
    [GeneratedRegex("^edge_decisions_total(?:{[^}]*})? ([0-9.e+]+)", RegexOptions.Multiline)]
    private static partial Regex Decisions();
}
