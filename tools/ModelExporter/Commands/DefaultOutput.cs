namespace EdgeInference.Tool.Commands;

/// <summary>The .edge file that a command writes where none is named.</summary>
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
}
