using System.Text.Json;
using EdgeInference.ModelConverter.Features;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Keras.Layers;

/// <summary>Categories and bins of a table's columns.</summary>
internal static class CategoryLayers
{
    internal static readonly KerasLayerRow[] Rows =
    [
        new("StringLookup", StringLookup),
        new("IntegerLookup", IntegerLookup),
        new("CategoryEncoding", CategoryEncoding),
        new("Discretization", Discretization),
    ];

    private static Value StringLookup(KerasLayer layer)
    {
        if (!layer.File.Texts!.Has(layer.Input))
        {
            throw layer.Fault("looks up text but its input is not text");
        }

        string[] words = Vocabulary(layer, value => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.ToString());
        return Lookup(layer, words, layer.TextOrNull("mask_token") is { } mask ? [mask] : [], layer.TextOrNull("oov_token") ?? "[UNK]", (place, texts) => Array.ConvertAll(layer.File.Texts.Codes(layer.Input, place, texts), code => (float)code));
    }

    private static Value IntegerLookup(KerasLayer layer)
    {
        float[] numbers = Vocabulary(layer, value => value.GetSingle());
        return Lookup(layer, numbers, layer.NumberOrNull("mask_token") is { } mask ? [mask] : [], layer.Number("oov_token", -1f), (_, keys) => keys);
    }

    // Positions in the vocabulary, after the mask's, 0, and that of what is not in it. Without the last Keras fails, and 0 / 0 is not a number.
    private static Value Lookup<T>(KerasLayer layer, T[] vocabulary, T[] mask, T unknown, Func<int, T[], float[]> keys)
    {
        string mode = layer.Text("output_mode");
        int extra = layer.Int("num_oov_indices", 1);
        if (layer.Flag("invert"))
        {
            throw layer.Fault("gives the words of positions, which is not supported; expected invert = False");
        }

        if (extra is < 0 or > 1)
        {
            throw layer.Fault($"spreads unknown words over {extra} positions by a hash, which is not supported; expected num_oov_indices of 0 or 1");
        }

        bool isPosition = mode is "int" or "";
        if (mask.Length > 0 && !isPosition)
        {
            throw layer.Fault($"has a mask_token and output_mode '{mode}', which is not supported; expected one of them alone");
        }

        // What set_vocabulary takes off a list that begins with the words of the special positions.
        T[] special = [.. mask, .. Enumerable.Repeat(unknown, extra)];
        T[] words = vocabulary.Length >= special.Length && vocabulary.Take(special.Length).SequenceEqual(special) ? vocabulary[special.Length..] : vocabulary;
        if (words.Length == 0)
        {
            throw layer.Fault("has an empty vocabulary");
        }

        float first = mask.Length + extra;
        T[] all = [.. words, .. mask];
        float[] positions = [.. Enumerable.Range(0, words.Length).Select(i => first + i), .. mask.Select(_ => 0f)];
        Value x = layer.Input;
        FeatureColumn[] columns = [.. Enumerable.Range(0, x.LastDimension).Select(place => Categories.Map(place, keys(place, all), positions, extra == 1 ? mask.Length : 0f))];
        Value position = layer.Builder.FeatureTransform(x, new FeatureTransformPlan(columns));
        if (extra == 0)
        {
            FeatureColumn[] known = [.. Enumerable.Range(0, x.LastDimension).Select(place => Categories.Map(place, keys(place, all), [.. all.Select(_ => 1f)], 0f))];
            position = layer.Builder.Arithmetic(Opcode.Div, position, layer.Builder.FeatureTransform(x, new FeatureTransformPlan(known)));
        }

        if (isPosition)
        {
            return position;
        }

        int size = layer.Flag("pad_to_max_tokens") && layer.Int("max_tokens", 0) is > 0 and var most ? most : extra + words.Length;
        if (extra == 1 || mode != "one_hot")
        {
            return Encoded(layer, position, size);
        }

        // Nothing is 1 for a word that is not a number.
        Value same = Encoded(layer, position, size);
        return layer.Builder.Arithmetic(Opcode.Div, same, layer.Builder.Reduce(ReduceKind.Sum, same, [same.Shape.Length - 1]));
    }

    private static Value CategoryEncoding(KerasLayer layer)
    {
        if (layer.Inputs.Length > 1)
        {
            throw layer.Fault("weighs its counts, which is not supported; expected one input");
        }

        int size = layer.Int("num_tokens", 0);
        return size > 0 ? Encoded(layer, layer.Input, size) : throw layer.Fault("is missing num_tokens");
    }

    // np.digitize(x, boundaries): how many boundaries are at or below x.
    private static Value Discretization(KerasLayer layer)
    {
        float[] boundaries = layer.Floats("bin_boundaries") is { Length: > 0 } given ? given : throw layer.Fault("has no bin_boundaries in its settings; give the layer its boundaries when it is made");
        FeatureColumn[] columns = [.. Enumerable.Range(0, layer.Input.LastDimension).Select(place => FeatureColumn.Bin(place, boundaries))];
        Value bin = layer.Builder.FeatureTransform(layer.Input, new FeatureTransformPlan(columns));
        return layer.Text("output_mode") is "int" or "" ? bin : Encoded(layer, bin, boundaries.Length + 1);
    }

    // multi_hot and count take the last axis together; one_hot adds an axis where the last is not 1.
    private static Value Encoded(KerasLayer layer, Value x, int size)
    {
        string mode = layer.Text("output_mode") is { Length: > 0 } set ? set : "multi_hot";
        if (mode is not ("one_hot" or "multi_hot" or "count"))
        {
            throw layer.Fault($"has output_mode '{mode}', which is not supported; expected int, one_hot, multi_hot or count");
        }

        float[] numbers = [.. Enumerable.Range(0, size).Select(i => (float)i)];
        Value hot = Categories.OneHot(layer.Builder, x, _ => numbers);
        int[] shape = [.. x.Shape[..^1], size];
        return x.LastDimension == 1 ? layer.Builder.Reshape(hot, shape)
            : mode == "one_hot" ? hot
            : layer.Builder.Reshape(layer.Builder.Reduce(mode == "count" ? ReduceKind.Sum : ReduceKind.Max, hot, [hot.Shape.Length - 2]), shape);
    }

    private static T[] Vocabulary<T>(KerasLayer layer, Func<JsonElement, T> read) =>
        layer.Config.TryGetProperty("vocabulary", out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(read)]
            : throw layer.Fault("has no vocabulary in its settings; give the layer its vocabulary when it is made, vocabulary=layer.get_vocabulary()");
}
