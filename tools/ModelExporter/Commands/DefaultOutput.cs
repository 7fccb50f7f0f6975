using EdgeInference.ModelConverter.Import;

namespace EdgeInference.Tool.Commands;

/// <summary>The .edge file that a command writes.</summary>
internal static class DefaultOutput
{
    /// <summary>The input's name with .edge, in the current folder. What nobody named is not written over; an input that is not there is refused where it is read.</summary>
    /// <param name="input">The input; - for standard input.</param>
    /// <exception cref="InputException">There is a file by this name.</exception>
    internal static string Of(string input)
    {
        string path = input == InputFile.StandardInput ? "model.edge" : Path.GetFileNameWithoutExtension(input) + ".edge";
        return Path.Exists(path) && InputFile.Exists(input) ? throw new InputException($"'{path}' exists; name the file to write with -o, which may be this one.") : path;
    }

    /// <summary>Refuses the name of a file of another format: only .edge files are written, and what reads the name would expect the other.</summary>
    /// <param name="command">The command that writes, such as export.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="otherwise">What writes a file of that format, as the end of a sentence, or nothing.</param>
    /// <exception cref="UsageException">The name is one.</exception>
    internal static void CheckName(string command, string path, Func<string, string>? otherwise = null)
    {
        string extension = Path.GetExtension(path);
        if (ModelImporter.Extensions.Contains(extension, StringComparer.OrdinalIgnoreCase))
        {
            throw new UsageException($"--output '{path}' is named as another format, {extension}, but 'edge {command}' writes .edge files; write -o {Path.GetFileNameWithoutExtension(path)}.edge{otherwise?.Invoke(extension.ToLowerInvariant())}.");
        }
    }
}
