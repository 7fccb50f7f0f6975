using System.Runtime.CompilerServices;
using EdgeInference.Tool.Execution;

namespace EdgeInference.Tool.Tests;

/// <summary>No test asserts a time. The compiler is never quiet while other tests run, so that each warm-up would take its longest.</summary>
internal static class NoWarmUp
{
    // CA2255 is about libraries: this assembly is what runs.
    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2255", Justification = "A test assembly is an application.")]
    internal static void Set() => WarmUp.MaxSeconds = 0;
}
