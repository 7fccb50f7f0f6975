using System.Runtime.CompilerServices;
using EdgeInference.Tool.Execution;

namespace EdgeInference.Tool.Tests;

/// <summary>No test asserts a time. The compiler is never quiet while other tests run, so that each warm-up would take its longest; and no process is worth profiling.</summary>
internal static class TestProcess
{
    // CA2255 is about libraries: this assembly is what runs.
    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2255", Justification = "A test assembly is an application.")]
    internal static void Set()
    {
        WarmUp.MaxSeconds = 0;

        // Commands that a test starts are short, as Directory.Build.props says of the tests.
        Environment.SetEnvironmentVariable("DOTNET_TieredPGO", "0");
    }
}
