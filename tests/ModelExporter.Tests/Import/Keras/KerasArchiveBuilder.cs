using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Keras;
using PureHDF;

namespace EdgeInference.Tool.Tests.Import.Keras;

/// <summary>Writes small <c>.keras</c> archives by hand.</summary>
internal sealed class KerasArchiveBuilder
{
    private readonly H5Group layers = [];
    private readonly JsonArray list = [];

    internal string Version { get; set; } = "3.15.1";

    internal JsonObject Root { get; } = new() { ["class_name"] = "Sequential" };

    /// <summary>Appends a layer whose settings are JSON without the name.</summary>
    internal KerasArchiveBuilder Layer(string kind, string name, string settings = "{}", string? nodes = null)
    {
        var config = (JsonObject)JsonNode.Parse(settings)!;
        config["name"] = name;
        var layer = new JsonObject { ["class_name"] = kind, ["config"] = config, ["name"] = name };
        if (nodes is not null)
        {
            layer["inbound_nodes"] = JsonNode.Parse(nodes);
        }

        list.Add(layer);
        return this;
    }

    /// <summary>Adds weights under layers/PATH/vars.</summary>
    internal KerasArchiveBuilder Weights(string path, params Array[] arrays)
    {
        H5Group group = layers;
        foreach (string part in path.Split('/').Append("vars"))
        {
            if (!group.TryGetValue(part, out object? inner))
            {
                group[part] = inner = new H5Group();
            }

            group = (H5Group)inner;
        }

        for (int i = 0; i < arrays.Length; i++)
        {
            group[$"{i}"] = arrays[i];
        }

        return this;
    }

    /// <summary>Makes it a functional model.</summary>
    internal KerasArchiveBuilder Functional(string inputs, string outputs)
    {
        Root["class_name"] = "Functional";
        Root["config"] = new JsonObject { ["input_layers"] = JsonNode.Parse(inputs), ["output_layers"] = JsonNode.Parse(outputs) };
        return this;
    }

    internal byte[] Build()
    {
        JsonObject config = Root["config"] as JsonObject ?? [];
        config["layers"] = list.DeepClone();
        Root["config"] = config.Parent is null ? config : config.DeepClone();
        var weights = new MemoryStream();
        new H5File { ["layers"] = layers }.Write(weights);
        return Zip(
            ("metadata.json", JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["keras_version"] = Version })),
            ("config.json", System.Text.Encoding.UTF8.GetBytes(Root.ToJsonString())),
            ("model.weights.h5", weights.ToArray()));
    }

    internal static byte[] Zip(params (string Name, byte[] Content)[] parts)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in parts)
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    internal Graph Import()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".keras");
        try
        {
            File.WriteAllBytes(path, Build());
            return KerasImporter.Import(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
