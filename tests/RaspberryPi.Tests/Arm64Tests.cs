using System.Reflection;

namespace RaspberryPi.Tests;

/// <summary>The service as it goes to a Raspberry Pi, run by an emulator: features, fixed point and signatures give what they give here.</summary>
public sealed class Arm64Tests : IDisposable
{
    private const string Emulator = "/usr/bin/qemu-aarch64-static";

    private readonly RunningService service = new();

    public void Dispose() => service.Dispose();

    [Theory]
    [InlineData("linux-arm64")]
    [InlineData("linux-arm64-aot")]
    public void The_published_service_checks_itself(string profile)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("EDGE_ARM64_TESTS") == "1", "It installs an Arm64 toolchain, publishes and emulates for minutes; EDGE_ARM64_TESTS=1 runs it, as .ci/run does.");
        Debian.Require(Emulator, "qemu-user-static");
        Debian.Require("/usr/lib/aarch64-linux-gnu/libssl.so.3", "libc6:arm64", "libstdc++6:arm64", "libssl3:arm64");
        if (profile.EndsWith("aot", StringComparison.Ordinal))
        {
            Debian.Require("/usr/bin/aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross");
            Debian.Require("/usr/bin/ld.lld", "lld");
            Debian.Require("/usr/bin/clang", "clang");
        }

        string project = typeof(Arm64Tests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "SampleProject").Value!;
        string folder = Path.Combine(service.Folder, "published");
        (int exitCode, string output) = Debian.Run(
            "dotnet", "publish", project, $"-p:PublishProfile={profile}", $"-p:PublishDir={folder}/", "--artifacts-path", Path.Combine(service.Folder, "artifacts"), "--disable-build-servers", "-nodeReuse:false");
        Assert.SkipWhen(output.Contains("error NU1101", StringComparison.Ordinal) || output.Contains("error NU1301", StringComparison.Ordinal), "The Arm64 runtime packages cannot be restored here.");
        Assert.True(exitCode == 0, output);
        Assert.All(output.Split('\n').Where(line => line.Contains("warning IL", StringComparison.Ordinal)), line => Assert.Contains("'UnitsNet' produced trim warnings", line, StringComparison.Ordinal));

        (exitCode, output) = Debian.Run(Emulator, [Path.Combine(folder, "edge-device"), "check", .. service.Settings()]);
        Assert.True(exitCode == 0, output);
        Assert.Equal(["processor: Arm64", "features: bit-identical", "model: version 1, 39 inputs, self-test good", "settings: fit the model"], output.Trim().Split('\n'));
    }
}
