using ModelExporter.Graphs;
using ModelFormat;
using ModelFormat.Rules;

namespace EdgeInference.Benchmarks.Models;

/// <summary>
/// An untrained multilayer perceptron: weights drawn with a fixed seed, since neither engine's speed depends on them. The
/// same weights go to our engine, to ONNX Runtime and to C.
/// </summary>
internal sealed class Mlp
{
    private const int Seed = 20261124;

    internal Mlp(string name, int features, bool softmax, params MlpLayer[] layers)
    {
        Name = name;
        Features = features;
        Softmax = softmax;
        Layers = layers;
        var random = new Random(Seed);
        Weights = new float[layers.Length][];
        Biases = new float[layers.Length][];
        int depth = features;
        for (int i = 0; i < layers.Length; i++)
        {
            // He initialisation keeps the activations of every layer in one range.
            float scale = MathF.Sqrt(6f / depth);
            Weights[i] = Draw(random, layers[i].Units * depth, scale);
            Biases[i] = Draw(random, layers[i].Units, 0.1f);
            depth = layers[i].Units;
        }
    }

    internal string Name { get; }

    internal int Features { get; }

    internal bool Softmax { get; }

    internal MlpLayer[] Layers { get; }

    /// <summary>Row-major [units, depth] for each layer.</summary>
    internal float[][] Weights { get; }

    internal float[][] Biases { get; }

    internal Graph ToGraph()
    {
        var graph = new Graph { Metadata = new GraphMetadata { Name = Name } };
        var value = new Value("input", TensorType.Float32, 1, Features);
        graph.Inputs.Add(value);
        for (int i = 0; i < Layers.Length; i++)
        {
            MlpLayer layer = Layers[i];
            var weights = Value.Constant($"w{i}", Weights[i], layer.Units, value.LastDimension);
            var bias = Value.Constant($"b{i}", Biases[i], layer.Units);
            var output = new Value($"y{i}", TensorType.Float32, 1, layer.Units);
            graph.Nodes.Add(new Node(Opcode.Dense, $"dense{i}", [value, weights, bias], output).WithActivation(DenseRule.Activation, layer.Activation));
            value = output;
        }

        if (Softmax)
        {
            var output = new Value("probabilities", TensorType.Float32, 1, value.LastDimension);
            graph.Nodes.Add(new Node(Opcode.Softmax, "softmax", [value], output).With(SoftmaxRule.Beta, 1f));
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
