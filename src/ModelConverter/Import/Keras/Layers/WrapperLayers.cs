using System.Text.Json;
using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Keras.Layers;

/// <summary>Layers around another layer.</summary>
internal static class WrapperLayers
{
    // Layers that treat every step of a sequence alike, without being told that it is one.
    private static readonly string[] everyStep = ["Dense", "Activation", "ReLU", "LeakyReLU", "ELU", "Dropout", "Rescaling"];

    internal static readonly KerasLayerRow[] Rows =
    [
        new("Bidirectional", Bidirectional),
        new("TimeDistributed", TimeDistributed),
    ];

    private static Value[] Bidirectional(KerasLayer layer)
    {
        JsonElement inner = layer.Config.GetProperty("layer");
        string kind = inner.GetProperty("class_name").GetString()!;
        if (kind is not ("LSTM" or "GRU" or "SimpleRNN") || layer.Inputs.Length != 1)
        {
            throw layer.Fault($"runs a bidirectional {kind} on {layer.Inputs.Length} inputs; LSTM, GRU and SimpleRNN on one are supported");
        }

        JsonElement forward = inner.GetProperty("config");
        JsonElement backward = layer.Config.TryGetProperty("backward_layer", out JsonElement other) && other.ValueKind == JsonValueKind.Object
            ? other.GetProperty("config")
            : Reversed(forward);
        Value[] a = RecurrentLayers.Convert(layer with { Kind = kind, Config = forward }, "forward_layer/", aligned: true);
        Value[] b = RecurrentLayers.Convert(layer with { Kind = kind, Config = backward }, "backward_layer/", aligned: true);
        GraphBuilder builder = layer.Builder;
        Value[] merged = (layer.Config.TryGetProperty("merge_mode", out _) ? layer.Text("merge_mode") : "concat") switch
        {
            "concat" => [builder.Concat(a[0].Shape.Length - 1, a[0], b[0])],
            "sum" => [builder.Arithmetic(Opcode.Add, a[0], b[0])],
            "mul" => [builder.Arithmetic(Opcode.Mul, a[0], b[0])],
            "ave" => [builder.Arithmetic(Opcode.Mul, builder.Arithmetic(Opcode.Add, a[0], b[0]), builder.Scalar(0.5))],
            _ => [a[0], b[0]],
        };
        return [.. merged, .. a[1..], .. b[1..]];
    }

    private static JsonElement Reversed(JsonElement config)
    {
        Dictionary<string, JsonElement> settings = config.EnumerateObject().ToDictionary(property => property.Name, property => property.Value, StringComparer.Ordinal);
        bool backwards = settings.TryGetValue("go_backwards", out JsonElement own) && own.ValueKind == JsonValueKind.True;
        settings["go_backwards"] = JsonSerializer.SerializeToElement(!backwards);
        return JsonSerializer.SerializeToElement(settings);
    }

    private static Value[] TimeDistributed(KerasLayer layer)
    {
        JsonElement inner = layer.Config.GetProperty("layer");
        string kind = inner.GetProperty("class_name").GetString()!;
        if (!everyStep.Contains(kind, StringComparer.Ordinal))
        {
            throw layer.Fault($"applies a {kind} to every step; {string.Join(", ", everyStep)} are supported");
        }

        KerasLayer applied = layer with { Kind = kind, Config = inner.GetProperty("config"), Path = layer.Path with { Path = layer.Path.Path + "/layer" } };
        return KerasLayers.All[kind](applied);
    }
}
