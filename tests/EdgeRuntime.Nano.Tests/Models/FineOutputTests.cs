using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Tests.Models;

/// <summary>Networks with companded sigmoids have the same bits on every engine.</summary>
public class FineOutputTests
{
    [Theory]
    [InlineData(Precision.Int8, 1, -6f)]
    [InlineData(Precision.Int8, 1, 6f)]
    [InlineData(Precision.Int8, 2, -4f)]
    [InlineData(Precision.Int16, 1, -6f)]
    [InlineData(Precision.Int16, 1, 6f)]
    [InlineData(Precision.Int16, 2, -4f)]
    public void All_engines_agree_to_the_bit(Precision precision, int outputs, float bias)
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            var random = new Random(seed);
            Graph graph = SoftmaxOfTwo.Replace(Model(random, outputs, bias));
            float[][] rows = [.. Enumerable.Range(0, 200).Select(_ => Draw(random, 3, 4f))];
            Graph quantized = Quantizer.Quantize(graph, rows, precision, new QuantizationOptions { FineOutputs = true });
            Assert.Equal(2, quantized.Nodes.Count(node => node.Opcode == Opcode.Mul));
            Assert.Equal(bias > 0 ? 1 : 0, quantized.Nodes.Count(node => node.Opcode == Opcode.Sub));
            using var engines = new EngineSet(ModelWriter.Write(quantized), engines: seed == 1);
            var seen = new HashSet<float>();
            foreach (float[] row in rows.Concat(Edges()))
            {
                int[][] bits = [.. engines.Run(row).Select(output => Array.ConvertAll(output, BitConverter.SingleToInt32Bits))];
                Assert.Equal(seed == 1 ? 5 : 3, bits.Length);
                Assert.All(bits, engine => Assert.Equal(bits[0], engine));
                seen.Add(BitConverter.Int32BitsToSingle(bits[0][0]));
            }

            Assert.True(seen.Count > 100, $"{seen.Count}");
        }
    }

    private static IEnumerable<float[]> Edges() =>
        from a in new[] { float.NaN, -0f, float.PositiveInfinity, float.NegativeInfinity, 3e38f, -3e38f, float.Epsilon } from place in new[] { 0, 2 } select (float[])[place == 0 ? a : 1f, 0.5f, place == 2 ? a : -1f];

    private static float[] Draw(Random random, int length, float size) => [.. Enumerable.Range(0, length).Select(_ => (random.NextSingle() - 0.5f) * 2 * size)];

    private static Graph Model(Random random, int outputs, float bias)
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, 3);
        graph.Inputs.Add(x);
        var builder = new GraphBuilder(graph) { Name = "n" };
        Value h = builder.Activation(ActivationKind.ReLU, builder.Dense(x, Value.Constant("w1", Draw(random, 15, 1f), 5, 3), Value.Constant("b1", Draw(random, 5, 1f), 5)));
        Value y = builder.Dense(h, Value.Constant("w2", Draw(random, 5 * outputs, 1f), outputs, 5), Value.Constant("b2", [bias, .. Draw(random, outputs - 1, 1f)], outputs));
        graph.Outputs.Add(outputs == 1 ? builder.Activation(ActivationKind.Sigmoid, y) : builder.Softmax(y));
        return graph;
    }
}
