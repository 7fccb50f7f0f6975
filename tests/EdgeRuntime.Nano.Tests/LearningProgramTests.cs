extern alias nano;

using System.Reflection;
using System.Runtime.CompilerServices;
using EdgeInference.Nano.Tests.Emit;

namespace EdgeInference.Nano.Tests;

/// <summary>
/// EdgeRuntime.Nano.Learning.DeviceTests, the program that a board and nanoCLR run, on the desktop twins of its assemblies: what it checks is
/// right, and it uses nothing that nanoFramework lacks.
/// </summary>
public class LearningProgramTests
{
    private const string Name = "EdgeRuntime.Nano.Learning.DeviceTests";
    private const int FewestChecks = 30;

    private static readonly Assembly[] Parts = [typeof(nano::EdgeInference.Nano.Signals.SignalPipeline).Assembly, typeof(nano::EdgeInference.Nano.Adaptation.AdaptiveClassifier).Assembly];

    [Fact]
    public void The_device_program_passes_on_the_desktop()
    {
        string folder = Path.Combine(Folder(), "..", Name);
        IEnumerable<string> files = Directory.GetFiles(folder, "*.cs").Concat(Directory.GetFiles(Path.Combine(folder, "Golden"), "*.cs"));
        byte[] program = EmittedCode.Compile(files.Select(path => (Path.GetFileName(path), File.ReadAllText(path))), Name, Parts.Select(part => File.ReadAllBytes(part.Location)));
        Assert.Empty(NanoGuard.Check(program, ["EdgeInference.Nano", .. Parts.Select(part => part.GetName().Name!)]));
        Assembly loaded = Assembly.Load(program);
        Call(loaded, "SignalTests");
        Call(loaded, "LearningTests");
        Assert.Equal(0, Count(loaded, "failed"));
        Assert.True(Count(loaded, "passed") >= FewestChecks);
    }

    private static void Call(Assembly program, string tests) =>
        Type(program, tests).GetMethod("Run", BindingFlags.Static | BindingFlags.NonPublic)!.Invoke(null, null);

    private static int Count(Assembly program, string field) =>
        (int)Type(program, "Report").GetField(field, BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!;

    private static Type Type(Assembly program, string name) => program.GetType("EdgeInference.Nano.Learning.DeviceTests." + name, throwOnError: true)!;

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
