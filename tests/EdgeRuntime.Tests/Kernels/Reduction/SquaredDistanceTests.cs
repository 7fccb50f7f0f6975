using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Runtime.Tests.Kernels.Reduction;

/// <summary>Differences from constant points and the sums of their squares, done at once, have the bits of one operator after the other.</summary>
public class SquaredDistanceTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Any_number_of_points_of_any_depth(bool multiplies)
    {
        var random = new Random(3);
        foreach (int points in new[] { 1, 7, 15, 16, 17, 33, 569 })
        {
            foreach (int depth in new[] { 1, 2, 3, 8, 30, 101 })
            {
                for (int form = 0; form < 6; form++)
                {
                    // A [points, depth] or [1, points, depth], x of as many dimensions or fewer, on either side.
                    int[] all = form % 3 == 0 ? [points, depth] : [1, points, depth];
                    int[] x = form % 3 == 2 ? [1, 1, depth] : [depth];
                    Same(new Distances(random, all, x) { Multiplies = multiplies, IsSwapped = form > 2 }, isFused: true);
                }
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sums_may_lie_where_the_vector_was(bool multiplies) =>
        Same(new Distances(new Random(4), [30, 30], [30]) { Multiplies = multiplies, SumsPlace = 0 }, isFused: true);

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void What_is_an_output_too_is_written(bool multiplies, bool squares) =>
        Same(new Distances(new Random(5), [40, 30], [30]) { Multiplies = multiplies, ShowsDifferences = !squares, ShowsSquares = squares }, isFused: false);

    [Fact]
    public void Other_sums_stay()
    {
        Same(new Distances(new Random(6), [40, 30], [30]) { Axes = 1 }, isFused: false);
        Same(new Distances(new Random(6), [40, 30], [30]) { Axes = 3 }, isFused: false);
        Same(new Distances(new Random(6), [40, 30], [30]) { Kind = ReduceKind.L2 }, isFused: false);
        Same(new Distances(new Random(6), [40, 30], [30]) { Multiplies = true, Kind = ReduceKind.Mean }, isFused: false);

        // One number for each point, and points that are repeated.
        Same(new Distances(new Random(6), [40, 30], [40, 1]), isFused: false);
        Same(new Distances(new Random(6), [1, 30], [40, 30]), isFused: false);
    }

    private static void Same(Distances distances, bool isFused)
    {
        using EdgeModel model = EdgeModel.Load(distances.Model());
        using Session fast = model.CreateSession();
        Assert.Equal(isFused, model.Memory.SharedBytes > 0);
        using Session reference = model.CreateSession(KernelSet.Reference);
        Assert.Equal(Run(reference, distances.X), Run(fast, distances.X));
    }

    private static int[] Run(Session session, float[] x)
    {
        float[] output = new float[session.OutputLength];
        session.Run(x, output);
        return MemoryMarshal.Cast<float, int>(output).ToArray();
    }

    private sealed class Distances(Random random, int[] points, int[] x)
    {
        internal bool Multiplies { get; init; }

        internal bool IsSwapped { get; init; }

        internal bool ShowsDifferences { get; init; }

        internal bool ShowsSquares { get; init; }

        internal int? SumsPlace { get; init; }

        internal ReduceKind? Kind { get; init; }

        internal int? Axes { get; init; }

        internal float[] X { get; } = Draw(random, x);

        internal byte[] Model()
        {
            var builder = new ModelBuilder();
            int[] shape = points.Length >= x.Length && Count(points) >= Count(x) ? points : x;
            int place = 0;
            int Next(int[] of, int? at = null)
            {
                int offset = at ?? place;
                place += ((Count(of) * sizeof(float)) + 63) / 64 * 64;
                return builder.AddTensor(TensorType.Float32, of, offset);
            }

            int input = Next(x);
            int constant = builder.AddConstant(TensorType.Float32, points, MemoryMarshal.AsBytes<float>(Draw(random, points)).ToArray());
            int differences = Next(shape);
            builder.AddInput(input);
            builder.AddOperator(Opcode.Sub, IsSwapped ? [constant, input] : [input, constant], [differences], None(Opcode.Sub));
            int squares = differences;
            if (Multiplies)
            {
                squares = Next(shape);
                builder.AddOperator(Opcode.Mul, [differences, differences], [squares], None(Opcode.Mul));
            }

            int axes = Axes ?? 1 << (shape.Length - 1);
            int[] left = [.. shape.Where((_, axis) => (axes & (1 << axis)) == 0)];
            int sums = Next(left, SumsPlace);
            builder.AddOperator(Opcode.Reduce, [squares], [sums], [(int)(Kind ?? (Multiplies ? ReduceKind.Sum : ReduceKind.SumSquare)), axes, 0, 0]);
            if (ShowsDifferences)
            {
                builder.AddOutput(differences);
            }

            if (ShowsSquares)
            {
                builder.AddOutput(squares);
            }

            builder.AddOutput(sums);
            return builder.Build();
        }

        private static int[] None(Opcode opcode) => new int[OperatorTable.Find((int)opcode).Parameters.Length];

        private static int Count(int[] shape) => shape.Aggregate(1, (product, size) => product * size);

        private static float[] Draw(Random random, int[] shape) =>
            [.. Enumerable.Range(0, Count(shape)).Select(_ => random.Next(40) switch { 0 => float.PositiveInfinity, 1 => 1e30f, 2 => 0f, _ => (float)(random.NextDouble() - 0.5) * MathF.Pow(10, random.Next(-3, 4)) })];
    }
}
