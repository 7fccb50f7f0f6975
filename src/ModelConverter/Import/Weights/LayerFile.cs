using System.Text.Json;

namespace EdgeInference.ModelConverter.Import.Weights;

/// <summary>The file that names the layers of a weights file, JSON or YAML (docs/weights.md).</summary>
internal static class LayerFile
{
    private const long MaxBytes = 16 << 20;

    // A list of thousands of layers; its parser takes seconds for a MiB.
    private const long MaxYamlBytes = 1 << 20;

    /// <summary>Reads it.</summary>
    /// <exception cref="InputException">It is missing, too large, or neither JSON nor YAML.</exception>
    internal static JsonDocument Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new InputException($"File '{path}' not found; check the path.");
        }

        bool yaml = System.IO.Path.GetExtension(path).ToUpperInvariant() is ".YAML" or ".YML";
        long most = yaml ? MaxYamlBytes : MaxBytes;
        if (new FileInfo(path).Length > most)
        {
            throw new InputException($"'{path}' is larger than {most >> 20} MiB, too large for a list of layers; check the path.");
        }

        try
        {
            string text = File.ReadAllText(path);
            JsonDocument document = yaml
                ? JsonSerializer.SerializeToDocument(YamlLayers.Parse(text))
                : JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                document.Dispose();
                throw new InputException($"'{path}' is not an object with 'input' and 'layers'; docs/weights.md shows one.");
            }

            return document;
        }
        catch (Exception exception) when (exception is JsonException or YamlDotNet.Core.YamlException)
        {
            string message = exception is YamlDotNet.Core.YamlException fault ? $"line {fault.Start.Line}: {fault.Message}" : exception.Message;
            throw new InputException($"'{path}' cannot be read: {message.ReplaceLineEndings(" ").TrimEnd('.')}.", exception);
        }
    }
}
