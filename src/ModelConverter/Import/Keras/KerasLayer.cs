using System.Text.Json;
using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Import.Keras;

/// <summary>One call of a layer on its way into a graph.</summary>
/// <param name="Builder">Appends operators.</param>
/// <param name="Kind">The layer's class.</param>
/// <param name="Config">The layer's settings.</param>
/// <param name="Inputs">What it reads.</param>
/// <param name="File">The file's weights and version.</param>
/// <param name="Path">Where its weights are.</param>
/// <param name="Name">The layer's name.</param>
internal sealed record KerasLayer(GraphBuilder Builder, string Kind, JsonElement Config, Value[] Inputs, KerasFile File, KerasWeightPath Path, string Name)
{
    internal Value Input => Inputs[0];

    /// <summary>Whether the axes are batch, channels and then places; Keras's own order has the channels last.</summary>
    internal bool ChannelsFirst => Text("data_format") == "channels_first";

    internal string Text(string key) => Config.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>A text, which may be empty, or null if the setting is absent or none.</summary>
    internal string? TextOrNull(string key) => Config.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    internal bool Flag(string key, bool missing = false) =>
        Config.TryGetProperty(key, out JsonElement value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.ValueKind == JsonValueKind.True : missing;

    internal float Number(string key, float missing) => NumberOrNull(key) ?? missing;

    /// <summary>A number; Keras writes some as arrays without dimensions.</summary>
    internal float? NumberOrNull(string key)
    {
        if (!Config.TryGetProperty(key, out JsonElement value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("config", out JsonElement inner) && inner.ValueKind == JsonValueKind.Object && inner.TryGetProperty("value", out JsonElement wrapped))
        {
            value = wrapped;
        }

        return value.ValueKind == JsonValueKind.Number ? value.GetSingle() : null;
    }

    internal int Int(string key, int missing) => Config.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : missing;

    /// <summary>Integers; one number stands for a list of <paramref name="count"/> of it.</summary>
    internal int[] Ints(string key, int count, int missing)
    {
        if (!Config.TryGetProperty(key, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return [.. Enumerable.Repeat(missing, count)];
        }

        int[] numbers = value.ValueKind == JsonValueKind.Number ? [.. Enumerable.Repeat(value.GetInt32(), count)] : [.. value.EnumerateArray().Select(item => item.GetInt32())];
        return numbers.Length == count ? numbers : throw Fault($"has {numbers.Length} numbers for '{key}', expected {count}");
    }

    /// <summary>Numbers of a list, or one on its own, or null if the setting is absent.</summary>
    internal float[]? Floats(string key)
    {
        if (!Config.TryGetProperty(key, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number ? [value.GetSingle()] : [.. Numbers(value)];
    }

    /// <summary>An axis counted from the front.</summary>
    internal int Axis(int axis)
    {
        int rank = Input.Shape.Length;
        int positive = axis < 0 ? axis + rank : axis;
        return positive >= 1 && positive < rank ? positive : throw Fault($"works on axis {axis} of {GraphBuilder.Text(Input.Shape)}");
    }

    /// <summary>The layer's weights.</summary>
    /// <param name="count">How many there must be at the least.</param>
    /// <param name="child">The object inside the layer that owns them, or an empty text.</param>
    internal KerasTensor[] Weights(int count, string child = "")
    {
        KerasTensor[] weights = Stored(count, child);
        return Array.Exists(weights, tensor => tensor.IsInt8) ? throw Fault("has int8 weights but no quantization settings; save the model again with Keras 3") : weights;
    }

    /// <summary>The weights of a layer that is quantized: those in int8, and then the others in their order.</summary>
    /// <param name="count">How many others there must be at the least.</param>
    internal (KerasTensor Integers, KerasTensor[] Others) QuantizedWeights(int count)
    {
        KerasTensor[] weights = Stored(count + 1, "");
        return weights.Count(tensor => tensor.IsInt8) == 1
            ? (weights.Single(tensor => tensor.IsInt8), [.. weights.Where(tensor => !tensor.IsInt8)])
            : throw Fault("is quantized to int8 but the file has no int8 weights for it; save the model again");
    }

    /// <summary>Refuses weights of a shape that does not fit; −1 stands for any size.</summary>
    internal void Require(KerasTensor weights, params int[] shape)
    {
        if (weights.Shape.Length != shape.Length || weights.Shape.Where((size, i) => size < 1 || (shape[i] >= 0 && size != shape[i])).Any() || weights.Data.Length == 0)
        {
            throw Fault($"has weights of {GraphBuilder.Text(weights.Shape)}, expected [{string.Join(", ", shape.Select(size => size < 0 ? "?" : $"{size}"))}]");
        }
    }

    /// <summary>The bias as a constant, or null if the layer has none.</summary>
    internal Value? Bias(KerasTensor[] weights, int position, int units)
    {
        if (!Flag("use_bias", missing: true))
        {
            return null;
        }

        Require(weights[position], units);
        return weights[position].Constant(Name + ".bias", units);
    }

    private KerasTensor[] Stored(int count, string child)
    {
        KerasTensor[] weights = File.Weights.Of(Path, child);
        return weights.Length >= count ? weights : throw Fault($"needs {count} weights but the file has {weights.Length} for it");
    }

    /// <summary>A message about this layer.</summary>
    internal InputException Fault(ClippedText problem) => new($"'{File.Path}': layer '{Name}' ({Kind}) {problem}.");

    private static IEnumerable<float> Numbers(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().SelectMany(Numbers) : [value.GetSingle()];
}
