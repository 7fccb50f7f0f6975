using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.Benchmarks.Sources;

/// <summary>The mean label of the nearest neighbours, which our graph finds one after the other.</summary>
internal static class NeighbourLoops
{
    /// <summary>Writes the end of the graph at its first search, where it is one of nearest neighbours.</summary>
    internal static bool TryEnd(LoopSource source, Graph graph, int i)
    {
        if (graph.Nodes[i].Opcode != Opcode.ArgReduce || graph.Nodes.FirstOrDefault(node => node.Opcode == Opcode.Gather)?.Input(0) is not { IsConstant: true } labels || graph.Outputs[0].Elements != 1)
        {
            return false;
        }

        int count = graph.Nodes.Count(node => node.Opcode == Opcode.ArgReduce);
        string x = source.Name(graph.Nodes[i].Input(0));
        source.Constant("labels", labels.Floats);
        string y = source.Result(graph.Outputs[0], $"y{i}");
        source.Line($"float sum = 0;");
        source.Line($"for (int k = 0; k < {count}; k++) {{");
        source.Line($"int best = 0; for (int p = 1; p < {labels.Elements}; p++) if ({x}[p] < {x}[best]) best = p;");
        source.Line($"sum += labels[best]; {x}[best] = 3e38f; }}");
        source.Line($"{y}[0] = sum / {count};");
        return true;
    }
}
