using System.Runtime.CompilerServices;
using EdgeInference.Nano.Tests.Emit;

namespace EdgeInference.Nano.Tests;

/// <summary>
/// samples/Esp32 compiles and uses what nanoFramework has. The device packages have no desktop build, so that the sample is compiled
/// against their outlines here, and the guard holds every member it uses to the lists of the real ones.
/// </summary>
public class SampleCodeTests
{
    [Fact]
    public void The_sample_uses_what_nanoFramework_has()
    {
        string folder = Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "samples", "Esp32");
        byte[] sample = EmittedCode.Compile(Directory.GetFiles(folder, "*.cs").Select(path => (Path.GetFileName(path), File.ReadAllText(path))), "Esp32", DeviceOutlines.All());
        Assert.Empty(NanoGuard.Check(sample, "EdgeInference.Nano", "nanoFramework.Hardware.Esp32"));
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
