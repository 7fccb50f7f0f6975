using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators;

namespace EdgeInference.ModelConverter.Plan;

/// <summary>
/// Gives every tensor of a graph a place in the arena, so that tensors alive at the same time never overlap. Tensors that may
/// share one place do: a reshaped one, and the output of an element-by-element operator with the input it is the last to read.
/// </summary>
internal static class ArenaPlanner
{
    /// <summary>The plan for a graph whose nodes are in the order of execution.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="inPlace">Whether an output may take the place of an input; the results are the same.</param>
    public static ArenaPlan Plan(Graph graph, bool inPlace = true)
    {
        var lives = new List<TensorLifetime>();
        var alias = new Dictionary<Value, Value>();
        foreach (Value input in graph.Inputs)
        {
            lives.Add(new TensorLifetime(input, -1, -1));
        }

        for (int step = 0; step < graph.Nodes.Count; step++)
        {
            Node node = graph.Nodes[step];
            if (OperatorDefinitions.Of(node.Opcode).IsView && !node.Input(0).IsConstant && !IsStale(graph, step, Root(node.Input(0), alias)))
            {
                alias[node.Output] = Root(node.Input(0), alias);
                continue;
            }

            foreach (Value output in node.Outputs)
            {
                lives.Add(new TensorLifetime(output, step, step));
            }
        }

        Dictionary<Value, TensorLifetime> byValue = lives.ToDictionary(life => life.Value);
        SetEnds(graph, alias, byValue);
        if (inPlace)
        {
            Share(graph, alias, byValue);
            lives.RemoveAll(life => alias.ContainsKey(life.Value));
        }

        int bound = LowerBound(lives, graph.Nodes.Count);
        int arena = OffsetAllocator.Allocate(lives, bound);
        var offsets = lives.ToDictionary(life => life.Value, life => life.Offset);
        foreach (Value value in alias.Keys)
        {
            offsets[value] = offsets[Root(value, alias)];
        }

        return new ArenaPlan(offsets, arena, bound);
    }

    // A state in another shape that is still read when the state has been overwritten needs bytes of its own.
    private static bool IsStale(Graph graph, int step, Value source)
    {
        var views = new HashSet<Value> { graph.Nodes[step].Output };
        bool rewritten = false;
        foreach (Node node in source.IsState ? graph.Nodes.Skip(step + 1) : [])
        {
            bool reads = node.Inputs.Any(input => input is not null && views.Contains(input));
            if (reads && rewritten)
            {
                return true;
            }

            if (reads && OperatorDefinitions.Of(node.Opcode).IsView)
            {
                views.Add(node.Output);
            }

            rewritten |= node.Outputs.Contains(source);
        }

        return rewritten && graph.Outputs.Any(views.Contains);
    }

    private static void SetEnds(Graph graph, Dictionary<Value, Value> alias, Dictionary<Value, TensorLifetime> byValue)
    {
        for (int step = 0; step < graph.Nodes.Count; step++)
        {
            foreach (Value? input in graph.Nodes[step].Inputs)
            {
                if (input is { IsConstant: false } && byValue.TryGetValue(Root(input, alias), out TensorLifetime? life))
                {
                    life.End = Math.Max(life.End, step);
                }
            }
        }

        foreach (Value output in graph.Outputs)
        {
            if (byValue.TryGetValue(Root(output, alias), out TensorLifetime? life))
            {
                life.End = graph.Nodes.Count;
            }
        }

        // Learning heads read what the last layer read.
        if (graph.Metadata.Learning is not null && byValue.TryGetValue(Root(LastLayer.Of(graph)!.Input(0), alias), out TensorLifetime? hidden))
        {
            hidden.End = graph.Nodes.Count;
        }

        foreach (TensorLifetime life in byValue.Values.Where(life => life.Value.IsState))
        {
            life.Start = -1;
            life.End = graph.Nodes.Count;
        }
    }

    // A caller's input keeps its own place, so that it is still what the caller wrote while the first operators run.
    private static void Share(Graph graph, Dictionary<Value, Value> alias, Dictionary<Value, TensorLifetime> byValue)
    {
        for (int step = 0; step < graph.Nodes.Count; step++)
        {
            Node node = graph.Nodes[step];
            TensorLifetime? place = Enumerable.Range(0, node.Inputs.Count)
                .Where(position => node.Inputs[position] is { IsConstant: false })
                .Select(position => byValue.GetValueOrDefault(Root(node.Input(position), alias)))
                .FirstOrDefault(life => life is { Start: >= 0 } && life.End == step && AllowsAll(node, life, alias));
            if (place is null || !byValue.TryGetValue(node.Output, out TensorLifetime? output) || output.Value.IsState)
            {
                continue;
            }

            place.End = output.End;
            alias[node.Output] = place.Value;
        }
    }

    // The operator may read the place by several inputs, one of which it may read again.
    private static bool AllowsAll(Node node, TensorLifetime life, Dictionary<Value, Value> alias) =>
        Enumerable.Range(0, node.Inputs.Count)
            .Where(position => node.Inputs[position] is { IsConstant: false } input && Root(input, alias) == life.Value)
            .All(position => InPlace.Allows(node, position));

    // The most that is alive at one step.
    private static int LowerBound(List<TensorLifetime> lives, int steps)
    {
        // What begins at each step, from −1, less what ended before it.
        var change = new int[steps + 3];
        foreach (TensorLifetime life in lives)
        {
            change[life.Start + 1] = checked(change[life.Start + 1] + life.Bytes);
            change[life.End + 2] = checked(change[life.End + 2] - life.Bytes);
        }

        int alive = 0;
        return change.Max(bytes => checked(alive += bytes));
    }

    private static Value Root(Value value, Dictionary<Value, Value> alias)
    {
        while (alias.TryGetValue(value, out Value? place))
        {
            value = place;
        }

        return value;
    }
}
