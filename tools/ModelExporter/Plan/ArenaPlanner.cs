using ModelExporter.Graphs;
using ModelFormat;

namespace ModelExporter.Plan;

/// <summary>
/// Gives every tensor of a graph a place in the arena, so that tensors alive at the same time never overlap. Greedy by
/// size, as in "Efficient Memory Management for Deep Neural Net Inference" (Pisarchyk and Lee, 2020): the largest tensor
/// first, each at the lowest offset that is free for its whole life.
/// </summary>
public static class ArenaPlanner
{
    private const int Alignment = 64;

    /// <summary>The plan for a graph whose nodes are in the order of execution.</summary>
    public static ArenaPlan Plan(Graph graph)
    {
        var lives = new List<Life>();
        var alias = new Dictionary<Value, Value>();
        foreach (Value input in graph.Inputs)
        {
            lives.Add(new Life(input, -1, -1));
        }

        for (int step = 0; step < graph.Nodes.Count; step++)
        {
            Node node = graph.Nodes[step];
            if (node.Opcode == Opcode.Reshape && !node.Input(0).IsConstant)
            {
                alias[node.Output] = Root(node.Input(0), alias);
                continue;
            }

            foreach (Value output in node.Outputs)
            {
                lives.Add(new Life(output, step, step));
            }
        }

        Dictionary<Value, Life> byValue = lives.ToDictionary(life => life.Value);
        for (int step = 0; step < graph.Nodes.Count; step++)
        {
            foreach (Value? input in graph.Nodes[step].Inputs)
            {
                if (input is { IsConstant: false } && byValue.TryGetValue(Root(input, alias), out Life? life))
                {
                    life.End = Math.Max(life.End, step);
                }
            }
        }

        foreach (Value output in graph.Outputs)
        {
            if (byValue.TryGetValue(Root(output, alias), out Life? life))
            {
                life.End = graph.Nodes.Count;
            }
        }

        foreach (Life life in lives.Where(life => life.Value.IsState))
        {
            life.Start = -1;
            life.End = graph.Nodes.Count;
        }

        int arena = Place(lives);
        var offsets = lives.ToDictionary(life => life.Value, life => life.Offset);
        foreach (Value value in alias.Keys)
        {
            offsets[value] = offsets[Root(value, alias)];
        }

        return new ArenaPlan(offsets, arena, LowerBound(lives, graph.Nodes.Count));
    }

    private static int Place(List<Life> lives)
    {
        var placed = new List<Life>();
        int arena = 0;
        foreach (Life life in lives.OrderByDescending(life => life.Bytes).ThenBy(life => life.Start))
        {
            int offset = 0;
            foreach (Life other in placed.Where(life.Meets).OrderBy(other => other.Offset))
            {
                if (offset + life.Bytes <= other.Offset)
                {
                    break;
                }

                offset = Math.Max(offset, other.Offset + other.Bytes);
            }

            life.Offset = offset;
            placed.Add(life);
            arena = Math.Max(arena, offset + life.Bytes);
        }

        return arena;
    }

    private static int LowerBound(List<Life> lives, int steps)
    {
        int bound = 0;
        for (int step = -1; step <= steps; step++)
        {
            bound = Math.Max(bound, lives.Where(life => life.Start <= step && step <= life.End).Sum(life => life.Bytes));
        }

        return bound;
    }

    private static Value Root(Value value, Dictionary<Value, Value> alias) => alias.GetValueOrDefault(value, value);

    private sealed class Life(Value value, int start, int end)
    {
        internal Value Value { get; } = value;

        internal int Start { get; set; } = start;

        internal int End { get; set; } = end;

        internal int Offset { get; set; }

        internal int Bytes { get; } = (value.Bytes + Alignment - 1) / Alignment * Alignment;

        internal bool Meets(Life other) => Start <= other.End && other.Start <= End;
    }
}
