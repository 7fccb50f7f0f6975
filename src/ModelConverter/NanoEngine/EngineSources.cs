using System.Reflection;

namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>The engine's sources as this assembly carries them: the files that EdgeRuntime.Nano.nfproj compiles.</summary>
internal static class EngineSources
{
    private const string Prefix = "NanoEngine/";

    /// <summary>Paths and texts, in the order of the paths.</summary>
    public static IReadOnlyList<(string Path, string Text)> All()
    {
        Assembly assembly = typeof(EngineSources).Assembly;
        return [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name => (name[Prefix.Length..], Text(assembly, name)))];
    }

    private static string Text(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
