using System.Runtime.InteropServices;

namespace EdgeDevice;

/// <summary>All that the checks see of a machine: files below a root, programs, and a few facts. Tests put a folder here.</summary>
internal sealed class Machine
{
    internal string Root { get; init; } = "/";

    /// <summary>Runs a program and gives its standard output; null where it is not there or fails.</summary>
    internal Func<string, string[], string?> Command { get; init; } = Programs.Output;

    /// <summary>Why a path below the root cannot be opened to read and write; null where it can.</summary>
    internal Func<string, string?> Opening { get; init; } = Permissions.Refusal;

    /// <summary>Whether a port of the loopback address is free.</summary>
    internal Func<int, bool> PortIsFree { get; init; } = Ports.IsFree;

    /// <summary>Why a server cannot be reached; null where it can.</summary>
    internal Func<string, int, string?> Connecting { get; init; } = Ports.Refusal;

    internal string User { get; init; } = Environment.UserName;

    internal int ProcessId { get; init; } = Environment.ProcessId;

    internal DateTime Now { get; init; } = DateTime.UtcNow;

    internal Architecture Architecture { get; init; } = RuntimeInformation.ProcessArchitecture;

    /// <summary>The folder of the program, with its settings and its unit; not below the root.</summary>
    internal string ProgramFolder { get; init; } = AppContext.BaseDirectory;

    internal string Path(string path) => Root == "/" ? path : System.IO.Path.Join(Root, path);

    internal bool Exists(string path) => System.IO.Path.Exists(Path(path));

    /// <summary>The text of a file; null where there is none or it cannot be read.</summary>
    internal string? Read(string path) => ReadFile(Path(path));

    internal static string? ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The paths of a folder's entries, as the machine names them, in order; none where there is no folder.</summary>
    internal IReadOnlyList<string> List(string folder, string pattern = "*")
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(Path(folder), pattern).Select(entry => folder.TrimEnd('/') + "/" + System.IO.Path.GetFileName(entry)).Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
