using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Check;
using EdgeInference.ModelConverter.Features;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Trees;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Tests.Check;

/// <summary>Where made rows lie, by what a graph does with its input.</summary>
public class SampleRowsKindTests
{
    private const int Rows = 2000;

    [Fact]
    public void An_input_that_says_nothing_of_itself_is_of_mean_0_and_deviation_1()
    {
        foreach (double[] column in Columns(Graph([1, 3], (b, x) => b.Unary(UnaryKind.Neg, x))))
        {
            Normal(column, 0, 1);
        }
    }

    [Fact]
    public void Each_feature_has_the_mean_and_deviation_that_its_standardisation_takes_away()
    {
        // (x − mean) / deviation, and the same as a product and a sum, as two rows of a batch too.
        float[] mean = [10f, -200f];
        float[] deviation = [2f, 50f];
        foreach (int[] shape in (int[][])[[1, 2], [3, 2]])
        {
            double[][] columns = Columns(Graph(shape, (b, x) => b.Arithmetic(Opcode.Div, b.Arithmetic(Opcode.Sub, x, C(mean, 2)), C(deviation, 2))));
            Assert.Equal(shape[0] * 2, columns.Length);
            for (int i = 0; i < columns.Length; i++)
            {
                Normal(columns[i], mean[i % 2], deviation[i % 2]);
            }

            columns = Columns(Graph(shape, (b, x) => b.Arithmetic(Opcode.Add, b.Arithmetic(Opcode.Mul, x, C([0.5f, 0.02f], 2)), C([-5f, 4f], 2))));
            for (int i = 0; i < columns.Length; i++)
            {
                Normal(columns[i], mean[i % 2], deviation[i % 2]);
            }
        }
    }

    [Fact]
    public void A_feature_that_is_transformed_lies_among_its_codes_and_knots()
    {
        Graph graph = Graph([1, 6], (b, x) => b.FeatureTransform(x, new FeatureTransformPlan(
        [
            FeatureColumn.Equal(0, 0f), FeatureColumn.Equal(0, 1f), FeatureColumn.Unknown(0, 2), FeatureColumn.Equal(1, -7f), FeatureColumn.Equal(1, 9f),
            FeatureColumn.Line(2, 0f, [100f, 200f, 300f], [0f, 1f, 2f]), FeatureColumn.Bin(3, [5f]), FeatureColumn.Missing(4),
        ])));
        graph.Metadata = new GraphMetadata { InputCategories = [[], [], [], [], [], ["a", "b"]] };
        double[][] columns = Columns(graph);
        Assert.Equal([0, 1, 2], columns[0].Distinct().Order());
        Assert.Equal([-7, 9, 10], columns[1].Distinct().Order());
        Assert.InRange(columns[2].Min(), 50, 60);
        Assert.InRange(columns[2].Max(), 340, 350);
        Assert.InRange(columns[3].Min(), 0, 0.1);
        Assert.InRange(columns[3].Max(), 9.9, 10);
        Normal(columns[4], 0, 1);
        Assert.Equal([0, 1, 2], columns[5].Distinct().Order());
    }

    [Fact]
    public void Named_inputs_are_told_apart_behind_their_concatenation()
    {
        var graph = new Graph();
        Value[] inputs = [new("a", TensorType.Float32, 1, 1), new("b", TensorType.Float32, 1, 2), new("c", TensorType.Float32, 1, 1)];
        graph.Inputs.AddRange(inputs);
        var builder = new GraphBuilder(graph) { Name = "node" };
        graph.Outputs.Add(builder.Arithmetic(Opcode.Mul, builder.Arithmetic(Opcode.Sub, builder.Concat(1, inputs), C([1f, 20f, 300f, -4000f], 4)), C([1f, 0.1f, 0.01f, 0.001f], 4)));
        double[][] columns = Columns(graph);
        Normal(columns[0], 1, 1);
        Normal(columns[1], 20, 10);
        Normal(columns[2], 300, 100);
        Normal(columns[3], -4000, 1000);
    }

    // What is joined along another axis, joined twice or joined after a step of its own says nothing of one input's features.
    [Fact]
    public void Other_concatenations_say_nothing_of_an_input()
    {
        Value mean = C([100f, 100f], 2);
        double[][] columns = Columns(Graph([1, 2], (b, x) => b.Arithmetic(Opcode.Sub, b.Concat(0, x, C([0f, 0f], 1, 2)), mean)));
        Normal(columns[0], 0, 1);

        // The input's own step is taken, the one behind the Concat is not.
        columns = Columns(Graph([1, 1], (b, x) => b.Arithmetic(Opcode.Sub, b.Concat(1, b.Arithmetic(Opcode.Sub, x, C([7f], 1)), C([0f], 1, 1)), mean)));
        Normal(columns[0], 7, 1);
    }

    [Fact]
    public void A_feature_without_a_deviation_of_its_own_is_of_mean_0_and_deviation_1()
    {
        // x · 0 says nothing, x · 1e-38 a deviation beyond 1e30.
        double[][] columns = Columns(Graph([1, 3], (b, x) => b.Arithmetic(Opcode.Mul, x, C([0f, 1e-38f, 0.1f], 3))));
        Normal(columns[0], 0, 1);
        Normal(columns[1], 0, 1);
        Normal(columns[2], 0, 10);
    }

    [Fact]
    public void A_quantized_input_gets_all_of_its_range()
    {
        foreach ((TensorType type, int high) in ((TensorType, int)[])[(TensorType.Int8, 127), (TensorType.Int16, 32767)])
        {
            var graph = new Graph();
            graph.Inputs.Add(new Value("x", type, 1, 2) { Quantization = new Quantization(0.5f, type == TensorType.Int8 ? 20 : 0) });
            double middle = type == TensorType.Int8 ? -10 : 0;
            Assert.All(Columns(graph), column => Even(column, middle - (high * 0.5), middle + (high * 0.5)));
        }
    }

    [Fact]
    public void An_index_is_any_of_its_axis()
    {
        foreach ((int axis, int size) in ((int, int)[])[(0, 5), (1, 3)])
        {
            double[] column = Columns(Graph([1], (b, x) => b.Gather(C(new float[15], 5, 3), x, axis)))[0];
            Assert.Equal(Enumerable.Range(0, size).Select(i => (double)i), column.Distinct().Order());
        }

        // What is looked up in is no index.
        Normal(Columns(Graph([4], (b, x) => b.Gather(x, C([1f], 1), 0)))[0], 0, 1);
    }

    [Fact]
    public void Features_of_trees_reach_a_quarter_beyond_their_thresholds()
    {
        // Feature 0 at 10 and 30, feature 1 at −8 alone, feature 2 at 0.25 alone, feature 3 nowhere; leaves have no threshold, a
        // tree of one leaf has none either, an
        // infinite one says nothing.
        Value Trees(GraphBuilder b, Value x) => b.TreeEnsemble(
            x,
            new TreeLists([0, 0, 1, 2, 1, 0, 5, 5, 0, 0, 3, 4, 2, 0, 5, 5, 0, 0, 5, 5, -1, 0, 0, 1], [10, -8, 30, 0.25f, float.PositiveInfinity, 999], [0, 5], [0], [1]),
            1,
            0);
        double[][] columns = Columns(Graph([2, 4], Trees));
        Assert.Equal(8, columns.Length);
        for (int row = 0; row < 2; row++)
        {
            Even(columns[(4 * row) + 0], 5, 35);
            Even(columns[(4 * row) + 1], -16, 0);
            Even(columns[(4 * row) + 2], -0.75, 1.25);
            Even(columns[(4 * row) + 3], -1, 1);
        }
    }

    private static void Normal(double[] column, double mean, double deviation)
    {
        Assert.InRange((column.Average() - mean) / deviation, -0.15, 0.15);
        Assert.InRange(Math.Sqrt(column.Average(x => (x - mean) * (x - mean))) / deviation, 0.9, 1.1);

        // Both tails, and no more of them than a normal distribution has: 4.6 % beyond two deviations, one in 16,000 beyond four.
        Assert.InRange(column.Count(x => x > mean + (2 * deviation)) / (double)Rows, 0.01, 0.04);
        Assert.InRange(column.Count(x => x < mean - (2 * deviation)) / (double)Rows, 0.01, 0.04);
        Assert.All(column, x => Assert.InRange((x - mean) / deviation, -5, 5));
    }

    private static void Even(double[] column, double low, double high)
    {
        Assert.All(column, x => Assert.InRange(x, low, high));
        double share = (high - low) / 50;
        Assert.InRange(column.Min(), low, low + share);
        Assert.InRange(column.Max(), high - share, high);
        Assert.InRange(column.Average(), ((low + high) / 2) - (2 * share), ((low + high) / 2) + (2 * share));
    }

    private static double[][] Columns(Graph graph)
    {
        float[][] rows = SampleRows.Make(graph, Rows);
        Assert.Equal(Rows, rows.Length);
        return [.. Enumerable.Range(0, rows[0].Length).Select(i => rows.Select(row => (double)row[i]).ToArray())];
    }

    private static Graph Graph(int[] shape, Func<GraphBuilder, Value, Value> model)
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, shape);
        graph.Inputs.Add(x);
        graph.Outputs.Add(model(new GraphBuilder(graph) { Name = "node" }, x));
        return graph;
    }

    private static Value C(float[] values, params int[] shape) => Value.Constant("c", values, shape);
}
