namespace EdgeInference.ModelConverter.Emit.Trees;

/// <summary>The numbers of all leaves, one for each target, of which equal ones are one row of a table.</summary>
internal sealed class LeafVectors
{
    private readonly ForestRecord forest;
    private readonly Func<float, float, float> combine;
    private readonly float absent;
    private readonly Dictionary<string, int> known = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Tree, int Leaf), int> rows = [];
    private readonly List<float[]> vectors = [];

    /// <param name="forest">The forest.</param>
    /// <param name="absent">What stands for a target that a leaf does not name.</param>
    /// <param name="combine">Two weights of one target in one leaf.</param>
    internal LeafVectors(ForestRecord forest, float absent, Func<float, float, float> combine)
    {
        this.forest = forest;
        this.absent = absent;
        this.combine = combine;
        foreach (ForestTree tree in forest.Trees)
        {
            foreach (int leaf in tree.Leaves)
            {
                Enter(tree, leaf);
            }
        }
    }

    /// <summary>The rows.</summary>
    internal IReadOnlyList<float[]> Vectors => vectors;

    /// <summary>The row of a leaf.</summary>
    internal int Row(ForestTree tree, int leaf) => rows[(tree.Number, leaf)];

    private void Enter(ForestTree tree, int leaf)
    {
        float[] vector = [.. Enumerable.Repeat(absent, forest.Targets)];
        var named = new HashSet<int>();
        foreach ((int target, float weight) in forest.Leaf(tree, leaf))
        {
            vector[target] = named.Add(target) ? weight : combine(vector[target], weight);
        }

        string key = Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(vector));
        if (!known.TryGetValue(key, out int row))
        {
            row = vectors.Count;
            known.Add(key, row);
            vectors.Add(vector);
        }

        rows.Add((tree.Number, leaf), row);
    }
}
