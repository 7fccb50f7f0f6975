using System.Security.Cryptography;
using System.Text.Json;
using ModelExporter.Graphs;
using PureHDF;

namespace ModelExporter.Import.Keras;

/// <summary>Imports Keras models saved as one <c>.h5</c> file: Sequential and functional ones of the layers in <see cref="KerasLayers"/>.</summary>
public static class KerasImporter
{
    /// <summary>Imports a model.</summary>
    /// <exception cref="InputException">The file cannot be read, is no Keras model, or has layers that are not supported, all of which the message names.</exception>
    public static Graph Import(string path)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            using var file = H5File.Open(new MemoryStream(bytes));
            if (!file.AttributeExists("model_config"))
            {
                throw new InputException($"'{path}' holds no model, only weights; save the whole model with model.save.");
            }

            using JsonDocument json = JsonDocument.Parse(file.Attribute("model_config").Read<string>());
            Graph graph = Build(json.RootElement, new KerasWeights(file.Group("model_weights")), path);
            graph.Metadata = new GraphMetadata { Name = Path.GetFileNameWithoutExtension(path), SourceHash = SHA256.HashData(bytes) };
            return graph;
        }
        catch (Exception exception) when (exception is not InputException and not OutOfMemoryException)
        {
            // The HDF5 reader has no exception type of its own for damaged files.
            throw new InputException($"'{path}' cannot be read as a Keras model: {exception.Message}", exception);
        }
    }

    private static Graph Build(JsonElement model, KerasWeights weights, string path)
    {
        JsonElement config = model.GetProperty("config");
        JsonElement[] layers = [.. config.GetProperty("layers").EnumerateArray()];
        string[] unsupported = [.. layers.Select(layer => layer.GetProperty("class_name").GetString()!).Where(kind => !KerasLayers.All.ContainsKey(kind)).Distinct()];
        if (unsupported.Length > 0)
        {
            throw new InputException($"'{path}' has layers that are not supported: {string.Join(", ", unsupported)}.");
        }

        var graph = new Graph();
        var builder = new GraphBuilder(graph);
        var values = new Dictionary<string, Value>(StringComparer.Ordinal);
        Value? last = null;
        foreach (JsonElement layer in layers)
        {
            string kind = layer.GetProperty("class_name").GetString()!;
            JsonElement own = layer.GetProperty("config");
            string name = own.GetProperty("name").GetString()!;
            Value[] inputs = layer.TryGetProperty("inbound_nodes", out JsonElement inbound)
                ? [.. References(inbound).Select(reference => values[reference])]
                : last is null ? [] : [last];
            builder.Name = name;
            if (inputs.Length == 0)
            {
                last = Input(own, name);
                graph.Inputs.Add(last);
                inputs = [last];
            }

            last = KerasLayers.All[kind](new KerasLayer(builder, own, inputs, weights, name));
            values[name] = last;
        }

        string[] outputs = config.TryGetProperty("output_layers", out JsonElement ends) ? [.. References(ends)] : [];
        graph.Outputs.AddRange(outputs.Length > 0 ? outputs.Select(name => values[name]) : [last!]);
        return graph;
    }

    private static Value Input(JsonElement config, string name)
    {
        JsonElement shape = config.TryGetProperty("batch_input_shape", out JsonElement older) ? older : config.GetProperty("batch_shape");
        int[] sizes = [.. shape.EnumerateArray().Skip(1).Select(size => size.ValueKind == JsonValueKind.Number
            ? size.GetInt32()
            : throw new InputException($"Input '{name}' has a dimension that is not fixed; give the model a fixed input shape."))];
        return new Value(name, ModelFormat.TensorType.Float32, [1, .. sizes]);
    }

    // Every version of Keras names a layer's output as [layer, node, tensor], each with other things around it.
    private static IEnumerable<string> References(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            if (element.GetArrayLength() >= 3 && element[0].ValueKind == JsonValueKind.String && element[1].ValueKind == JsonValueKind.Number)
            {
                return [element[0].GetString()!];
            }

            return element.EnumerateArray().SelectMany(References);
        }

        return element.ValueKind == JsonValueKind.Object ? element.EnumerateObject().SelectMany(property => References(property.Value)) : [];
    }
}
