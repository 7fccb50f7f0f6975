namespace EdgeInference.ModelConverter.Import.Weights;

/// <summary>A file of named tensors without a model.</summary>
internal abstract class WeightFile(string path)
{
    private readonly HashSet<string> used = new(StringComparer.Ordinal);

    /// <summary>The file, for messages.</summary>
    internal string Path { get; } = path;

    /// <summary>The names of all tensors.</summary>
    internal abstract IReadOnlyCollection<string> Names { get; }

    /// <summary>Those that nothing has read.</summary>
    internal IEnumerable<string> Unused => Names.Where(name => !used.Contains(name)).Order(StringComparer.Ordinal);

    internal bool Contains(string name) => Names.Contains(name);

    /// <summary>A tensor as float32, row-major.</summary>
    /// <exception cref="InputException">It is damaged, or its elements are not real numbers.</exception>
    internal (int[] Shape, float[] Data) Read(string name)
    {
        used.Add(name);
        return ReadTensor(name);
    }

    protected abstract (int[] Shape, float[] Data) ReadTensor(string name);
}
