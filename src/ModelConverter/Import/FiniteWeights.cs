using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import;

/// <summary>
/// Refuses weights that are NaN or infinite: what they reach is not a number for any input. An infinity stays where an operator
/// gives it a meaning: as a bound, in a mask that is added before a softmax, as a threshold of a tree.
/// </summary>
internal static class FiniteWeights
{
    /// <summary>Looks at every constant of a graph.</summary>
    /// <param name="graph">The graph as imported.</param>
    /// <param name="path">The model's file, for the message.</param>
    /// <exception cref="InputException">A constant holds what its operator cannot use; the message names it, its node and the element.</exception>
    internal static void Check(Graph graph, string path)
    {
        foreach (Node node in graph.Nodes)
        {
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                if (node.Inputs[i] is not { IsConstant: true, Data: float[] data } constant)
                {
                    continue;
                }

                (bool infinities, bool missing) = Allowed(node, i);
                int bad = Array.FindIndex(data, value => (float.IsNaN(value) && !missing) || (float.IsInfinity(value) && !infinities));
                if (bad >= 0)
                {
                    string what = float.IsNaN(data[bad]) ? "NaN" : "infinite";
                    string source = graph.NotFinite.Count == 0 || graph.NotFinite.ContainsKey(constant.Name) ? "" : $", made of {string.Join(", ", graph.NotFinite.Keys.Take(3).Select(name => $"'{name}'"))},";
                    throw new InputException($"'{path}': the constant '{constant.Name}' of '{node.Name}' ({node.Opcode}){source} is {what} at element {graph.NotFinite.GetValueOrDefault(constant.Name, bad)}, so its results are not finite; train or export the model again.");
                }
            }
        }
    }

    private static (bool Infinities, bool Missing) Allowed(Node node, int input) => node.Opcode switch
    {
        // What is not taken does not matter, and thresholds are compared with, as are both sides of a comparison.
        Opcode.Where => (true, true),
        Opcode.TreeEnsemble => (input == TreeEnsembleRule.Thresholds || (input == TreeEnsembleRule.Weights && IsExtreme(node)), input == TreeEnsembleRule.Thresholds),
        Opcode.Binary => (true, (BinaryKind)node.Parameters[BinaryRule.Kind] is BinaryKind.Less or BinaryKind.LessOrEqual or BinaryKind.Equal),
        Opcode.Add or Opcode.Sub or Opcode.Unary or Opcode.Reduce or Opcode.ArgReduce => (true, false),
        Opcode.Reshape or Opcode.Transpose or Opcode.Slice or Opcode.Expand or Opcode.Concat or Opcode.Pad or Opcode.Gather => (true, false),
        Opcode.Softmax or Opcode.LogSoftmax => (true, false),
        _ => (false, false),
    };

    // A target that a leaf does not name has an infinite weight there, which is never the smallest or largest.
    private static bool IsExtreme(Node trees) => trees.Parameters[TreeEnsembleRule.Aggregate] >= 2;
}
