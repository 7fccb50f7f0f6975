namespace ModelExporter;

/// <summary>Where rows are read from.</summary>
internal static class InputFile
{
    /// <summary>The path that stands for standard input.</summary>
    internal const string StandardInput = "-";

    /// <summary>Standard input as a file.</summary>
    internal const string Device = "/dev/stdin";

    /// <summary>The path to read, with "-" as standard input.</summary>
    /// <exception cref="InputException">The system has no file for standard input.</exception>
    internal static string Of(string path) =>
        path != StandardInput ? path
        : OperatingSystem.IsWindows() ? throw new InputException("Standard input is not read on Windows; write the rows to a .csv file.")
        : Device;
}
