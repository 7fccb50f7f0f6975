using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Import.Onnx;

/// <summary>The graph inside a Loop or Scan, converted once for each round under names of its own.</summary>
internal sealed class OnnxLoopBody
{
    // Loops may stand in loops.
    private const int MaxNodes = 1 << 16;

    // Their results are the same when they are computed for all rows at once.
    private static readonly string[] rowwise = ["Identity", "Add", "Sub", "Mul", "Div", "Pow", "Abs", "Neg", "Sqrt", "Exp", "Log"];
    private static readonly string[] reductions = ["ReduceSum", "ReduceSumSquare", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2"];

    private readonly OnnxNodeContext call;
    private readonly OnnxGraph graph;
    private readonly HashSet<string> inner = new(StringComparer.Ordinal);
    private readonly HashSet<string> constants = new(StringComparer.Ordinal);

    internal OnnxLoopBody(OnnxNodeContext call, OnnxGraph graph)
    {
        this.call = call;
        this.graph = graph;
        Prefix = $"{call.Node.Outputs.Find(output => output.Length > 0)}/";
        Hoist(graph);
        Collect(graph, inner);
    }

    internal int Inputs => graph.Inputs.Count;

    internal int Outputs => graph.Outputs.Count;

    private string Prefix { get; }

    /// <summary>The outputs of one round.</summary>
    internal OnnxOperand[] Convert(int round, OnnxOperand[] inputs)
    {
        string prefix = $"{Prefix}{round}/";
        OnnxGraph copy = new OnnxRenaming(prefix, name => constants.Contains(name) ? Prefix + name : inner.Contains(name) ? prefix + name : name).Copy(graph);
        for (int i = 0; i < inputs.Length; i++)
        {
            call.Scope.Define(copy.Inputs[i].Name, inputs[i]);
        }

        call.Scope.Unrolled += copy.Nodes.Count;
        if (call.Scope.Unrolled > MaxNodes)
        {
            throw call.Fault($"unrolls to more than {MaxNodes} operators; export the model without the loop");
        }

        OnnxImporter.ConvertSubgraph(copy, call.Scope);
        return [.. copy.Outputs.Select(output => call.Scope.TryFind(output.Name, out OnnxOperand operand)
            ? operand
            : throw call.Fault($"has a body whose output '{output.Name}' is not produced"))];
    }

    /// <summary>
    /// All rounds at once, or null if that is something else: each round compares one row [f] with what is the same in all
    /// of them, [1, f], element by element, and may add up the row; so that the rows may as well stand under each other. That is
    /// how distances to the samples of a training set are written.
    /// </summary>
    internal OnnxOperand[]? ConvertRows(OnnxOperand[] state, OnnxOperand[] sequences)
    {
        bool shapes = Array.TrueForAll(state, one => one is { Rank: 2 } && one.Shape[0] == 1) && Array.TrueForAll(sequences, rows => rows.Rank == 2);
        if (!shapes || !IsRowwise(state.Length))
        {
            return null;
        }

        int rows = sequences[0].Shape[0];
        OnnxOperand[] results = Convert(0, [.. state, .. sequences]);
        for (int i = 0; i < results.Length; i++)
        {
            // The first axis is that of the one sample in a round, and of the rows here.
            Value value = results[i].Value;
            results[i] = i < state.Length ? state[i]
                : value.Shape.Length > 0 && value.Shape[0] == rows ? results[i] with { Value = call.Builder.Reshape(value, [rows, 1, .. value.Shape[1..]]) }
                : throw call.Fault($"returns {GraphBuilder.Text(value.Shape)} for {rows} rows, which is not supported");
        }

        return results;
    }

    private bool IsRowwise(int state)
    {
        var reduced = new HashSet<string>(StringComparer.Ordinal);
        var numbers = new HashSet<string>(StringComparer.Ordinal);
        var same = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (OnnxNode node in graph.Nodes)
        {
            bool reduction = reductions.Contains(node.OpType);
            bool known = node.Domain == OnnxDomains.Standard && node.Outputs.Count == 1 && (reduction || rowwise.Contains(node.OpType));
            int[][] shapes = [.. node.Inputs.Take(reduction ? 1 : int.MaxValue).Where(input => !inner.Contains(input)).Select(ShapeOf)];
            if (!known || !Array.TrueForAll(shapes, shape => shape.Length == 0 || GraphBuilder.Elements(shape) == shape[^1]))
            {
                return false;
            }

            numbers.UnionWith(node.Inputs.Where(input => constants.Contains(input) && GraphBuilder.Elements(ShapeOf(input)) == 1));
            if (node.OpType == "Identity")
            {
                same[node.Outputs[0]] = same.GetValueOrDefault(node.Inputs[0], node.Inputs[0]);
            }

            if (reduction)
            {
                if (reduced.Count > 0 || !IsOverFeatures(node))
                {
                    return false;
                }

                reduced.Add(node.Outputs[0]);
            }
            else if (node.Inputs.Exists(reduced.Contains))
            {
                // A sum for each row no longer lines up with the rows themselves.
                if (!node.Inputs.TrueForAll(input => reduced.Contains(input) || numbers.Contains(input)))
                {
                    return false;
                }

                reduced.Add(node.Outputs[0]);
            }
        }

        bool carried = Enumerable.Range(0, state).All(i =>
            same.GetValueOrDefault(graph.Outputs[i].Name, graph.Outputs[i].Name) == graph.Inputs[i].Name);
        return carried && graph.Outputs.Skip(state).All(output => reduced.Contains(output.Name));
    }

    // Of a tensor from outside the rounds or a constant of the body; one that is there in no way fits nothing.
    private int[] ShapeOf(string name) =>
        call.Scope.TryFind(constants.Contains(name) ? Prefix + name : name, out OnnxOperand operand) ? operand.Shape : [0, 1];

    private bool IsOverFeatures(OnnxNode node)
    {
        long[]? axes = node.Attributes.Find(attribute => attribute.Name == "axes")?.Ints.ToArray();
        if (axes is null && node.Inputs.Count > 1)
        {
            string name = constants.Contains(node.Inputs[1]) ? Prefix + node.Inputs[1] : node.Inputs[1];
            axes = call.Scope.TryFind(name, out OnnxOperand operand) && operand.Value.Data is float[] numbers ? Array.ConvertAll(numbers, number => (long)number) : null;
        }

        return axes is [1];
    }

    // Constants are the same in each round, those of branches too.
    private void Hoist(OnnxGraph graph)
    {
        foreach (OnnxTensor tensor in graph.Initializers)
        {
            constants.Add(tensor.Name);
            call.Scope.Define(Prefix + tensor.Name, call.Scope.Constant(tensor, tensor.Name));
        }

        OnnxNode[] nodes = [.. graph.Nodes.Where(node => node.Domain == OnnxDomains.Standard && node.OpType == "Constant")];
        constants.UnionWith(nodes.SelectMany(node => node.Outputs));
        var renaming = new OnnxRenaming(Prefix, name => Prefix + name);
        OnnxImporter.Convert(nodes.Select(node => renaming.Copy(node)), call.Scope);
        graph.Initializers.Clear();
        graph.Nodes.RemoveAll(nodes.Contains);
        foreach (OnnxGraph branch in graph.Nodes.SelectMany(node => node.Attributes).Select(attribute => attribute.Graph).OfType<OnnxGraph>())
        {
            Hoist(branch);
        }
    }

    private static void Collect(OnnxGraph graph, HashSet<string> names)
    {
        names.UnionWith(graph.Inputs.Select(input => input.Name));
        foreach (OnnxNode node in graph.Nodes)
        {
            names.UnionWith(node.Outputs.Where(output => output.Length > 0));
            foreach (OnnxAttribute attribute in node.Attributes)
            {
                if (attribute.Graph is { } branch)
                {
                    Collect(branch, names);
                }
            }
        }
    }
}
