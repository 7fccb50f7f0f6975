using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Benchmarks.Cases;

/// <summary>Untrained multilayer perceptrons: weights drawn with a fixed seed, since no engine's speed depends on them.</summary>
internal static class Mlp
{
    private const int Seed = 20261124;

    /// <summary>A network of ReLU layers of these widths, the last one linear.</summary>
    internal static Graph Create(string name, int features, params int[] units)
    {
        var random = new Random(Seed);
        var graph = new Graph { Metadata = new GraphMetadata { Name = name } };
        var value = new Value("input", TensorType.Float32, 1, features);
        graph.Inputs.Add(value);
        for (int i = 0; i < units.Length; i++)
        {
            // He initialisation keeps the activations of every layer in one range.
            int depth = value.LastDimension;
            var weights = Value.Constant($"w{i}", Draw(random, units[i] * depth, MathF.Sqrt(6f / depth)), units[i], depth);
            var bias = Value.Constant($"b{i}", Draw(random, units[i], 0.1f), units[i]);
            var output = new Value($"y{i}", TensorType.Float32, 1, units[i]);
            ActivationKind activation = i + 1 < units.Length ? ActivationKind.ReLU : ActivationKind.Linear;
            graph.Nodes.Add(new Node(Opcode.Dense, $"dense{i}", [value, weights, bias], output).WithActivation(DenseRule.Activation, activation));
            value = output;
        }

        graph.Outputs.Add(value);
        return graph;
    }

    private static float[] Draw(Random random, int count, float scale)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = ((2f * random.NextSingle()) - 1f) * scale;
        }

        return values;
    }
}
