namespace EdgeInference.ModelConverter.Files;

/// <summary>Text files that commands read, "-" being standard input.</summary>
internal static class InputFile
{
    /// <summary>The path that stands for standard input.</summary>
    internal const string StandardInput = "-";

    /// <summary>Standard input as a file, where the system has one.</summary>
    internal const string Device = "/dev/stdin";

    // Commands may read their rows twice, and a pipe gives them once.
    private static readonly Lazy<string> standardInput = new(() =>
    {
        using var reader = new StreamReader(StandardStreams.Input());
        return reader.ReadToEnd();
    });

    /// <summary>True where there is something to read.</summary>
    internal static bool Exists(string path) => path == StandardInput || File.Exists(path);

    /// <summary>The text of a file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal static TextReader OpenText(string path) => path == StandardInput ? new StringReader(standardInput.Value) : new StreamReader(path);
}
