using System.Collections;

namespace EdgeInference.ModelConverter.Graphs;

/// <summary>
/// The nodes of a graph in their order. Adding, removing and replacing one takes the same time however many there are, as does
/// asking who writes and reads a value: passes do both for every node.
/// </summary>
internal sealed class NodeList : IReadOnlyList<Node>
{
    private readonly LinkedList<Node> order = new();
    private readonly Dictionary<Node, LinkedListNode<Node>> places = new(ReferenceEqualityComparer.Instance as IEqualityComparer<Node>);

    // Made when it is asked for, and kept until nodes come or go.
    private Node[]? positions;
    private ValueUses? uses;

    /// <summary>Number of nodes.</summary>
    public int Count => order.Count;

    /// <summary>Who writes and reads each value.</summary>
    internal ValueUses Uses => uses ??= new ValueUses(order);

    /// <summary>The node at a position, from 0.</summary>
    public Node this[int position] => Positions[position];

    private Node[] Positions => positions ??= [.. order];

    /// <summary>Appends a node.</summary>
    internal void Add(Node node) => Keep(node, () => order.AddLast(node));

    /// <summary>Puts a node in front of another.</summary>
    internal void InsertBefore(Node next, Node node) => Keep(node, () => order.AddBefore(places[next], node));

    /// <summary>Puts a node behind another.</summary>
    internal void InsertAfter(Node before, Node node) => Keep(node, () => order.AddAfter(places[before], node));

    /// <summary>Puts a node into the place of another.</summary>
    internal void Replace(Node old, Node replacement)
    {
        InsertAfter(old, replacement);
        Remove(old);
    }

    /// <summary>Removes a node, if it is there.</summary>
    internal bool Remove(Node node)
    {
        if (!places.Remove(node, out LinkedListNode<Node>? place))
        {
            return false;
        }

        order.Remove(place);
        positions = null;
        node.Lists.Remove(this);
        uses?.Remove(node);
        return true;
    }

    /// <summary>Removes the nodes for which a condition holds.</summary>
    internal int RemoveAll(Predicate<Node> condition)
    {
        Node[] removed = [.. Positions.Where(node => condition(node))];
        foreach (Node node in removed)
        {
            Remove(node);
        }

        return removed.Length;
    }

    /// <summary>Whether a node is there.</summary>
    internal bool Contains(Node node) => places.ContainsKey(node);

    /// <summary>Whether a condition holds for any node.</summary>
    internal bool Exists(Predicate<Node> condition) => order.Any(node => condition(node));

    /// <inheritdoc/>
    public IEnumerator<Node> GetEnumerator() => order.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A node reads or writes other values than before.</summary>
    internal void Moved(Node node, Value? old, Value? now, bool reads) => uses?.Move(node, old, now, reads);

    private void Keep(Node node, Func<LinkedListNode<Node>> place)
    {
        if (places.ContainsKey(node))
        {
            throw new InvalidOperationException($"{node} is in the graph already.");
        }

        places.Add(node, place());
        positions = null;
        node.Lists.Add(this);
        uses?.Add(node);
    }
}
