using System.Text.Json.Nodes;
using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.Tool.Tests.Import.Keras.Definitions;

/// <summary>One of a layer's weights: the object that owns it, and its shape.</summary>
/// <param name="Path">Such as <c>cell</c>, empty for the layer itself.</param>
/// <param name="Shape">The shape.</param>
/// <param name="Positive">Whether it holds no negative number, as a variance.</param>
internal sealed record Weight(string Path, int[] Shape, bool Positive = false);

/// <summary>A layer with its settings, and what Keras defines that it gives.</summary>
/// <param name="Kind">The layer's class.</param>
/// <param name="Config">Its settings.</param>
/// <param name="Inputs">Shapes of its inputs, without the batch.</param>
/// <param name="Weights">Its weights, by its settings.</param>
/// <param name="Define">The outputs for the settings, the inputs and the weights, in plain loops.</param>
/// <param name="Required">Settings that have no default.</param>
internal sealed record KerasCase(string Kind, string Config, int[][] Inputs, Func<Settings, Weight[]> Weights, Func<Settings, Nd[], Nd[], Nd[]> Define, string[]? Required = null)
{
    private const float Largest = 2f;

    /// <summary>What inputs are drawn from: whole numbers for indices.</summary>
    internal int? Whole { get; init; }

    internal JsonObject Settings => (JsonObject)JsonNode.Parse(Config)!;

    /// <summary>The settings as they are, and without each that has a default.</summary>
    internal IEnumerable<(string Left, JsonObject Settings)> Variants()
    {
        yield return ("nothing", Settings);
        foreach (string key in Settings.Select(pair => pair.Key).Where(key => Required?.Contains(key) != true))
        {
            JsonObject without = Settings;
            without.Remove(key);
            yield return (key, without);
        }
    }

    /// <summary>The imported model's outputs and those of the definition, one after the other.</summary>
    internal (float[] Actual, double[] Expected) Run(JsonObject config, string version, int seed)
    {
        var settings = new Settings(config, version[0] - '0');
        var random = new Random(seed);
        Weight[] weights = Weights(settings);
        Nd[] values = [.. weights.Select(weight => Draw(random, weight.Shape, weight.Positive ? 0.2f : -1f, 1f))];
        Nd[] inputs = [.. Inputs.Select(shape => Whole is { } count ? Nd.Make(shape, _ => random.Next(count)) : Draw(random, shape, -Largest, Largest))];
        Nd[] outputs = Define(settings, inputs, values);
        var builder = new KerasArchiveBuilder { Version = version };
        string[] names = [.. Inputs.Select((_, i) => $"x{i}")];
        string Reference(string layer, int tensor) => $"""["{layer}", 0, {tensor}]""";
        builder.Functional($"[{string.Join(", ", names.Select(name => Reference(name, 0)))}]", $"[{string.Join(", ", outputs.Select((_, i) => Reference("layer", i)))}]");
        for (int i = 0; i < names.Length; i++)
        {
            builder.Layer("InputLayer", names[i], $$"""{"batch_shape": [null, {{string.Join(", ", Inputs[i])}}]}""", "[]");
        }

        builder.Layer(Kind, "layer", config.ToJsonString(), $"[[{string.Join(", ", names.Select(name => $$"""["{{name}}", 0, 0, {}]"""))}]]");
        foreach (IGrouping<string, (Weight Weight, Nd Value)> owner in weights.Zip(values).GroupBy(pair => pair.First.Path))
        {
            string group = EdgeInference.ModelConverter.Import.Keras.KerasModel.SnakeCase(Kind) + (owner.Key.Length > 0 ? "/" + owner.Key : "");
            builder.Weights(group, [.. owner.Select(pair => Stored(pair.Value))]);
        }

        Graph graph = builder.Import();
        Assert.Equal(outputs.Select(output => output.Shape), graph.Outputs.Select(output => output.Shape[1..]));
        return (KerasArrays.Run(graph, [.. inputs.SelectMany(input => input.Data).Select(value => (float)value)]), [.. outputs.SelectMany(output => output.Data)]);
    }

    public override string ToString() => $"{Kind} {Config} of {string.Join(" and ", Inputs.Select(shape => $"[{string.Join(", ", shape)}]"))}";

    // Numbers that float32 holds.
    private static Nd Draw(Random random, int[] shape, float least, float most) => Nd.Make(shape, _ => least + ((most - least) * random.NextSingle()));

    private static Array Stored(Nd value)
    {
        var array = Array.CreateInstance(typeof(float), value.Shape);
        float[] data = Array.ConvertAll(value.Data, element => (float)element);
        Buffer.BlockCopy(data, 0, array, 0, data.Length * sizeof(float));
        return array;
    }
}
