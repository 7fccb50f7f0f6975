using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Tests.Quantize;

/// <summary>The choices of the search and of automatic precision, against all of them tried here.</summary>
public class PrecisionChoiceTests
{
    [Fact]
    public void The_search_takes_the_first_of_the_ways_with_the_least_error()
    {
        foreach (int seed in (int[])[1, 2, 3])
        {
            (Graph graph, float[][] rows) = Model(seed, 200);
            var progress = new Reports();
            QuantizationChoice actual = QuantizationSearch.Best(graph, rows, progress);
            double[][] real = Outputs(graph, rows);
            var errors = new List<(double Error, bool Equalize, RangeMethod Method, bool Correct)>();
            foreach (bool equalize in (bool[])[false, true])
            {
                PreparedGraph prepared = PreparedGraph.From(graph, rows, equalize);
                foreach (RangeMethod method in Enum.GetValues<RangeMethod>())
                {
                    foreach (bool correct in (bool[])[true, false])
                    {
                        Graph quantized = Quantizer.Quantize(prepared, _ => Precision.Int8, new QuantizationOptions { Method = method, BiasCorrection = correct });
                        double error = real.Zip(Outputs(quantized, rows), (a, b) => a.Zip(b, (x, y) => (x - y) * (x - y)).Average()).Average();
                        errors.Add((error, equalize, method, correct));
                    }
                }
            }

            Assert.Equal(16, errors.Count);
            var best = errors.MinBy(way => way.Error);
            Assert.Equal((best.Equalize, best.Method, best.Correct), (actual.Equalized, actual.Options.Method, actual.Options.BiasCorrection));
            Assert.Equal(best.Error, actual.Error, best.Error * 1e-12);
            Assert.True(actual.Options.PerChannel);
            Assert.Equal([.. Enumerable.Range(1, 16).Select(i => i / 16.0)], progress.Values);
        }
    }

    [Fact]
    public void Of_equal_ways_the_plain_one_is_taken()
    {
        // Every way gives the same integers where weights and values are all zero.
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, 2);
        graph.Inputs.Add(x);
        graph.Outputs.Add(new GraphBuilder(graph) { Name = "n" }.Dense(x, Value.Constant("w", [0f, 0f], 1, 2), null));
        QuantizationChoice choice = QuantizationSearch.Best(graph, [[1f, 2f], [2f, 3f]]);
        Assert.Equal(new QuantizationOptions(), choice.Options);
        Assert.False(choice.Equalized);
        Assert.Equal(0, choice.Error);
    }

    [Fact]
    public void A_loss_at_the_limit_is_within_it_and_one_below_the_loss_is_not()
    {
        (Graph graph, float[][] rows) = Model(5, 1000);
        PreparedGraph prepared = PreparedGraph.From(graph, rows);
        var options = new QuantizationOptions { PerChannel = false };

        // The median, about which many rows lie.
        float threshold = (float)Outputs(graph, rows).Select(row => row[0]).Order().ElementAt(500);
        double Loss(Func<Node, Precision> precision)
        {
            double[][] real = Outputs(prepared.Graph, rows);
            double[][] other = Outputs(Quantizer.Quantize(prepared, precision, options), rows);
            return real.Zip(other).Count(pair => pair.First[0] >= threshold != pair.Second[0] >= threshold) / (double)rows.Length;
        }

        double loss = Loss(_ => Precision.Int8);
        Assert.True(loss >= 2.0 / rows.Length, $"{loss}");
        AutoPrecisionResult at = AutoPrecision.Choose(prepared, Rule(threshold), loss, options);
        Assert.Equal(loss, at.Loss);
        Assert.All(at.Layers, layer => Assert.Equal(Precision.Int8, layer.Precision));

        double limit = loss - (0.5 / rows.Length);
        AutoPrecisionResult below = AutoPrecision.Choose(prepared, Rule(threshold), limit, options);
        Assert.Contains(below.Layers, layer => layer.Precision != Precision.Int8);
        var groups = new LayerGroups(prepared.Graph);
        Assert.Equal(below.Loss, Loss(node => below.Layers[groups.IndexOf(node)].Precision));
        Assert.InRange(below.Loss, 0, limit);

        // No step that was kept can be taken back alone.
        foreach ((LayerChoice layer, int index) in below.Layers.Select((layer, i) => (layer, i)).Where(pair => pair.layer.Precision != Precision.Int8))
        {
            Assert.True(Loss(node => groups.IndexOf(node) is var i && i == index ? layer.Precision - 1 : below.Layers[i].Precision) > limit, layer.Name);
        }
    }

    [Fact]
    public void The_noisiest_layer_of_the_cheapest_is_lifted_first_and_the_dearest_goes_back_first()
    {
        foreach (int seed in (int[])[5, 8, 11])
        {
            (Graph graph, float[][] rows) = Model(seed, 600);
            PreparedGraph prepared = PreparedGraph.From(graph, rows);
            var options = new QuantizationOptions { PerChannel = false, BiasCorrection = false };
            float threshold = (float)Outputs(graph, rows).Select(row => row[0]).Order().ElementAt(300);
            var groups = new LayerGroups(prepared.Graph);
            double[][] real = Outputs(prepared.Graph, rows);
            double Loss(Precision[] precisions) => real.Zip(Outputs(Quantizer.Quantize(prepared, node => precisions[groups.IndexOf(node)], options), rows))
                .Count(pair => pair.First[0] >= threshold != pair.Second[0] >= threshold) / (double)rows.Length;
            foreach (double limit in (double[])[0, 1.0 / 600, 2.0 / 600])
            {
                AutoPrecisionResult actual = AutoPrecision.Choose(prepared, Rule(threshold), limit, options);
                var precisions = new Precision[3];
                while (Loss(precisions) > limit && precisions.Any(precision => precision != Precision.Float32))
                {
                    Precision least = precisions.Min();
                    int worst = Enumerable.Range(0, 3).Where(layer => precisions[layer] == least).MinBy(layer => actual.Layers[layer].SignalToNoise);
                    precisions[worst]++;
                }

                // 72 products, 48 and 6.
                foreach (int layer in (int[])[1, 0, 2])
                {
                    while (precisions[layer] > Precision.Int8)
                    {
                        precisions[layer]--;
                        if (Loss(precisions) > limit)
                        {
                            precisions[layer]++;
                            break;
                        }
                    }
                }

                Assert.Equal(precisions, actual.Layers.Select(layer => layer.Precision));
                Assert.Equal(Loss(precisions), actual.Loss);
            }
        }
    }

    [Fact]
    public void Nothing_lost_needs_float32_at_last()
    {
        (Graph graph, float[][] rows) = Model(5, 400);
        PreparedGraph prepared = PreparedGraph.From(graph, rows);
        AutoPrecisionResult none = AutoPrecision.Choose(prepared, Rule(0.5f), 0, new QuantizationOptions());
        Assert.Equal(0, none.Loss);

        // A limit that nothing meets ends with float32 everywhere.
        AutoPrecisionResult impossible = AutoPrecision.Choose(prepared, Rule(0.5f), -1, new QuantizationOptions());
        Assert.All(impossible.Layers, layer => Assert.Equal(Precision.Float32, layer.Precision));
        Assert.Equal(0, impossible.Loss);
        Assert.Equal(Precision.Float32, impossible.Graph.Metadata.Precision);
    }

    [Fact]
    public void The_noise_of_a_layer_is_that_of_the_outputs_with_it_alone_in_int8()
    {
        (Graph graph, float[][] rows) = Model(6, 100);
        PreparedGraph prepared = PreparedGraph.From(graph, rows);
        AutoPrecisionResult actual = AutoPrecision.Choose(prepared, Rule(0.5f), 1, new QuantizationOptions());
        var groups = new LayerGroups(prepared.Graph);
        double[][] real = Outputs(prepared.Graph, rows);
        for (int layer = 0; layer < groups.Layers.Count; layer++)
        {
            double[][] other = Outputs(Quantizer.Quantize(prepared, node => groups.IndexOf(node) == layer ? Precision.Int8 : Precision.Float32), rows);
            double signal = real.Sum(row => row.Sum(value => value * value));
            double noise = real.Zip(other, (a, b) => a.Zip(b, (p, q) => (p - q) * (p - q)).Sum()).Sum();
            Assert.Equal(10 * Math.Log10(signal / noise), actual.Layers[layer].SignalToNoise, 1e-6);
            Assert.Equal(groups.Layers[layer].Weights, actual.Layers[layer].Weights);
        }
    }

    private static DecisionRule Rule(float threshold) => new(OutputRole.Probability, threshold, 1);

    private static double[][] Outputs(Graph graph, float[][] rows) =>
        Array.ConvertAll(GraphRunner.RunAll(graph, rows), row => Array.ConvertAll(row, value => (double)value));

    private sealed class Reports : IProgress<double>
    {
        internal List<double> Values { get; } = [];

        public void Report(double value) => Values.Add(value);
    }

    // 4 to 12 to 6 to 1, with a sigmoid that most rows bring close to 1/2.
    private static (Graph Graph, float[][] Rows) Model(int seed, int count)
    {
        var random = new Random(seed);
        float[] Draw(int length, double size) => [.. Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() - 0.5) * size))];
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, 4);
        graph.Inputs.Add(x);
        var builder = new GraphBuilder(graph) { Name = "n" };
        Value h = builder.Activation(ActivationKind.ReLU, builder.Dense(x, Value.Constant("w1", Draw(48, 2), 12, 4), Value.Constant("b1", Draw(12, 1), 12)));
        h = builder.Activation(ActivationKind.Tanh, builder.Dense(h, Value.Constant("w2", Draw(72, 1), 6, 12), Value.Constant("b2", Draw(6, 1), 6)));
        graph.Outputs.Add(builder.Activation(ActivationKind.Sigmoid, builder.Dense(h, Value.Constant("w3", Draw(6, 2), 1, 6), null)));
        return (graph, [.. Enumerable.Range(0, count).Select(_ => Draw(4, 4))]);
    }
}
