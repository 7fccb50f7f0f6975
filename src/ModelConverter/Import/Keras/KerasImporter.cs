using System.Security.Cryptography;
using System.Text.Json;
using EdgeInference.ModelConverter.Graphs;
using PureHDF;

namespace EdgeInference.ModelConverter.Import.Keras;

/// <summary>
/// Imports Keras models, Sequential and functional ones of the layers in <see cref="KerasLayers"/>: whole models in one
/// <c>.h5</c> file, and <c>.keras</c> archives.
/// </summary>
internal static class KerasImporter
{
    private static ReadOnlySpan<byte> ZipMagic => "PK"u8;

    /// <summary>Imports a model; what kind of file it is, its first bytes say.</summary>
    /// <exception cref="InputException">The file cannot be read, is not a Keras model, or has layers that are not supported, all of which the message names.</exception>
    public static Graph Import(string path)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            Graph graph = bytes.AsSpan().StartsWith(ZipMagic) ? FromArchive(bytes, path) : FromModelFile(bytes, path);
            graph.Metadata = graph.Metadata with { Name = Path.GetFileNameWithoutExtension(path), SourceHash = SHA256.HashData(bytes) };
            return graph;
        }
        catch (Exception exception) when (exception is not InputException)
        {
            // The HDF5 reader has no exception type of its own for damaged files, and asks for as much memory as they declare.
            throw new InputException($"'{path}' cannot be read as a Keras model: {exception.Message.ReplaceLineEndings(" ").TrimEnd('.')}; save it again with model.save.", exception);
        }
    }

    private static Graph FromModelFile(byte[] bytes, string path)
    {
        var stream = new GuardedStream(bytes);
        using var file = H5File.Open(stream);
        if (!file.AttributeExists("model_config"))
        {
            throw new InputException($"'{path}' holds weights but no model; save the whole model with model.save, or list the layers with --layers net.json ('edge help weights').");
        }

        using JsonDocument json = JsonDocument.Parse(file.Attribute("model_config").Read<string>());
        string version = file.AttributeExists("keras_version") ? file.Attribute("keras_version").Read<string>() : "";
        var weights = new KerasModelFileWeights(file.Group("model_weights"), stream);
        using JsonDocument? training = file.AttributeExists("training_config") ? JsonDocument.Parse(file.Attribute("training_config").Read<string>()) : null;
        return KerasModel.Convert(json.RootElement, Loss(training?.RootElement), new KerasFile(path, Major(version), weights));
    }

    private static Graph FromArchive(byte[] bytes, string path)
    {
        var archive = KerasArchive.Read(bytes);
        using JsonDocument json = JsonDocument.Parse(archive.Config);
        string version = "";
        if (archive.Metadata.Length > 0)
        {
            using JsonDocument metadata = JsonDocument.Parse(archive.Metadata);
            version = metadata.RootElement.TryGetProperty("keras_version", out JsonElement element) ? element.GetString() ?? "" : "";
        }

        var stream = new GuardedStream(archive.Weights);
        using var file = H5File.Open(stream);
        JsonElement? compiled = json.RootElement.TryGetProperty("compile_config", out JsonElement settings) ? settings : null;
        return KerasModel.Convert(json.RootElement, Loss(compiled), new KerasFile(path, Major(version), new KerasArchiveWeights(file, stream)));
    }

    private static JsonElement? Loss(JsonElement? settings) =>
        settings is { ValueKind: JsonValueKind.Object } compiled && compiled.TryGetProperty("loss", out JsonElement loss) ? loss : null;

    private static int Major(string version) => int.TryParse(version.Split('.')[0], out int major) ? major : 2;
}
