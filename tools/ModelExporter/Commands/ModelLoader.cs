using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Commands;

/// <summary>Opens .edge files for commands.</summary>
internal static class ModelLoader
{
    /// <summary>Loads a model.</summary>
    /// <exception cref="InputException">The file is missing or not a valid model.</exception>
    internal static EdgeModel Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new InputException(ForeignModel.Folder(path) ?? $"File '{path}' not found; check the path.");
        }

        if (ForeignModel.Rows(path) is { } rows)
        {
            throw new InputException(rows);
        }

        if (ModelImporter.Extensions.FirstOrDefault(extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase)) is { } source)
        {
            throw new InputException($"'{path}' is a trained model, not an .edge file; convert it with edge export {path} -o {Path.GetFileName(path)[..^source.Length]}.edge.");
        }

        try
        {
            return EdgeModel.Load(path);
        }
        catch (ModelFormatException exception)
        {
            throw new InputException($"'{path}': {exception.Message:own}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be read: {exception.Message:own}", exception);
        }
    }
}
