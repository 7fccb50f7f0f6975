using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Onnx;

/// <summary>Sizes of inputs: the file's, and for dimensions that it leaves open the caller's.</summary>
internal sealed class OnnxDimensions(ImportOptions options, string path)
{
    private const long MaxDimension = 1 << 24;

    private readonly HashSet<string> used = new(StringComparer.Ordinal);
    private readonly SortedSet<string> open = new(StringComparer.Ordinal);
    private readonly List<string> notes = [];

    /// <summary>What was decided for a dimension without a size, a sentence each.</summary>
    internal IReadOnlyList<string> Notes => notes;

    /// <summary>Whether the file fixes the first dimension of every input.</summary>
    internal bool FirstIsFixed { get; private set; } = true;

    /// <summary>The sizes that open batches were given.</summary>
    internal HashSet<int> Batches { get; } = [];

    /// <summary>The shape of an input.</summary>
    /// <exception cref="InputException">A dimension has no size, or one that no tensor of the engine can have.</exception>
    internal int[] Shape(OnnxValueInfo input)
    {
        if (options.Shapes?.GetValueOrDefault(input.Name) is { } given)
        {
            return given;
        }

        if (input.Shape is not { } dimensions)
        {
            throw new InputException($"'{path}': the input '{input.Name}' has no shape; export the model with one.");
        }

        if (dimensions.Count > FormatLayout.MaxRank)
        {
            throw new InputException($"'{path}': the input '{input.Name}' has {dimensions.Count} dimensions, more than {FormatLayout.MaxRank}.");
        }

        var shape = new int[dimensions.Count];
        long elements = 1;
        for (int i = 0; i < shape.Length; i++)
        {
            long size = Size(input, dimensions, i);
            if (dimensions[i].Size < 0)
            {
                FirstIsFixed &= i > 0;
                Batches.UnionWith(IsBatch(dimensions, i) ? [(int)size] : []);
            }

            if (size is < 1 or > MaxDimension || (elements *= size) > FormatLayout.MaxArenaBytes / sizeof(float))
            {
                throw new InputException($"'{path}': the input '{input.Name}' declares a dimension of {size}, which is not supported for an input.");
            }

            shape[i] = (int)size;
        }

        return shape;
    }

    /// <summary>The sizes that a part of the model has used count as used.</summary>
    internal void Add(OnnxDimensions part)
    {
        used.UnionWith(part.used);
        open.UnionWith(part.open);
    }

    /// <summary>Every size that was given must have been used: one with a misspelt name would change nothing.</summary>
    /// <exception cref="InputException">One was not.</exception>
    internal void CheckUsed()
    {
        if (options.Dimensions.Keys.FirstOrDefault(name => !used.Contains(name)) is not { } unused)
        {
            return;
        }

        string nearest = Suggestion.Nearest(unused, open);
        string hint = open.Count == 0 ? "all of its dimensions are fixed" : nearest.Length > 0 ? $"did you mean '{nearest}'" : $"it has {string.Join(", ", open.Select(name => $"'{name}'"))}";
        throw new InputException($"'{path}' has no open dimension '{unused}' for --dim; {hint}.");
    }

    private long Size(OnnxValueInfo input, List<OnnxDimension> dimensions, int axis)
    {
        (long size, string symbol) = dimensions[axis];
        if (size < -1)
        {
            throw new InputException($"'{path}': the input '{input.Name}' has a dimension of {size}; export the model again.");
        }

        if (size >= 0)
        {
            return size;
        }

        string place = $"{input.Name}.{axis}";
        string name = symbol.Length > 0 ? symbol : place;
        open.Add(name);
        foreach (string key in (string[])[place, name])
        {
            if (options.Dimensions.TryGetValue(key, out int given))
            {
                used.Add(key);
                return IsBatch(dimensions, axis) && options.Batch is { } batch && batch != given
                    ? throw new InputException($"--dim {key}={given} and --batch {batch} contradict each other: '{name}' is the batch; give only one of them.")
                    : given;
            }
        }

        if (IsBatch(dimensions, axis))
        {
            if (symbol.Length > 0 && !IsBatchName(symbol) && options.Batch is null)
            {
                string note = $"The first dimension of the input '{input.Name}', '{symbol}', is taken as the batch and set to 1; change it with --dim {symbol}=SIZE.";
                notes.AddRange(notes.Contains(note) ? [] : [note]);
            }

            return options.Batch ?? 1;
        }

        string unknown = options.Dimensions.Keys.FirstOrDefault(key => !used.Contains(key)) is { } other ? $"; '{other}' is not its name" : "";
        throw new OpenDimensionException(name, $"'{path}': dimension {axis}{(symbol.Length > 0 ? $" ('{symbol}')" : "")} of the input '{input.Name}' has no size; give it with edge export --dim {(name.Contains(' ') ? $"\"{name}=SIZE\"" : $"{name}=SIZE")}{unknown}.");
    }

    // The first dimension is the batch, unless another one is by its name, as where a sequence comes first.
    private static bool IsBatch(List<OnnxDimension> dimensions, int axis)
    {
        string symbol = dimensions[axis].Symbol;
        if (symbol.Length > 0 && IsBatchName(symbol))
        {
            return true;
        }

        bool named = dimensions.Exists(dimension => dimension.Symbol.Length > 0 && IsBatchName(dimension.Symbol));
        return !named && (axis == 0 || (symbol.Length > 0 && symbol == dimensions[0].Symbol));
    }

    // "unk__12" is how tf2onnx names what has no name, "s0" how PyTorch does.
    private static bool IsBatchName(string symbol) =>
        symbol is "N" or "n" or "B" or "b" or "None" or "?"
        || symbol.Contains("batch", StringComparison.OrdinalIgnoreCase)
        || symbol.StartsWith("unk__", StringComparison.Ordinal)
        || (symbol.Length > 1 && symbol[0] == 's' && symbol.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0);
}
