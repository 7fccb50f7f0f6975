using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelFormat;
using EdgeInference.Tool.Summaries;

namespace EdgeInference.Tool.Commands;

/// <summary>What <c>edge inspect</c> says of one node of a graph.</summary>
internal sealed record NodeSummary(int Index, string Operator, string Activation, string Name, string Input, string Output, long ConstantElements);

/// <summary>What <c>edge inspect</c> says of a graph at one moment.</summary>
internal sealed record GraphState(IReadOnlyDictionary<string, int> Operators, long ConstantElements, IReadOnlyList<NodeSummary> Nodes)
{
    internal static GraphState Of(Graph graph)
    {
        var constants = new HashSet<Value>(graph.Nodes.SelectMany(node => node.Inputs).OfType<Value>().Where(value => value.IsConstant), ReferenceEqualityComparer.Instance as IEqualityComparer<Value>);
        return new GraphState(PassLog.Count(graph), constants.Sum(value => (long)value.Elements), [.. graph.Nodes.Select(Summarize)]);
    }

    private static NodeSummary Summarize(Node node, int index) => new(
        index,
        node.Opcode.ToString(),
        Activation(node),
        node.Name,
        GraphSummary.Describe(node.Input(0)),
        GraphSummary.Describe(node.Output),
        node.Inputs.Where(input => input is { IsConstant: true }).Sum(input => (long)input!.Elements));

    private static string Activation(Node node)
    {
        int kind = OperatorDefinitions.Of(node.Opcode).ActivationPosition is { } position ? node.Parameters[position] : 0;
        return kind != 0 ? ((ActivationKind)kind).ToString() : "";
    }
}

/// <summary>What <c>edge inspect</c> says of a trained model: its graph as imported, what each pass did, and the graph that is exported.</summary>
internal sealed record GraphSummary(
    string Name, IReadOnlyList<PortSummary> Inputs, IReadOnlyList<PortSummary> Outputs, IReadOnlyDictionary<string, int> Source, GraphState Imported, IReadOnlyList<PassEffect> Passes, GraphState Optimized)
{
    /// <summary>Runs the passes on a graph.</summary>
    internal static GraphSummary Of(Graph graph)
    {
        var imported = GraphState.Of(graph);
        var log = new PassLog();
        GraphOptimizer.Optimize(graph, log);
        return new GraphSummary(
            graph.Metadata.Name,
            [.. graph.Inputs.Select(Port)],
            [.. graph.Outputs.Select(Port)],
            graph.SourceOperators,
            imported,
            log.Effects,
            GraphState.Of(graph));
    }

    private static PortSummary Port(Value value) => new(value.Name, GraphBuilder.Text(value.Shape), value.Type.ToString().ToLowerInvariant(), null);

    internal static string Describe(Value value) => $"{value.Type.ToString().ToLowerInvariant()} {GraphBuilder.Text(value.Shape)}";
}
