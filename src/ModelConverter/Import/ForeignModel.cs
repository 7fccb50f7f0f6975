namespace EdgeInference.ModelConverter.Import;

/// <summary>What people give for a model that can be imported, and what to do with it.</summary>
internal static class ForeignModel
{
    private const string PyTorch = "export the model from PyTorch with torch.onnx.export and give that .onnx ('edge help how-do-i/pytorch')";
    private const string Pickle = "convert the model in Python with skl2onnx and give that .onnx ('edge help how-do-i/scikit-learn')";
    private const string TensorFlow = "convert the model with tf.lite.TFLiteConverter and give that .tflite ('edge help tflite')";

    private static readonly Dictionary<string, string> mends = new(StringComparer.OrdinalIgnoreCase)
    {
        [".pt"] = PyTorch, [".pth"] = PyTorch, [".pt2"] = PyTorch, [".ckpt"] = PyTorch,
        [".pkl"] = Pickle, [".pickle"] = Pickle, [".joblib"] = Pickle,
        [".pb"] = TensorFlow,
        [".zip"] = "save an ML.NET model with ConvertToOnnx and give that .onnx ('edge help how-do-i/ml-net'), or unpack an archive",
    };

    private static readonly HashSet<string> rows = new(StringComparer.OrdinalIgnoreCase) { ".csv", ".tsv", ".npy", ".xlsx", ".parquet" };

    /// <summary>A sentence for a file whose name is known to belong to something else; null for others.</summary>
    internal static string? Sentence(string path)
    {
        string extension = Path.GetExtension(path);
        return string.Equals(extension, ".edge", StringComparison.OrdinalIgnoreCase) ? $"'{path}' is already exported; give the trained model that it came from."
            : mends.TryGetValue(extension, out string? mend) ? $"'{path}' has the extension '{extension}', which cannot be imported; {mend}."
            : Rows(path);
    }

    /// <summary>A sentence for rows in the place of a model; null for others.</summary>
    internal static string? Rows(string path) =>
        !rows.Contains(Path.GetExtension(path)) ? null
        : $"'{path}' holds rows and is no model; a model comes first and its rows behind an option, and 'edge train' makes a model of a CSV.";

    /// <summary>A sentence for a folder; null where there is none.</summary>
    internal static string? Folder(string path) =>
        !Directory.Exists(path) ? null
        : File.Exists(Path.Combine(path, "saved_model.pb")) ? $"'{path}' is a SavedModel of TensorFlow; {TensorFlow}."
        : $"'{path}' is a folder; name a file.";
}
