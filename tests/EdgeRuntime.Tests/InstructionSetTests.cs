using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using EdgeInference.Runtime.Tests.Kernels;
using EdgeInference.Runtime.Tests.Kernels.Dense;
using EdgeInference.Runtime.Tests.Kernels.Elementwise;
using EdgeInference.Runtime.Tests.Kernels.Recurrent;
using EdgeInference.Runtime.Tests.Kernels.Reduction;
using EdgeInference.Runtime.Tests.Kernels.Trees;
using EdgeInference.Runtime.Tests.Kernels.Windows;

namespace EdgeInference.Runtime.Tests;

/// <summary>
/// Runs the kernel tests again in child processes, as other processors would: with instruction sets switched off by the
/// runtime's own settings, and on Arm64 under qemu with and without the dot product instructions. int8 outputs must be
/// the same bytes everywhere.
/// </summary>
public class InstructionSetTests
{
    private const string Arm64Variable = "EDGE_ARM64_TESTS";

    private static readonly TimeSpan limit = TimeSpan.FromMinutes(10);

    private static readonly string[] fingerprint = ["-method", typeof(KernelFingerprintTests).FullName + ".*", "-method", typeof(QuantizeKernelTests).FullName + ".*"];
    private static readonly string[] kernels =
    [
        .. fingerprint,
        .. new[]
        {
            typeof(Int8DenseKernelTests),
            typeof(Int16DenseKernelTests),
            typeof(Float32DenseKernelTests),
            typeof(ConvKernelTests),
            typeof(DepthwiseSlideTests),
            typeof(PlanarConvTests),
            typeof(QuantizedBinaryKernelTests),
            typeof(TreeWalkTests),
            typeof(QuantizedCellTests),
            typeof(SquaredDistanceTests),
            typeof(QuantizedDistanceTests),
            typeof(FloatKernelTests),
            typeof(SoftmaxKernelTests),
            typeof(VectorReductionTests),
        }.SelectMany(tests => new[] { "-method", tests.FullName + ".*" }),
    ];

    // Under qemu every test costs seconds, so that only one test a kernel runs there.
    private static readonly string[] underQemu = [.. fingerprint, "-method", typeof(ConvKernelTests).FullName + ".*", "-method", $"{typeof(Float32DenseKernelTests).FullName}.{nameof(Float32DenseKernelTests.Every_activation_is_applied_with_and_without_a_bias)}"];

    // The dot product is all that these two processors differ in, and int8 kernels are all that use it.
    private static readonly string[] withoutDotProduct =
    [
        "-method", typeof(KernelFingerprintTests).FullName + ".*",
        "-method", $"{typeof(Int8DenseKernelTests).FullName}.{nameof(Int8DenseKernelTests.The_largest_products_of_weights_above_the_lowest_are_exact)}",
        .. new[] { nameof(ConvKernelTests.Int8_gives_the_bytes_of_the_scalar_twin), nameof(ConvKernelTests.Depthwise_convolutions_three_by_three_agree), nameof(ConvKernelTests.Convolutions_three_by_three_agree), nameof(ConvKernelTests.Requantization_of_any_size_gives_the_bytes_of_the_scalar_twin) }
            .SelectMany(name => new[] { "-method", $"{typeof(ConvKernelTests).FullName}.{name}" }),
    ];

    private static readonly Lazy<string> expected = new(() => KernelFingerprintTests.Compute(KernelSet.Reference));

    /// <summary>What can be switched off here: what this processor does not have is off already, and would be another's run again.</summary>
    public static TheoryData<string> Settings => [.. new[] { "EnableAVXVNNI", "EnableAVX512", "EnableAVX512 EnableAVXVNNI", "EnableAVX2", "EnableSSE42", "EnableHWIntrinsic" }
        .Where(sets => (AvxVnni.IsSupported || !sets.Contains("AVXVNNI", StringComparison.Ordinal)) && (Avx512F.IsSupported || !sets.Contains("AVX512", StringComparison.Ordinal)))];

    [Theory]
    [MemberData(nameof(Settings))]
    public void Kernels_agree_without(string instructionSets)
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "These settings are for x64.");
        var start = new ProcessStartInfo("dotnet", [typeof(InstructionSetTests).Assembly.Location, "-noLogo", "-noColor", .. kernels]);
        foreach (string name in instructionSets.Split(' '))
        {
            start.Environment["DOTNET_" + name] = "0";
        }

        // It counts what would pay in a long run; these are short.
        start.Environment["DOTNET_TieredPGO"] = "0";

        AssertAgrees(start, instructionSets + " off");
    }

    private const string Arm64Loader = "/lib/ld-linux-aarch64.so.1";

    private static string Name => typeof(InstructionSetTests).Assembly.GetName().Name!;

    [Fact]
    public void Kernels_agree_on_Arm64_with_and_without_dot_product()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "qemu-user runs on Linux; this is for x64.");
        Assert.SkipUnless(Environment.GetEnvironmentVariable(Arm64Variable) == "1", $"It publishes and emulates for a minute; {Arm64Variable}=1 runs it, as .ci/run does.");
        Assert.SkipUnless(HasQemu(), "There is no qemu-aarch64-static here, and apt-get cannot install qemu-user-static.");
        Assert.SkipUnless(HasArm64Libraries(), $"There is no {Arm64Loader} here, and apt-get cannot install Debian's libraries for Arm64.");
        string folder = Directory.CreateTempSubdirectory("edge-arm64-").FullName;
        try
        {
            string published = Path.Combine(folder, "published");
            (int exit, string output) = PublishRuntime(folder, published);
            Assert.SkipUnless(exit == 0 || !output.Contains("NU1", StringComparison.Ordinal), "The Arm64 runtime package cannot be restored here.");
            Assert.True(exit == 0, output);
            CopyTests(published);

            string? ssl = Ssl(folder);
            Assert.SkipUnless(ssl is not null, "There is no libssl3 for Arm64 here, and apt-get cannot download it.");

            // cortex-a72 is Raspberry Pi 4's processor; qemu's "max" has the dot product that Raspberry Pi 5 has.
            foreach ((string processor, string[] tests) in new[] { ("max", underQemu), ("cortex-a72", withoutDotProduct) })
            {
                var start = new ProcessStartInfo("qemu-aarch64-static", ["-E", $"LD_LIBRARY_PATH={ssl}", "-cpu", processor, Path.Combine(published, Name), "-noLogo", "-noColor", .. tests])
                {
                    // Not where these tests are: a program without a list of its assemblies takes a runtimeconfig.json of its name there for that of a shared runtime.
                    WorkingDirectory = folder,
                };

                // qemu does not see code that is written through a second mapping of its page.
                start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
                start.Environment["DOTNET_TieredCompilation"] = "0";
                AssertAgrees(start, "Arm64 " + processor);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // The runtime asks for it at its first hash. Unpacked, since dpkg installs it only in the version that this machine's own has.
    private static string? Ssl(string folder)
    {
        const string Installed = "/usr/lib/aarch64-linux-gnu";
        if (File.Exists(Path.Combine(Installed, "libssl.so.3")))
        {
            return Installed;
        }

        string unpacked = Directory.CreateDirectory(Path.Combine(folder, "ssl")).FullName;
        return Run(new ProcessStartInfo("sh", ["-c", "cd \"$0\" && apt-get download -qq libssl3:arm64 && dpkg-deb -x *.deb root", unpacked])).Exit == 0
            ? Path.Combine(unpacked, "root", "usr", "lib", "aarch64-linux-gnu")
            : null;
    }

    private static void AssertAgrees(ProcessStartInfo start, string what)
    {
        string file = Path.GetTempFileName();
        try
        {
            start.Environment[KernelFingerprintTests.Variable] = file;
            (int exit, string output) = Run(start);
            Assert.True(exit == 0, $"{what}: {output}");
            Assert.Equal(expected.Value, File.ReadAllText(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static bool HasQemu()
    {
        if (Start("qemu-aarch64-static", "--version"))
        {
            return true;
        }

        return Environment.UserName == "root" && Start("apt-get", "install", "-y", "-q", "qemu-user-static") && Start("qemu-aarch64-static", "--version");
    }

    // qemu runs the program; its C library is Arm64's own. Other tests install packages at the same time, hence the wait for dpkg's lock.
    private static bool HasArm64Libraries() => File.Exists(Arm64Loader)
        || (Environment.UserName == "root"
            && Start("dpkg", "--add-architecture", "arm64")
            && Start("apt-get", "-o", "DPkg::Lock::Timeout=300", "update", "-qq")
            && Start("apt-get", "-o", "DPkg::Lock::Timeout=300", "install", "-y", "-qq", "--no-install-recommends", "libc6:arm64", "libstdc++6:arm64")
            && File.Exists(Arm64Loader));

    private static bool Start(string program, params string[] arguments)
    {
        try
        {
            return Run(new ProcessStartInfo(program, arguments)).Exit == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static (int Exit, string Output) Run(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            return (-1, "took too long");
        }

        return (process.ExitCode, output.Result + error.Result);
    }

    // Arm64's runtime with a program of nothing: compiling these tests and all they refer to once more takes ten times as long, and gives the same IL.
    private static (int Exit, string Output) PublishRuntime(string folder, string published)
    {
        string project = Path.Combine(folder, Name + ".csproj");
        File.WriteAllText(Path.Combine(folder, "Program.cs"), "return;");
        File.WriteAllText(project, $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net{Environment.Version.ToString(2)}</TargetFramework>
                <InvariantGlobalization>true</InvariantGlobalization>
                <TieredPGO>false</TieredPGO>
                <GenerateDependencyFile>false</GenerateDependencyFile>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
            </Project>
            """);
        return Run(new ProcessStartInfo("dotnet", ["publish", project, "-c", "Release", "-r", "linux-arm64", "--self-contained", "-o", published, "-nologo"]) { WorkingDirectory = folder });
    }

    // Assemblies that the runtime has are its own for Arm64; the program of nothing gives way to the tests.
    private static void CopyTests(string published)
    {
        File.Delete(Path.Combine(published, Name + ".dll"));
        foreach (string file in Directory.GetFiles(AppContext.BaseDirectory, "*.dll"))
        {
            string target = Path.Combine(published, Path.GetFileName(file));
            if (!File.Exists(target))
            {
                File.Copy(file, target);
            }
        }
    }
}
