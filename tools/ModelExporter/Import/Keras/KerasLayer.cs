using System.Text.Json;
using ModelExporter.Graphs;

namespace ModelExporter.Import.Keras;

/// <summary>A layer on its way into a graph.</summary>
/// <param name="Builder">Appends operators.</param>
/// <param name="Config">The layer's settings.</param>
/// <param name="Inputs">What it reads.</param>
/// <param name="Weights">The file's weights.</param>
/// <param name="Name">The layer's name.</param>
internal sealed record KerasLayer(GraphBuilder Builder, JsonElement Config, Value[] Inputs, KerasWeights Weights, string Name)
{
    internal Value Input => Inputs[0];

    internal string Text(string key) => Config.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    internal bool Flag(string key) => Config.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.True;

    internal float Number(string key, float missing) => Config.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetSingle() : missing;
}
