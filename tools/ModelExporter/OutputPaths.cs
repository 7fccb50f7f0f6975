namespace EdgeInference.Tool;

/// <summary>Keeps a command from writing over what it reads, and two outputs from being one file.</summary>
internal static class OutputPaths
{
    /// <summary>Refuses outputs that are an input, or each other, by whatever path, link or hard link. Nothing is written before.</summary>
    /// <param name="inputs">What names each input on the command line, and its path; null if it is left out.</param>
    /// <param name="outputs">What names each output, and its path.</param>
    /// <exception cref="InputException">Two of them are the same file.</exception>
    internal static void Check((string Name, string? Path)[] inputs, (string Name, string? Path)[] outputs)
    {
        var seen = new Dictionary<string, (string Name, string Path, bool IsInput)>(StringComparer.Ordinal);
        foreach ((string name, string? path) in inputs)
        {
            // An input that is a device loses nothing when it is written to.
            if (path is not null && InputIdentity(path) is { } identity)
            {
                seen.TryAdd(identity, (name, path, true));
            }
        }

        foreach ((string name, string? path) in outputs)
        {
            if (path is null || OutputTarget.Of(path).Identity is not { } identity || seen.TryAdd(identity, (name, path, false)))
            {
                continue;
            }

            (string other, string otherPath, bool isInput) = seen[identity];
            throw new InputException(isInput
                ? $"{name} '{path}' is the same file as the input of {other}, '{otherPath}'; give another path with {name}."
                : $"{name} '{path}' and {other} '{otherPath}' are the same file; give each a unique path.");
        }
    }

    /// <summary>True where an output's bytes go to standard output, which then takes nothing else.</summary>
    internal static bool IsStandardOutput(string? path) => path is not null && OutputTarget.Of(path).IsStandardOutput;

    private static string? InputIdentity(string path) =>
        path.Length > 0 && FileStatus.Of(path == InputFile.StandardInput ? InputFile.Device : path) is { IsOrdinary: true } status ? status.Identity : null;
}
