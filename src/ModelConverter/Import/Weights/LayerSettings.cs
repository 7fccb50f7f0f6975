using System.Text.Json;

namespace EdgeInference.ModelConverter.Import.Weights;

/// <summary>An object of the layer file, which knows what was read of it, so that a misspelt setting is refused.</summary>
internal sealed class LayerSettings(JsonElement json, string title)
{
    private readonly HashSet<string> read = new(StringComparer.Ordinal);

    internal bool Has(string key) => Find(key) is not null;

    internal string? Text(string key) => Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(key, "a text");

    internal bool Flag(string key) => Find(key) is { } value
        && (value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(key, "true or false"));

    internal float? Number(string key) => Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number ? value.GetSingle() : throw Wrong(key, "a number");

    internal int? Int(string key) => Find(key) is { } value ? Integer(key, value) : null;

    /// <summary>Integers; one number stands for <paramref name="count"/> of it where that is given.</summary>
    internal int[]? Ints(string key, int count = 0) => Find(key) is { } value ? Ints(key, value, count) : null;

    /// <summary>The same of a value that is already found: to find each of many takes quadratic time.</summary>
    internal int[] Ints(string key, JsonElement value, int count = 0)
    {
        int[] numbers = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(item => Integer(key, item))] : [.. Enumerable.Repeat(Integer(key, value), Math.Max(count, 1))];
        return count == 0 || numbers.Length == count ? numbers : throw Wrong(key, $"one number or {count}");
    }

    internal float[]? Numbers(string key) => Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number ? [value.GetSingle()]
        : value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number) ? [.. value.EnumerateArray().Select(item => item.GetSingle())]
        : throw Wrong(key, "a number or a list of them");

    /// <summary>A text or a list of texts.</summary>
    internal string[]? Texts(string key) => Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? [value.GetString()!]
        : value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) ? [.. value.EnumerateArray().Select(item => item.GetString()!)]
        : throw Wrong(key, "a text or a list of them");

    internal JsonElement? Find(string key)
    {
        read.Add(key);
        return json.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    /// <summary>Refuses settings that nothing has read.</summary>
    internal void RequireAllRead()
    {
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (!read.Contains(property.Name))
            {
                string near = Suggestion.Nearest(property.Name, read);
                throw new InputException($"{title} has no setting '{property.Name}'; {(near.Length > 0 ? $"did you mean '{near}'?" : $"it has {string.Join(", ", read.Order(StringComparer.Ordinal))}.")}");
            }
        }
    }

    internal InputException Fault(ClippedText problem) => new($"{title} {problem}.");

    private int Integer(string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : throw Wrong(key, "an integer");

    private InputException Wrong(string key, string wanted) => Fault($"has '{key}', which is not {wanted}");
}
