using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelFormat;
using EdgeInference.ModelTraining;

namespace EdgeInference.Tool.Tests.Train;

/// <summary>Products in blocks and vectors have the bits of the plain loops that define them.</summary>
public sealed class MatrixMathTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_product_has_the_bits_of_three_plain_loops(bool isTransposed)
    {
        var random = new Random(1);
        foreach (int rows in new[] { 0, 1, 3, 4, 5, 9 })
        {
            foreach (int columns in new[] { 0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17 })
            {
                foreach (int steps in new[] { 0, 1, 2, 7 })
                {
                    (int rowStride, int stepStride) = isTransposed ? (1, rows + 2) : (steps + 1, 1);
                    double[] a = Numbers(random, (rows + 2) * (steps + 2));
                    double[] b = Numbers(random, steps * columns);
                    double[] c = Numbers(random, (rows * columns) + 3);
                    double[] expected = [.. c];
                    for (int k = 0; k < steps; k++)
                    {
                        for (int i = 0; i < rows * columns; i++)
                        {
                            expected[i] += a[(i / columns * rowStride) + (k * stepStride)] * b[(k * columns) + (i % columns)];
                        }
                    }

                    MatrixMath.MultiplyAdd(c, a, rowStride, stepStride, b, rows, columns, steps);
                    Assert.Equal(expected, c);
                }
            }
        }
    }

    [Fact]
    public void A_product_with_a_transposed_matrix_has_the_bits_of_dot()
    {
        var random = new Random(2);
        foreach (int rows in new[] { 0, 1, 3, 4, 5, 8, 10 })
        {
            foreach (int columns in new[] { 0, 1, 3, 8 })
            {
                foreach (int steps in new[] { 1, 2, 3, 4, 5, 8, 11 })
                {
                    double[] a = Numbers(random, rows * steps);
                    double[] b = Numbers(random, columns * steps);
                    double[] c = Numbers(random, (rows * columns) + 3);
                    double[] expected = [.. c];
                    for (int i = 0; i < rows * columns; i++)
                    {
                        expected[i] = VectorMath.Dot(b.AsSpan(i % columns * steps, steps), a.AsSpan(i / columns * steps, steps));
                    }

                    MatrixMath.MultiplyTransposed(c, a, b, rows, columns, steps);
                    Assert.Equal(expected, c);
                }
            }
        }
    }

    public static TheoryData<string> Activations => [.. ActivationFunctions.All.Select(function => function.Name)];

    // A network whose layers round nothing runs row by row.
    [Theory]
    [MemberData(nameof(Activations))]
    public void A_batch_has_the_bits_of_its_rows_one_by_one(string activation)
    {
        ActivationKind kind = ActivationFunctions.Find(activation)!.Kind;
        var random = new Random(3);
        foreach ((int inputs, int[] hidden, int outputs) in new[] { (5, new[] { 9, 6 }, 1), (3, [4], 3), (2, [], 10), (7, [17], 1) })
        {
            // More than two blocks of rows, and a rest.
            int count = (2 * NetworkBatch.Block) + 7;
            double[][] rows = [.. Enumerable.Range(0, count).Select(_ => Numbers(random, inputs))];
            int[] labels = [.. Enumerable.Range(0, count).Select(i => i % Math.Max(2, outputs))];
            int[] order = [.. Enumerable.Range(0, count).OrderBy(i => i * 7919 % count)];
            var network = new Network(inputs, hidden, kind, outputs) { ClassWeights = [.. Enumerable.Range(1, Math.Max(2, outputs)).Select(c => 0.3 * c)] };
            double[] parameters = network.Initialize(new Xoshiro256(4));
            double[] batched = new double[parameters.Length];
            double[] single = new double[parameters.Length];
            double batchedLoss = network.Gradient(parameters, rows, labels, order, 0.01, batched);
            double batchedValidation = network.Loss(parameters, rows, labels, order);
            network.Quantizers = [.. network.Layers.Select(layer => new LayerQuantizer(layer.Outputs, null, null))];
            Assert.Equal(network.Gradient(parameters, rows, labels, order, 0.01, single), batchedLoss);
            Assert.Equal(network.Loss(parameters, rows, labels, order), batchedValidation);
            Assert.Equal(single, batched);
        }
    }

    [Fact]
    public void A_row_that_weighs_three_counts_as_three_rows()
    {
        var network = new Network(2, [3], ActivationKind.Tanh, 1);
        double[] parameters = network.Initialize(new Xoshiro256(1));
        double[][] rows = [[1, 2], [-1, 0.5]];
        double[] tripled = new double[parameters.Length];
        double[] weighted = new double[parameters.Length];
        double sum = 4 * network.Gradient(parameters, rows, [0, 1], [0, 1, 1, 1], 0, tripled);
        network.ClassWeights = [1, 3];
        Assert.Equal(sum, 2 * network.Gradient(parameters, rows, [0, 1], [0, 1], 0, weighted), 1e-12);
        Assert.Equal(sum, 2 * network.Loss(parameters, rows, [0, 1], [0, 1]), 1e-12);
        Assert.All(tripled.Zip(weighted), pair => Assert.Equal(4 * pair.First, 2 * pair.Second, 1e-12));
    }

    private static double[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextDouble() * 2) - 1)];
}
