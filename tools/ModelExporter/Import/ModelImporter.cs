using ModelExporter.Graphs;
using ModelExporter.Import.Keras;
using ModelExporter.Import.Onnx;
using ModelExporter.Import.Tflite;
using ModelExporter.Import.Weights;

namespace ModelExporter.Import;

/// <summary>Finds the importer for a trained model by the ending of its name.</summary>
public static class ModelImporter
{
    private static readonly Dictionary<string, Func<string, string?, Graph>> importers = new(StringComparer.OrdinalIgnoreCase)
    {
        [".onnx"] = WithoutLayers(path => FrozenBatch.Release(OnnxImporter.Import(path), shapes => OnnxImporter.Import(path, shapes))),
        [".tflite"] = WithoutLayers(TfliteImporter.Import),
        [".h5"] = (path, layers) => layers is null ? KerasImporter.Import(path) : WeightImporter.Import(path, layers),
        [".keras"] = WithoutLayers(KerasImporter.Import),
        [".safetensors"] = WeightImporter.Import,
        [".npz"] = WeightImporter.Import,
    };

    /// <summary>The endings that can be imported.</summary>
    public static IReadOnlyCollection<string> Extensions => importers.Keys;

    /// <summary>Imports a trained model.</summary>
    /// <param name="path">The model's file.</param>
    /// <param name="layers">The file that names the layers, for weights without a model; else null.</param>
    /// <param name="outputs">Names of the tensors to keep as outputs, or null for the file's.</param>
    /// <exception cref="InputException">The file is missing, of another kind, damaged, or uses operators that are not supported.</exception>
    public static Graph Import(string path, string? layers = null, IReadOnlyList<string>? outputs = null)
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

        return importers.TryGetValue(extension, out Func<string, string?, Graph>? import)
            ? Recognised(import(path, layers), outputs)
            : throw new InputException($"'{path}' ends in '{extension}', which is no kind of model that can be imported; the kinds are {string.Join(", ", importers.Keys)}.");
    }

    private static Graph Recognised(Graph graph, IReadOnlyList<string>? outputs)
    {
        if (outputs is not null)
        {
            OutputMeaning.Select(graph, outputs);
        }

        OutputMeaning.Recognise(graph);
        return graph;
    }

    private static Func<string, string?, Graph> WithoutLayers(Func<string, Graph> import) => (path, layers) => layers is null
        ? import(path)
        : throw new InputException($"'{path}' says itself what its layers are; leave --layers out.");
}
