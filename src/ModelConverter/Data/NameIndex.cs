namespace EdgeInference.ModelConverter.Data;

/// <summary>Names that many others are looked for among; what <see cref="NameMatch"/> says of each, without reading all of them each time.</summary>
internal sealed class NameIndex
{
    private readonly IReadOnlyList<string> names;
    private readonly Dictionary<string, int> exact = new(StringComparer.Ordinal);
    private readonly Lazy<ILookup<string, int>> loose;

    internal NameIndex(IReadOnlyList<string> names)
    {
        this.names = names;
        for (int i = 0; i < names.Count; i++)
        {
            exact.TryAdd(names[i], i);
        }

        loose = new(() => Enumerable.Range(0, names.Count).ToLookup(i => NameMatch.Key(names[i]), StringComparer.Ordinal));
    }

    /// <summary>As <see cref="NameMatch.Exact"/>.</summary>
    internal int Exact(string name) => exact.GetValueOrDefault(name, -1);

    /// <summary>As <see cref="NameMatch.Loose"/>.</summary>
    internal int[] Loose(string name)
    {
        string key = NameMatch.Key(name);
        return key.Length == 0 ? [] : [.. loose.Value[key]];
    }

    /// <summary>The name at a position.</summary>
    internal string this[int position] => names[position];
}
