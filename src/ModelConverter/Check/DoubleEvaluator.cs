using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Check;

/// <summary>
/// Computes a float32 graph in double precision, node by node as it stands: what an export is checked against. It shares no code
/// with the engines but the formulas of activations, and is written to be read, not to be fast.
/// </summary>
internal sealed class DoubleEvaluator
{
    private readonly Graph graph;
    private readonly Dictionary<Value, double[]> constants = [];

    /// <summary>Prepares a graph that <see cref="Missing"/> has nothing to say of.</summary>
    internal DoubleEvaluator(Graph graph) => this.graph = graph;

    /// <summary>The first operator of a graph that has no double form, or null: those of quantized tensors have none.</summary>
    internal static string? Missing(Graph graph)
    {
        foreach (Node node in graph.Nodes)
        {
            OperatorDefinition definition = OperatorDefinitions.Of(node.Opcode);
            if (definition.Reference is null)
            {
                return node.Opcode.ToString();
            }

            if (node.Outputs.Concat(node.Inputs).Any(value => value is not null && value.Type != TensorType.Float32 && !(IsIntegers(value) && definition.ReadsIntegers)))
            {
                return $"quantized {node.Opcode}";
            }
        }

        return null;
    }

    /// <summary>The outputs for one row of all inputs, one after the other. States begin at 0.</summary>
    internal double[] Run(ReadOnlySpan<float> row)
    {
        var values = new Dictionary<Value, double[]>();
        int offset = 0;
        foreach (Value input in graph.Inputs)
        {
            values[input] = Widen(row.Slice(offset, input.Elements));
            offset += input.Elements;
        }

        foreach (Node node in graph.Nodes)
        {
            double[]?[] inputs = [.. node.Inputs.Select(value => value is null || IsIntegers(value) ? null : Of(value))];
            double[][] outputs = OperatorDefinitions.Of(node.Opcode).Reference!(node, inputs);
            for (int i = 0; i < node.Outputs.Count; i++)
            {
                values[node.Outputs[i]] = outputs[i];
            }
        }

        return [.. graph.Outputs.SelectMany(Of)];

        double[] Of(Value value)
        {
            if (value.Data is float[] data)
            {
                if (!constants.TryGetValue(value, out double[]? wide))
                {
                    constants.Add(value, wide = Widen(data));
                }

                return wide;
            }

            return values.TryGetValue(value, out double[]? known) ? known : new double[value.Elements];
        }
    }

    private static bool IsIntegers(Value value) => value is { Data: int[] } or { Data: sbyte[] or short[], Quantization: null };

    private static double[] Widen(ReadOnlySpan<float> values)
    {
        var wide = new double[values.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = values[i];
        }

        return wide;
    }
}
