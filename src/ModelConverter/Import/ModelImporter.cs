using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Keras;
using EdgeInference.ModelConverter.Import.Onnx;
using EdgeInference.ModelConverter.Import.Tflite;
using EdgeInference.ModelConverter.Import.Weights;

namespace EdgeInference.ModelConverter.Import;

/// <summary>Finds the importer for a trained model by the ending of its name.</summary>
internal static class ModelImporter
{
    private static readonly Dictionary<string, Func<string, ImportOptions, Graph>> importers = new(StringComparer.OrdinalIgnoreCase)
    {
        [".onnx"] = WithoutLayers(OnnxImporter.Import),
        [".tflite"] = WithoutLayers(Fixed(TfliteImporter.Import)),
        [".h5"] = Fixed((path, options) => options.Layers is null ? KerasImporter.Import(path) : WeightImporter.Import(path, options.Layers)),
        [".keras"] = WithoutLayers(Fixed(KerasImporter.Import)),
        [".safetensors"] = Fixed((path, options) => WeightImporter.Import(path, options.Layers)),
        [".npz"] = Fixed((path, options) => WeightImporter.Import(path, options.Layers)),
    };

    /// <summary>The endings that can be imported.</summary>
    public static IReadOnlyCollection<string> Extensions => importers.Keys;

    /// <summary>Imports a trained model.</summary>
    /// <param name="path">The model's file.</param>
    /// <param name="layers">The file that names the layers, for weights without a model; else null.</param>
    /// <param name="outputs">Names of the tensors to keep as outputs, or null for the file's.</param>
    /// <exception cref="InputException">The file is missing, of another kind, damaged, or uses operators that are not supported.</exception>
    public static Graph Import(string path, string? layers = null, IReadOnlyList<string>? outputs = null) =>
        Import(path, new ImportOptions { Layers = layers, Outputs = outputs });

    /// <summary>Imports a trained model.</summary>
    /// <param name="path">The model's file.</param>
    /// <param name="options">What the file leaves open.</param>
    /// <exception cref="InputException">As above, or an option does not fit the model.</exception>
    public static Graph Import(string path, ImportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(path);
        Graph graph = importers[Path.GetExtension(path)](path, options);
        FiniteWeights.Check(graph, path);
        OutputMeaning.Recognise(graph);
        return graph;
    }

    /// <summary>Refuses what no importer takes, by its place and name alone.</summary>
    /// <exception cref="InputException">There is no file, or it is of another kind.</exception>
    public static void Check(string path)
    {
        if (!File.Exists(path))
        {
            throw new InputException(ForeignModel.Folder(path) ?? $"File '{path}' not found; check the path.");
        }

        string extension = Path.GetExtension(path);
        if (!importers.ContainsKey(extension))
        {
            throw new InputException(ForeignModel.Sentence(path) ?? $"'{path}' has the extension '{extension}', which cannot be imported; supported are {string.Join(", ", importers.Keys)}.");
        }
    }

    // Only ONNX graphs are cut by the names of the file; others have their tensors by name once they are imported.
    private static Func<string, ImportOptions, Graph> Fixed(Func<string, ImportOptions, Graph> import) => (path, options) =>
    {
        if (options.Dimensions.Count > 0 || options.Batch is not null)
        {
            throw new InputException($"'{path}' has no open dimensions: --dim and --batch are for ONNX models; omit them.");
        }

        Graph graph = import(path, options);
        if (options.Outputs is { } outputs)
        {
            OutputMeaning.Select(graph, outputs);
        }

        if (options.Inputs is { } inputs)
        {
            InputSelection.Select(graph, inputs);
        }

        return graph;
    };

    private static Func<string, ImportOptions, Graph> Fixed(Func<string, Graph> import) => Fixed((path, _) => import(path));

    private static Func<string, ImportOptions, Graph> WithoutLayers(Func<string, ImportOptions, Graph> import) => (path, options) => options.Layers is null
        ? import(path, options)
        : throw new InputException($"'{path}' already describes its layers; omit --layers.");
}
