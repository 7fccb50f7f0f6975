using System.Text.Json.Nodes;

namespace EdgeInference.Tool.Tests.Import.Keras.Definitions;

/// <summary>A layer's settings with the defaults that its definition in Keras has; what a reference reads, and not the importer.</summary>
internal sealed class Settings(JsonObject config, int version)
{
    internal int Version { get; } = version;

    internal bool Flag(string key, bool missing) => config[key] is { } value ? value.GetValue<bool>() : missing;

    internal double Number(string key, double missing) => config[key] is { } value ? value.GetValue<double>() : missing;

    internal double? NumberOrNull(string key) => config[key]?.GetValue<double>();

    internal string Text(string key, string missing) => config.ContainsKey(key) ? config[key]?.GetValue<string>() ?? "linear" : missing;

    internal bool Has(string key) => config[key] is not null;

    internal JsonNode? Node(string key) => config[key];

    /// <summary>One number for each of some axes; a single one stands for all.</summary>
    internal int[] Ints(string key, int count, int missing) => config[key] switch
    {
        null => [.. Enumerable.Repeat(missing, count)],
        JsonArray list => [.. list.Select(item => item!.GetValue<int>())],
        JsonNode value => [.. Enumerable.Repeat(value.GetValue<int>(), count)],
    };

    internal double[]? Doubles(string key) => config[key] switch
    {
        null => null,
        JsonArray list => [.. list.Select(item => item!.GetValue<double>())],
        JsonNode value => [value.GetValue<double>()],
    };

    internal Settings Inner(string key) => new((JsonObject)config[key]!["config"]!, Version);

    internal Settings With(string key, JsonNode value)
    {
        var copy = (JsonObject)config.DeepClone();
        copy[key] = value;
        return new Settings(copy, Version);
    }
}
