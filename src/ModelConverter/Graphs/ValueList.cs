using System.Collections.ObjectModel;

namespace EdgeInference.ModelConverter.Graphs;

/// <summary>The inputs or outputs of a node. The graphs that the node is in learn what changes.</summary>
/// <typeparam name="T">A value; or one that may be absent.</typeparam>
internal sealed class ValueList<T> : Collection<T>
    where T : class?
{
    private readonly Node node;
    private readonly bool reads;

    /// <summary>Creates the list.</summary>
    internal ValueList(Node node, IEnumerable<T> values, bool reads)
        : base([.. values])
    {
        this.node = node;
        this.reads = reads;
    }

    internal void AddRange(IEnumerable<T> values)
    {
        foreach (T value in values)
        {
            Add(value);
        }
    }

    internal bool Exists(Predicate<T> condition) => this.Any(value => condition(value));

    internal bool TrueForAll(Predicate<T> condition) => this.All(value => condition(value));

    /// <inheritdoc/>
    protected override void SetItem(int index, T item)
    {
        T old = this[index];
        base.SetItem(index, item);
        Tell(old, item);
    }

    /// <inheritdoc/>
    protected override void InsertItem(int index, T item)
    {
        base.InsertItem(index, item);
        Tell(null, item);
    }

    /// <inheritdoc/>
    protected override void RemoveItem(int index)
    {
        T old = this[index];
        base.RemoveItem(index);
        Tell(old, null);
    }

    /// <inheritdoc/>
    protected override void ClearItems()
    {
        T[] all = [.. this];
        base.ClearItems();
        Array.ForEach(all, old => Tell(old, null));
    }

    private void Tell(T? old, T? now)
    {
        foreach (NodeList list in node.Lists)
        {
            list.Moved(node, old as Value, now as Value, reads);
        }
    }
}
