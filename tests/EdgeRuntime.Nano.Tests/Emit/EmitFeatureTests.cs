extern alias nano;

using System.Runtime.InteropServices;
using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Features;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Nano.Tests.Models;
using EdgeInference.Runtime;
using Engine = nano::EdgeInference.Nano;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>Emitted FeatureTransform against the engines, at knots, codes and boundaries and beside them.</summary>
public class EmitFeatureTests
{
    private const int Models = 60;

    private static readonly float[] edges =
    [
        float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, 1f, 2f, -1f, -2f, 0.5f, -0.5f, float.Epsilon, float.MaxValue, float.MinValue, MathF.BitDecrement(1f), MathF.BitIncrement(1f), 254f, 255f, 256f, 3e9f,
    ];

    [Fact]
    public void Emitted_features_are_equal_to_the_bit()
    {
        var batch = new EmitBatch();
        for (int seed = 0; seed < Models; seed++)
        {
            batch.Add(RandomModels.Features(seed));
        }

        batch.Add(Golden(0));
        for (int i = 0; i < batch.Count; i++)
        {
            var random = new Random(i);
            using EdgeModel model = EdgeModel.Load(batch.File(i));
            using Session session = model.CreateSession();
            float[] input = new float[session.InputLength];
            float[] expected = new float[session.OutputLength];
            for (int run = 0; run < 60; run++)
            {
                for (int k = 0; k < input.Length; k++)
                {
                    input[k] = run < edges.Length ? edges[run] : random.Next(3) == 0 ? edges[random.Next(edges.Length)] : random.Next(-16, 17) / 8f;
                }

                session.Run(input, expected);
                float[] actual = batch.Run<float>(i, input);
                Assert.Equal(expected.Select(Bits), actual.Select(Bits));
                new Engine.NanoSession(Engine.NanoModel.Load(batch.File(i))).Run(input, actual);
                Assert.Equal(expected.Select(Bits), actual.Select(Bits));
            }
        }
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    public void Code_is_emitted_for_up_to_32_boundaries(int boundaries, bool fits)
    {
        byte[] file = Golden(boundaries);
        if (fits)
        {
            var batch = new EmitBatch();
            batch.Add(file);
            Assert.Equal([14f, 1f, 0f, 0f, 2f, 32f], batch.Run<float>(0, (float[])[5f, 5f, 100f]).Select((value, i) => i == 3 ? 0f : value));
            return;
        }

        var exception = Assert.Throws<InputException>(() => new EmitBatch().Add(file));
        Assert.Contains("FeatureTransform with 33 knots or boundaries", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Raw columns, some of them missing, to a decision: the transform stays in float32, and its outputs are quantized one by one.</summary>
    [Theory]
    [InlineData(Precision.Int8)]
    [InlineData(Precision.Int16)]
    public void A_quantized_model_takes_raw_columns(Precision precision)
    {
        var random = new Random(1);
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, 3);
        graph.Inputs.Add(x);
        var builder = new GraphBuilder(graph) { Name = "features" };
        Value y = builder.FeatureTransform(x, new FeatureTransformPlan(
        [
            FeatureColumn.Line(0, 0.5f, [0f, 1000f], [-2f, 2f]), FeatureColumn.Line(1, 0f, [1e-6f, 2e-6f, 1e-3f], [0f, 0.5f, 1f]), FeatureColumn.Missing(0),
            FeatureColumn.Equal(2, 0f), FeatureColumn.Equal(2, 1f), FeatureColumn.Unknown(2, 2), FeatureColumn.Bin(0, [100f, 300f]),
        ]));
        builder.Name = "hidden";
        y = builder.Activation(ActivationKind.ReLU, builder.Dense(y, Weights(random, 12, 7), null));
        builder.Name = "last";
        graph.Outputs.Add(builder.Dense(y, Weights(random, 2, 12), null));
        float[][] rows = [.. Enumerable.Range(0, 300).Select(_ => (float[])[random.Next(8) == 0 ? float.NaN : random.Next(1000), (float)(random.NextDouble() * 1e-3), random.Next(4) == 0 ? float.NaN : random.Next(4)])];
        Graph quantized = Quantizer.Quantize(graph, rows, precision);
        Assert.Equal(["FeatureTransform", "Quantize", "Dense", "Dense", "Dequantize"], quantized.Nodes.Select(node => node.Opcode.ToString()));
        Assert.Equal(3, quantized.Nodes[1].Inputs.Count);
        byte[] file = ModelWriter.Write(quantized);
        var batch = new EmitBatch();
        batch.Add(file);
        using EdgeModel model = EdgeModel.Load(file);
        using EdgeModel real = EdgeModel.Load(ModelWriter.Write(graph));
        using Session fast = model.CreateSession();
        using Session scalar = model.CreateSession(KernelSet.Reference);
        using Session exact = real.CreateSession();
        var device = new Engine.NanoSession(Engine.NanoModel.Load(file));
        float[] expected = new float[2];
        float[] actual = new float[2];
        foreach (float[] row in rows.Append([float.PositiveInfinity, -0f, 1e9f]).Append([float.NaN, float.NaN, float.NaN]))
        {
            fast.Run(row, expected);
            scalar.Run(row, actual);
            Assert.Equal(expected, actual);
            device.Run(row, actual);
            Assert.Equal(expected, actual);
            Assert.Equal(expected, batch.Run<float>(0, row));
            exact.Run(row, actual);
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.Second, pair.First, precision == Precision.Int8 ? 0.15f : 0.02f));
        }
    }

    private static Value Weights(Random random, int units, int depth) =>
        Value.Constant("weights", [.. Enumerable.Range(0, units * depth).Select(_ => (float)random.NextDouble() - 0.5f)], units, depth);

    // A line from (1, 10) to (3, 14), 5 or not, missing, unknown among 3, how many of 1 and 2, and perhaps many boundaries.
    private static byte[] Golden(int boundaries)
    {
        float[] values = [-1, 1, 3, 10, 2, 5, 1, 2, .. Enumerable.Range(0, boundaries).Select(i => (float)i)];
        byte[] more = boundaries > 0 ? [2] : [];
        int outputs = 5 + more.Length;
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, 3], 0);
        int y = builder.AddTensor(TensorType.Float32, [1, outputs], 64);
        builder.AddOperator(
            Opcode.FeatureTransform,
            [
                x,
                builder.AddConstant(TensorType.Int8, [outputs], [0, 1, 0, 1, 0, .. more]),
                builder.AddConstant(TensorType.Int8, [outputs], [0, 1, 2, 3, 4, .. more.Select(_ => (byte)4)]),
                builder.AddConstant(TensorType.Int8, [3 + more.Length], [2, 3, 2, .. more.Select(_ => (byte)boundaries)]),
                builder.AddConstant(TensorType.Float32, [values.Length], MemoryMarshal.AsBytes<float>(values)),
            ],
            [y],
            []);
        builder.AddInput(x);
        builder.AddOutput(y);
        return builder.Build();
    }

    // Every NaN is the same.
    private static uint Bits(float value) => float.IsNaN(value) ? uint.MaxValue : BitConverter.SingleToUInt32Bits(value);
}
