using EdgeInference.Benchmarks.Numerics;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Runtime.Tests.Kernels.Reduction;

public class SoftmaxKernelTests
{
    [Fact]
    public void The_textbook_example_comes_out()
    {
        // The third is 0.2052: textbooks print 0.20, so that the three add up to 1.
        float[] y = Run([1.2f, 0.9f, 0.4f], 1f, KernelSet.Fast);
        Assert.Equal(0.46, y[0], 0.005);
        Assert.Equal(0.34, y[1], 0.005);
        Assert.Equal(0.20, y[2], 0.006);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(67)]
    [InlineData(1000)]
    public void Probabilities_are_within_two_ULP_and_twins_agree(int depth)
    {
        var random = new Random(depth);
        for (int trial = 0; trial < 100; trial++)
        {
            float spread = MathF.Pow(10, (random.NextSingle() * 4) - 2);
            float[] x = [.. Enumerable.Range(0, depth).Select(i => (random.NextSingle() - 0.3f) * spread)];
            float[] y = Run(x, 1f, KernelSet.Fast);
            Assert.Equal(Run(x, 1f, KernelSet.Reference), y);
            double max = x.Max();
            double sum = x.Sum(value => Math.Exp(value - max));
            for (int i = 0; i < depth; i++)
            {
                double exact = Math.Exp(x[i] - max) / sum;
                Assert.True(UlpSweep.Ulps(y[i], exact) <= 2, $"{x[i]:R} of {depth}: {y[i]:R} for {exact:R}");
            }
        }
    }

    [Fact]
    public void Large_and_infinite_inputs_do_not_overflow()
    {
        Assert.Equal([0, 1, 0], Run([-3e38f, 3e38f, float.NegativeInfinity], 1f, KernelSet.Fast));
        Assert.Equal([0.5f, 0.5f], Run([-3e38f, -3e38f], 1f, KernelSet.Fast));
        Assert.All(Run([1, float.NaN, 2], 1f, KernelSet.Fast), p => Assert.True(float.IsNaN(p)));
        Assert.All(Run([1, float.PositiveInfinity, 2], 1f, KernelSet.Fast), p => Assert.True(float.IsNaN(p)));
    }

    [Fact]
    public void A_negative_beta_prefers_the_smallest_and_does_not_overflow()
    {
        float[] y = Run([0f, 200f, 1f], -1f, KernelSet.Fast);
        Assert.Equal(Run([0f, 200f, 1f], -1f, KernelSet.Reference), y);
        Assert.Equal(1 / (1 + Math.Exp(-1)), y[0], 1e-6);
        Assert.Equal(0f, y[1]);
        Assert.Equal(1 / (1 + Math.E), y[2], 1e-6);
    }

    [Fact]
    public void Beta_scales_the_inputs()
    {
        float[] x = [.. Enumerable.Range(0, 37).Select(i => (i * i % 17) * 0.21f)];
        float[] y = Run(x, 0.7f, KernelSet.Fast);
        double sum = x.Sum(value => Math.Exp(0.7f * (double)value));
        for (int i = 0; i < x.Length; i++)
        {
            Assert.Equal(Math.Exp(0.7f * (double)x[i]) / sum, y[i], 1e-7);
        }
    }

    private static float[] Run(float[] x, float beta, KernelSet kernels)
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, x.Length], 0);
        int output = builder.AddTensor(TensorType.Float32, [1, x.Length], ((x.Length * 4) + 63) / 64 * 64);
        builder.AddInput(input);
        builder.AddOutput(output);
        builder.AddOperator(Opcode.Softmax, [input], [output], [BitConverter.SingleToInt32Bits(beta), 0, 0, 0]);
        using EdgeModel model = EdgeModel.Load(builder.Build());
        using Session session = model.CreateSession(kernels);
        var y = new float[x.Length];
        session.Run(x, y);
        return y;
    }
}
