using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime.Tests.Kernels.Elementwise;

namespace EdgeInference.Runtime.Tests.Kernels.Reduction;

/// <summary>Differences of int8 from constant points, dequantized, and the sums of their squares, done at once, have the bits of the scalar twins one after the other.</summary>
public class QuantizedDistanceTests
{
    [Fact]
    public void Any_number_of_points_of_any_depth()
    {
        var random = new Random(3);
        foreach (int points in new[] { 1, 7, 15, 16, 17, 33, 505 })
        {
            foreach (int depth in new[] { 1, 2, 3, 8, 30, 101 })
            {
                for (int form = 0; form < 6; form++)
                {
                    // A [points, depth] or [1, points, depth], x of as many dimensions or fewer, on either side.
                    int[] all = form % 3 == 0 ? [points, depth] : [1, points, depth];
                    int[] x = form % 3 == 2 ? [1, 1, depth] : [depth];
                    Same(new Distances(random, all, x) { IsSwapped = form > 2 }, isFused: true);
                }
            }
        }
    }

    [Fact]
    public void Every_difference_by_factors_of_any_size()
    {
        var random = new Random(4);
        int fused = 0;
        for (int i = 0; i < 200; i++)
        {
            int[] factors = BinaryModel.AnyFactors(random, TensorType.Int8);
            fused += factors[BinaryRule.Shift] < 0 ? 1 : 0;

            // 256 points of one element each, which are all codes there are.
            Same(new Distances(random, [256, 1], [1]) { Factors = factors, HasAllCodes = true, IsSwapped = i % 2 == 0 }, isFused: factors[BinaryRule.Shift] < 0);
        }

        Assert.True(fused > 50, $"only {fused} were done at once");
    }

    [Fact]
    public void Sums_may_lie_where_the_vector_was() => Same(new Distances(new Random(5), [30, 30], [30]) { SumsPlace = 0 }, isFused: true);

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void What_is_an_output_too_is_written(bool differences, bool numbers) =>
        Same(new Distances(new Random(6), [40, 30], [30]) { ShowsDifferences = differences, ShowsNumbers = numbers }, isFused: false);

    [Fact]
    public void Other_sums_stay()
    {
        Same(new Distances(new Random(7), [40, 30], [30]) { Axes = 1 }, isFused: false);
        Same(new Distances(new Random(7), [40, 30], [30]) { Axes = 3 }, isFused: false);
        Same(new Distances(new Random(7), [40, 30], [30]) { Kind = ReduceKind.L2 }, isFused: false);
        Same(new Distances(new Random(7), [40, 30], [40, 1]), isFused: false);
        Same(new Distances(new Random(7), [1, 30], [40, 30]), isFused: false);
    }

    private static void Same(Distances distances, bool isFused)
    {
        using EdgeModel model = EdgeModel.Load(distances.Model());
        using Session fast = model.CreateSession();
        Assert.Equal(isFused && (Avx2.IsSupported || AdvSimd.Arm64.IsSupported), model.Memory.SharedBytes > 0);
        using Session reference = model.CreateSession(KernelSet.Reference);
        for (int i = 0; i < 3; i++)
        {
            distances.Draw(out byte[] x);
            Assert.Equal(Run(model, reference, x), Run(model, fast, x));
        }
    }

    private static byte[] Run(EdgeModel model, Session session, byte[] x)
    {
        x.CopyTo(MemoryMarshal.AsBytes(session.Input<sbyte>(0)));
        session.Run();
        return [.. model.File.Outputs.SelectMany(output => session.Bytes(output).ToArray())];
    }

    private sealed class Distances(Random random, int[] points, int[] x)
    {
        internal int[]? Factors { get; init; }

        internal bool HasAllCodes { get; init; }

        internal bool IsSwapped { get; init; }

        internal bool ShowsDifferences { get; init; }

        internal bool ShowsNumbers { get; init; }

        internal int? SumsPlace { get; init; }

        internal ReduceKind Kind { get; init; } = ReduceKind.SumSquare;

        internal int? Axes { get; init; }

        internal void Draw(out byte[] bytes)
        {
            bytes = new byte[Count(x)];
            random.NextBytes(bytes);
        }

        internal byte[] Model()
        {
            var builder = new ModelBuilder();
            int[] shape = points.Length >= x.Length && Count(points) >= Count(x) ? points : x;
            int place = 0;
            int Next(TensorType type, int[] of, TensorQuantization? quantization, int? at = null)
            {
                int offset = at ?? place;
                place += ((Count(of) * TensorTypes.SizeOf(type)) + 63) / 64 * 64;
                return builder.AddTensor(type, of, offset, quantization);
            }

            byte[] codes = [.. Enumerable.Range(0, Count(points)).Select(i => (byte)(HasAllCodes ? i : random.Next(256)))];
            int input = Next(TensorType.Int8, x, new TensorQuantization(0.01f, random.Next(-128, 128)));
            int constant = builder.AddConstant(TensorType.Int8, points, codes, new TensorQuantization(0.02f, random.Next(-128, 128)));
            int differences = Next(TensorType.Int8, shape, new TensorQuantization((float)Math.Pow(10, (random.NextDouble() * 6) - 4), random.Next(-128, 128)));
            builder.AddInput(input);
            builder.AddOperator(Opcode.Sub, IsSwapped ? [constant, input] : [input, constant], [differences], Factors ?? BinaryModel.Factors(random, Opcode.Sub, TensorType.Int8));
            int numbers = Next(TensorType.Float32, shape, null);
            builder.AddOperator(Opcode.Dequantize, [differences], [numbers], new int[OperatorTable.Find((int)Opcode.Dequantize).Parameters.Length]);
            int axes = Axes ?? 1 << (shape.Length - 1);
            int[] left = [.. shape.Where((_, axis) => (axes & (1 << axis)) == 0)];
            int sums = Next(TensorType.Float32, left, null, SumsPlace);
            builder.AddOperator(Opcode.Reduce, [numbers], [sums], [(int)Kind, axes, 0, 0]);
            if (ShowsDifferences)
            {
                builder.AddOutput(differences);
            }

            if (ShowsNumbers)
            {
                builder.AddOutput(numbers);
            }

            builder.AddOutput(sums);
            return builder.Build();
        }

        private static int Count(int[] shape) => shape.Aggregate(1, (product, size) => product * size);
    }
}
