using System.Text.Json;

namespace EdgeInference.ModelConverter.Import.Weights;

/// <summary>The file that names the layers of a weights file, JSON or YAML (docs/weights.md).</summary>
internal static class LayerFile
{
    private const long MaxBytes = 16 << 20;

    /// <summary>Reads it.</summary>
    /// <exception cref="InputException">It is missing, too large, or neither JSON nor YAML.</exception>
    internal static JsonDocument Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new InputException($"File '{path}' not found; check the path.");
        }

        bool yaml = System.IO.Path.GetExtension(path).ToUpperInvariant() is ".YAML" or ".YML";
        if (new FileInfo(path).Length > MaxBytes)
        {
            throw new InputException($"'{path}' is larger than {MaxBytes >> 20} MiB, too large for a list of layers; check the path.");
        }

        try
        {
            JsonDocument document = yaml
                ? FromYaml(path)
                : JsonDocument.Parse(File.ReadAllText(path), new JsonDocumentOptions { AllowDuplicateProperties = false, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                document.Dispose();
                throw new InputException($"'{path}' is not an object with 'input' and 'layers'; 'edge help weights' shows one.");
            }

            return document;
        }
        catch (Exception exception) when (exception is JsonException or YamlDotNet.Core.YamlException)
        {
            string message = exception is YamlDotNet.Core.YamlException fault ? $"line {fault.Start.Line}: {fault.Message}" : exception.Message;
            throw new InputException($"'{path}' cannot be read: {message.ReplaceLineEndings(" ").TrimEnd('.')}.", exception);
        }
    }

    private static JsonDocument FromYaml(string path)
    {
        using StreamReader text = File.OpenText(path);
        return JsonDocument.Parse(YamlLayers.ToJson(text));
    }
}
