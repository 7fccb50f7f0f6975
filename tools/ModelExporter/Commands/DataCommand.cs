using System.CommandLine;

namespace EdgeInference.Tool.Commands;

/// <summary><c>edge data</c>: the data sets that the documents use, for someone who has the tool and no clone.</summary>
internal static class DataCommand
{
    /// <summary>The folder that came with the tool.</summary>
    /// <exception cref="InputException">It is not there.</exception>
    internal static string Installed
    {
        get
        {
            string folder = Path.Combine(AppContext.BaseDirectory, "data");
            return Directory.Exists(folder) ? folder : throw new InputException($"The tool's data folder '{folder}' is missing; install the tool again.");
        }
    }

    internal static Command Create()
    {
        var folder = new Option<string>("--output", "-o") { Description = "Folder for the files.", DefaultValueFactory = _ => "data" };
        var command = new Command("data", "Writes the data sets and models that the documents use, some 800 KB.") { folder };
        command.SetAction(result => Run(result.GetRequiredValue(folder)));
        return command;
    }

    private static int Run(string folder)
    {
        (string Path, byte[] Bytes)[] files = [.. Directory.GetFiles(Installed).Order(StringComparer.Ordinal).Select(file => (Path.Combine(folder, Path.GetFileName(file)), File.ReadAllBytes(file)))];
        try
        {
            // A folder named data may well be the reader's own: nothing of it is replaced, and nothing is written where something stands in the way.
            if (files.FirstOrDefault(file => Path.Exists(file.Path) && !Holds(file.Path, file.Bytes)) is { Path: { } other })
            {
                throw new InputException($"'{other}' is there and is not the file that belongs there; name another folder with -o.");
            }

            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The folder '{folder}' cannot be used: {exception.Message}", exception);
        }

        foreach ((string path, byte[] bytes) in files.Where(file => !Path.Exists(file.Path)))
        {
            AtomicFile.Write(path, bytes);
        }

        Console.Out.WriteLine($"{files.Length} files are in {folder}; {Path.Combine(folder, "README.md")} says what they are and where they come from.");
        return EdgeCommand.Done;
    }

    private static bool Holds(string path, byte[] bytes) => File.Exists(path) && new FileInfo(path).Length == bytes.Length && File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes);
}
