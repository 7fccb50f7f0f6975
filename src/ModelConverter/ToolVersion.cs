using System.Reflection;

namespace EdgeInference.ModelConverter;

/// <summary>What the tool calls itself in the files it writes.</summary>
internal static class ToolVersion
{
    /// <summary>Name and version. Without the commit, so that the same input gives the same bytes on every checkout.</summary>
    internal static string Text { get; } = "edge " + Version();

    private static string Version()
    {
        string version = typeof(ToolVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        int plus = version.IndexOf('+', StringComparison.Ordinal);
        return plus < 0 ? version : version[..plus];
    }
}
