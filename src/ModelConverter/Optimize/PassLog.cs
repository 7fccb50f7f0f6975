using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Optimize;

/// <summary>What one pass did to a graph, all its runs together.</summary>
/// <param name="Pass">Its name.</param>
/// <param name="Runs">How often it changed something.</param>
/// <param name="Removed">Nodes of each operator that it took away.</param>
/// <param name="Added">Nodes of each operator that it put in.</param>
internal sealed record PassEffect(string Pass, int Runs, IReadOnlyDictionary<string, int> Removed, IReadOnlyDictionary<string, int> Added);

/// <summary>Notes what the passes do, for reports.</summary>
internal sealed class PassLog
{
    private readonly Dictionary<string, (int Runs, SortedDictionary<string, int> Removed, SortedDictionary<string, int> Added)> effects = new(StringComparer.Ordinal);
    private readonly List<string> order = [];

    /// <summary>The passes that changed something, in the order in which they first did.</summary>
    public IReadOnlyList<PassEffect> Effects => [.. order.Select(pass => new PassEffect(pass, effects[pass].Runs, effects[pass].Removed, effects[pass].Added))];

    /// <summary>Number of nodes of each operator.</summary>
    public static IReadOnlyDictionary<string, int> Count(Graph graph) =>
        new SortedDictionary<string, int>(graph.Nodes.CountBy(node => node.Opcode.ToString()).ToDictionary(), StringComparer.Ordinal);

    /// <summary>Runs a pass and notes which nodes came and went.</summary>
    /// <returns>Whether the pass changed anything.</returns>
    internal bool Run(IGraphPass pass, Graph graph)
    {
        var before = new HashSet<Node>(graph.Nodes, ReferenceEqualityComparer.Instance as IEqualityComparer<Node>);
        if (!pass.Run(graph))
        {
            return false;
        }

        if (!effects.TryGetValue(pass.Name, out (int Runs, SortedDictionary<string, int> Removed, SortedDictionary<string, int> Added) effect))
        {
            order.Add(pass.Name);
            effect = (0, new(StringComparer.Ordinal), new(StringComparer.Ordinal));
        }

        Note(graph.Nodes.Where(node => !before.Remove(node)), effect.Added);
        Note(before, effect.Removed);
        effects[pass.Name] = effect with { Runs = effect.Runs + 1 };
        return true;
    }

    private static void Note(IEnumerable<Node> nodes, SortedDictionary<string, int> counts)
    {
        foreach ((Opcode opcode, int count) in nodes.CountBy(node => node.Opcode))
        {
            counts[opcode.ToString()] = counts.GetValueOrDefault(opcode.ToString()) + count;
        }
    }
}
