namespace EdgeInference.Mutation;

/// <summary>The parts of the repository that are scored apart.</summary>
internal static class Areas
{
    private static readonly (string Area, string[] Folders)[] Table =
    [
        ("rules", ["src/ModelFormat/"]),
        ("devices", ["src/EdgeRuntime.Devices/", "samples/RaspberryPi/"]),
        ("importers", ["tools/ModelExporter/Import/"]),
        ("passes", ["tools/ModelExporter/Optimize/", "tools/ModelExporter/Graphs/", "tools/ModelExporter/Plan/", "tools/ModelExporter/Streaming/"]),
        ("quantizer", ["tools/ModelExporter/Quantize/"]),
        ("emitter", ["tools/ModelExporter/Emit/", "tools/ModelExporter/Check/"]),
        ("kernels", ["src/EdgeRuntime/", "src/EdgeRuntime.Nano/"]),
        // What is left of the command line.
        ("commands", ["tools/ModelExporter/"]),
    ];

    internal static IEnumerable<string> Names => Table.Select(row => row.Area);

    /// <summary>The area of a file named from the root of the repository, or null.</summary>
    internal static string? Of(string file) =>
        Table.FirstOrDefault(row => row.Folders.Any(folder => file.StartsWith(folder, StringComparison.Ordinal))).Area;
}
