namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>The nanoFramework project around an emitted engine.</summary>
internal static class EngineProject
{
    private const string Name = "EdgeInference.Nano";

    /// <summary>File names and texts.</summary>
    public static IReadOnlyList<(string Name, string Text)> Files() =>
    [
        ($"{Name}.nfproj", ProjectXml.Project(Name, Name, "{6D0C1C3E-52B1-4E0B-9C63-0C5B0E1F7A02}", "Library", [EngineEmitter.SourceName], [NanoPackage.CoreLibrary])),
        ("packages.config", ProjectXml.Packages([NanoPackage.CoreLibrary])),
    ];
}
