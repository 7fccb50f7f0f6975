using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.ModelTraining.Encoding;
using EdgeInference.ModelTraining.Learners;
using EdgeInference.Nano.Tests.Models;

namespace EdgeInference.Nano.Tests.Learners;

/// <summary>Networks and logistic regression over encoded features, on every engine: missing values, skewed numbers, categories.</summary>
public class NetworkEngineTests
{
    private static readonly LabelledTable two = Table(2);
    private static readonly LabelledTable three = Table(3);
    private static readonly int[] all = [.. Enumerable.Range(0, two.Rows.Count)];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Encoded_features_have_the_learners_bits_on_every_engine(bool isShaped)
    {
        var encoding = FeatureEncoding.Fit(two, all, isShaped ? EncodingKind.Shaped : EncodingKind.Standard);
        Assert.False(encoding.IsPlain);
        var graph = new Graph();
        var input = new Value("input", TensorType.Float32, 1, two.Names.Count);
        graph.Inputs.Add(input);
        graph.Outputs.Add(encoding.ToGraph(graph, input));
        using var engines = new EngineSet(ModelWriter.Write(graph));
        foreach (float[] row in two.Rows.Concat(Edges(encoding)))
        {
            double[] expected = encoding.Apply(row);
            Assert.All(engines.Run(row), output => Assert.Equal(expected, output.Select(value => (double)value)));
        }
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public void Every_engine_decides_as_the_learner_does_in_double_precision(int classes, bool isNetwork)
    {
        LabelledTable table = classes == 2 ? two : three;
        IFittedClassifier fitted = Learner(isNetwork).Fit(table, all, null, 1);
        using var engines = new EngineSet(ModelWriter.Write(GraphOptimizer.Optimize(fitted.ToGraph())));
        Assert.True(engines.AcceptsMissing);
        double[] probabilities = new double[classes];
        foreach (float[] row in table.Rows)
        {
            fitted.Probabilities(row, probabilities);
            int expected = Array.IndexOf(probabilities, probabilities.Max());
            foreach (float[] output in engines.Run(row))
            {
                Assert.All(output.Zip(probabilities[^output.Length..]), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
                Assert.Equal(expected, Decision(output));
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void In_int8_the_engines_agree_and_few_decisions_change(bool isNetwork)
    {
        IFittedClassifier fitted = Learner(isNetwork).Fit(two, all, null, 1);
        Graph graph = Quantizer.Quantize(GraphOptimizer.Optimize(fitted.ToGraph()), [.. two.Rows], Precision.Int8);
        Assert.Contains(graph.Nodes, node => node.Opcode == Opcode.Dense && node.Input(1).Type == TensorType.Int8);
        using var engines = new EngineSet(ModelWriter.Write(graph));
        double[] probabilities = new double[2];
        int changed = 0;
        foreach (float[] row in two.Rows)
        {
            float[][] outputs = engines.Run(row);
            Assert.All(outputs, output => Assert.Equal(outputs[0], output));
            fitted.Probabilities(row, probabilities);
            changed += Decision(outputs[0]) != (probabilities[1] >= 0.5 ? 1 : 0) ? 1 : 0;
        }

        Assert.InRange(changed, 0, two.Rows.Count / 50);
    }

    private static ILearner Learner(bool isNetwork) => isNetwork ? new MultilayerPerceptron(6, 2, 1) : new LogisticRegression(1, EncodingKind.Shaped);

    private static int Decision(float[] output) => output.Length == 1 ? (output[0] >= 0.5f ? 1 : 0) : Array.IndexOf(output, output.Max());

    // A skewed number, an even one with gaps, a category with a rare and an unknown one, a flag.
    private static LabelledTable Table(int classes)
    {
        var random = new Random(8);
        var rows = new List<float[]>();
        var labels = new List<int>();
        for (int i = 0; i < 300; i++)
        {
            int label = i % classes;
            float skewed = (float)Math.Exp((2 * random.NextDouble()) + label);
            float even = random.Next(5) == 0 ? float.NaN : (float)(100 + (4 * random.NextDouble()) + (label == 1 ? 1.5 : 0));
            float category = random.Next(12) == 0 ? float.NaN : random.Next(40) == 0 ? 5 : (label + random.Next(3)) % 4;
            rows.Add([skewed, even, category, random.Next(2)]);
            labels.Add(label);
        }

        return new LabelledTable(["skewed", "even", "category", "flag"], rows, [.. labels], [.. Enumerable.Range(0, classes).Select(c => $"{c}")])
        {
            Categories = [[], [], ["a", "b", "c", "d", "rare"], []],
        };
    }

    // Knots and their neighbours, far values, missing ones.
    private static IEnumerable<float[]> Edges(FeatureEncoding encoding)
    {
        foreach (float x in encoding.Columns.SelectMany(column => column.X))
        {
            foreach (float value in new[] { MathF.BitDecrement(x), x, MathF.BitIncrement(x), -3e38f, 3e38f, float.NaN, -0f })
            {
                yield return [value, value, value, value];
            }
        }
    }
}
