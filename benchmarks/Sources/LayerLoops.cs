using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Benchmarks.Sources;

/// <summary>A layer as two loops.</summary>
internal static class LayerLoops
{
    internal static void Dense(LoopSource source, Node node, int i)
    {
        int units = node.Output.LastDimension;
        int depth = node.Input(1).Shape[1];
        bool isInside = source.Language.IsOutputInside;
        string x = source.Name(node.Input(0));
        string activation = ElementLoops.Formula(source.Language, node, DenseRule.Activation);
        source.Constant($"w{i}", isInside ? Transposed(node.Input(1).Floats, units, depth) : node.Input(1).Floats);
        source.Constant($"b{i}", node.InputOrNull(2)?.Floats ?? new float[units]);
        string y = source.Result(node.Output, $"y{i}");
        if (isInside)
        {
            source.Line($"for (int u = 0; u < {units}; u++) {y}[u] = b{i}[u];");
            source.Line($"for (int d = 0; d < {depth}; d++) for (int u = 0; u < {units}; u++) {y}[u] += {x}[d] * w{i}[d * {units} + u];");
            source.Line($"for (int u = 0; u < {units}; u++) {{ float v = {y}[u]; {y}[u] = {activation}; }}");
        }
        else
        {
            source.Line($"for (int u = 0; u < {units}; u++) {{ float v = b{i}[u]; for (int d = 0; d < {depth}; d++) v += {x}[d] * w{i}[u * {depth} + d]; {y}[u] = {activation}; }}");
        }
    }

    /// <summary>[rows, columns] as [columns, rows].</summary>
    internal static float[] Transposed(float[] data, int rows, int columns) =>
        [.. Enumerable.Range(0, columns).SelectMany(column => Enumerable.Range(0, rows).Select(row => data[(row * columns) + column]))];
}
