namespace EdgeInference.Mutation;

/// <summary>The parts of the repository that are scored apart.</summary>
internal static class Areas
{
    private static readonly (string Area, string[] Folders)[] Table =
    [
        ("rules", ["src/ModelFormat/"]),
        ("devices", ["src/EdgeRuntime.Devices/", "src/EdgeRuntime.Devices.Hosting/", "samples/RaspberryPi/"]),
        ("importers", ["src/ModelConverter/Import/"]),
        ("passes", ["src/ModelConverter/Optimize/", "src/ModelConverter/Graphs/", "src/ModelConverter/Plan/", "src/ModelConverter/Streaming/"]),
        ("quantizer", ["src/ModelConverter/Quantize/"]),
        ("emitter", ["src/ModelConverter/Emit/", "src/ModelConverter/Check/"]),
        ("kernels", ["src/EdgeRuntime/", "src/EdgeRuntime.Nano/"]),
        // What is left: tables, metrics and decisions are tried with the commands that use them.
        ("commands", ["tools/ModelExporter/", "src/ModelConverter/", "src/ModelTraining/"]),
    ];

    internal static IEnumerable<string> Names => Table.Select(row => row.Area);

    /// <summary>The area of a file named from the root of the repository, or null.</summary>
    internal static string? Of(string file) =>
        Table.FirstOrDefault(row => row.Folders.Any(folder => file.StartsWith(folder, StringComparison.Ordinal))).Area;
}
