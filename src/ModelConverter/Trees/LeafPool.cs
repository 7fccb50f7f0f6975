using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Trees;

/// <summary>What the leaves of a forest hold, equal ones once: over all trees, or within each.</summary>
internal sealed class LeafPool
{
    private readonly LeafForm form;
    private readonly bool own;
    private readonly Dictionary<string, int> known = new(StringComparer.Ordinal);
    private int first;

    /// <param name="form">How weights and targets are held.</param>
    /// <param name="own">Whether each tree has leaves of its own, counted from its first.</param>
    internal LeafPool(LeafForm form, bool own)
    {
        this.form = form;
        this.own = own;
    }

    internal List<float> Weights { get; } = [];

    /// <summary>The target of each weight, or of each tree.</summary>
    internal List<int> Targets { get; } = [];

    internal int Count { get; private set; }

    /// <summary>Leaves of the tree in hand.</summary>
    internal int TreeCount => Count - first;

    /// <summary>Begins the next tree.</summary>
    internal void Begin(int tree)
    {
        first = Count;
        if (own)
        {
            known.Clear();
        }

        if (form.Targets == TreeTargets.OfTree)
        {
            Targets.Add(form.TreeTarget(tree));
        }
    }

    /// <summary>The number of a leaf, that of an equal one if there is one.</summary>
    internal int Add(int leaf)
    {
        (float[] weights, int[] targets) = form.Fill(leaf);
        string key = Convert.ToHexString(MemoryMarshal.AsBytes<float>(weights)) + Convert.ToHexString(MemoryMarshal.AsBytes<int>(targets));
        if (!known.TryGetValue(key, out int number))
        {
            known.Add(key, number = Count++);
            Weights.AddRange(weights);
            Targets.AddRange(targets);
        }

        return own ? number - first : number;
    }
}
