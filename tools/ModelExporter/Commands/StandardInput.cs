namespace EdgeInference.Tool.Commands;

/// <summary>Standard input, where there is one.</summary>
internal static class StandardInput
{
    private const string Descriptors = "/proc/self/fd";

    /// <summary>Opens standard input.</summary>
    /// <exception cref="InputException">It is closed.</exception>
    internal static Stream Open() => IsClosed()
        ? throw new InputException("Standard input is closed; give the name of a file instead of -.")
        : Console.OpenStandardInput();

    // Where a process starts without a descriptor 0, the runtime gets it for a pipe of its own, and a read of it never ends. Both
    // ends of such a pipe are here; of a pipe from another process there is one.
    private static bool IsClosed()
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            string? input = Target("0");
            return input is null || input.StartsWith("anon_inode:", StringComparison.Ordinal)
                || (input.StartsWith("pipe:", StringComparison.Ordinal)
                    && Directory.EnumerateFileSystemEntries(Descriptors).Select(Path.GetFileName).Any(name => int.TryParse(name, out int number) && number > 2 && Target(name) == input && IsWritten(name)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // The access mode, O_WRONLY, is the last octal digit of the flags.
    private static bool IsWritten(string descriptor) =>
        File.ReadLines($"/proc/self/fdinfo/{descriptor}").FirstOrDefault(line => line.StartsWith("flags:", StringComparison.Ordinal))?.EndsWith('1') ?? false;

    private static string? Target(string descriptor)
    {
        try
        {
            return new FileInfo($"{Descriptors}/{descriptor}").LinkTarget;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
