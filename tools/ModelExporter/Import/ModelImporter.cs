using ModelExporter.Graphs;
using ModelExporter.Import.Keras;
using ModelExporter.Import.Onnx;
using ModelExporter.Import.Tflite;

namespace ModelExporter.Import;

/// <summary>Finds the importer for a trained model by the ending of its name.</summary>
public static class ModelImporter
{
    private static readonly Dictionary<string, Func<string, Graph>> importers = new(StringComparer.OrdinalIgnoreCase)
    {
        [".onnx"] = path => OnnxImporter.Import(path),
        [".tflite"] = TfliteImporter.Import,
        [".h5"] = KerasImporter.Import,
        [".keras"] = KerasImporter.Import,
    };

    /// <summary>The endings that can be imported.</summary>
    public static IReadOnlyCollection<string> Extensions => importers.Keys;

    /// <summary>Imports a trained model.</summary>
    /// <exception cref="InputException">The file is missing, of another kind, damaged, or uses operators that are not supported.</exception>
    public static Graph Import(string path)
    {
        if (!File.Exists(path))
        {
            throw new InputException($"There is no file '{path}'; check the path.");
        }

        string extension = Path.GetExtension(path);
        if (string.Equals(extension, ".edge", StringComparison.OrdinalIgnoreCase))
        {
            throw new InputException($"'{path}' is exported already; give the trained model it came from.");
        }

        return importers.TryGetValue(extension, out Func<string, Graph>? import)
            ? import(path)
            : throw new InputException($"'{path}' ends in '{extension}', which is no kind of model that can be imported; the kinds are {string.Join(", ", importers.Keys)}.");
    }
}
