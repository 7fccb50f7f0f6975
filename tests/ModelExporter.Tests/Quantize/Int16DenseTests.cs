using System.Numerics;
using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Quantize;

public class Int16DenseTests
{
    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(7, 3, true)]
    [InlineData(64, 5, false)]
    [InlineData(5000, 2, true)]
    public void Both_kernels_compute_what_exact_arithmetic_says(int depth, int units, bool perChannel)
    {
        var random = new Random(depth);
        sbyte[] weights = [.. Enumerable.Range(0, depth * units).Select(i => (sbyte)random.Next(-127, 128))];
        long[] bias = [.. Enumerable.Range(0, units).Select(i => random.NextInt64(-1L << 33, 1L << 33))];
        int channels = perChannel ? units : 1;
        int[] multipliers = [.. Enumerable.Range(0, channels).Select(i => random.Next(1 << 30, int.MaxValue))];
        int[] shifts = [.. Enumerable.Range(0, channels).Select(i => random.Next(-20, -12))];
        using EdgeModel model = EdgeModel.Load(Model(depth, units, weights, bias, multipliers, shifts));
        using Session fast = model.CreateSession();
        using Session reference = model.CreateSession(KernelSet.Reference);
        for (int trial = 0; trial < 50; trial++)
        {
            // The first trial has every product at its largest: what a lane of int32 must not overflow on.
            short[] x = [.. Enumerable.Range(0, depth).Select(i => trial == 0 ? short.MinValue : (short)random.Next(short.MinValue, short.MaxValue + 1))];
            x.CopyTo(fast.Input<short>());
            x.CopyTo(reference.Input<short>());
            fast.Run();
            reference.Run();
            for (int unit = 0; unit < units; unit++)
            {
                BigInteger sum = bias[unit];
                for (int i = 0; i < depth; i++)
                {
                    sum += x[i] * weights[(unit * depth) + i];
                }

                // The rule in words: the multiplier cut to its upper 16 bits, one rounding, ties up.
                int channel = perChannel ? unit : 0;
                BigInteger reduced = multipliers[channel] < 0x7FFF0000 ? (multipliers[channel] + 0x8000) >> 16 : 0x7FFF;
                int shift = 15 - shifts[channel];
                int expected = (int)BigInteger.Clamp(((sum * reduced) + (BigInteger.One << (shift - 1))) >> shift, short.MinValue, short.MaxValue);
                Assert.Equal(expected, fast.Output<short>()[unit]);
                Assert.Equal(expected, reference.Output<short>()[unit]);
            }
        }
    }

    [Fact]
    public void Sums_of_the_largest_products_do_not_overflow()
    {
        const int Depth = 100_000;
        sbyte[] weights = [.. Enumerable.Repeat((sbyte)-128, Depth)];
        using EdgeModel model = EdgeModel.Load(Model(Depth, 1, weights, [0], [1 << 30], [-24]));
        using Session session = model.CreateSession();
        session.Input<short>().Fill(short.MinValue);
        session.Run();
        Assert.Equal((int)(((long)Depth << 22) >> 25), session.Output<short>()[0]);
    }

    [Theory]
    [InlineData(8, 0L, "shift")]
    [InlineData(-10, 1L << 46, "bias")]
    [InlineData(-10, long.MinValue, "bias")]
    public void What_64_bits_cannot_hold_is_refused(int shift, long bias, string expected)
    {
        var exception = Assert.Throws<ModelFormatException>(() => Model(2, 1, [1, 2], [bias], [1 << 30], [shift]));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    private static byte[] Model(int depth, int units, sbyte[] weights, long[] bias, int[] multipliers, int[] shifts)
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Int16, [1, depth], 0, new TensorQuantization(1f / 4096, 0));
        int y = builder.AddTensor(TensorType.Int16, [1, units], ((depth * 2) + 63) / 64 * 64, new TensorQuantization(1f / 4096, 0));
        int w = builder.AddConstant(TensorType.Int8, [units, depth], MemoryMarshal.AsBytes<sbyte>(weights), new TensorQuantization(1f / 64, 0));
        int b = builder.AddConstant(TensorType.Int64, [units], MemoryMarshal.AsBytes<long>(bias));
        int m = builder.AddConstant(TensorType.Int32, [multipliers.Length], MemoryMarshal.AsBytes<int>(multipliers));
        int s = builder.AddConstant(TensorType.Int8, [shifts.Length], MemoryMarshal.AsBytes<sbyte>(Array.ConvertAll(shifts, Convert.ToSByte)));
        builder.AddInput(x);
        builder.AddOutput(y);
        builder.AddOperator(Opcode.Dense, [x, w, b, m, s], [y], [0, 0, 0, short.MinValue, short.MaxValue, 0]);
        return builder.Build();
    }
}
