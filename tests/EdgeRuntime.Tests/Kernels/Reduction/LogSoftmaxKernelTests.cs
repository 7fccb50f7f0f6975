using System.Globalization;
using System.Runtime.CompilerServices;
using EdgeInference.Benchmarks.Numerics;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Runtime.Tests.Kernels.Reduction;

public class LogSoftmaxKernelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(67)]
    [InlineData(1000)]
    public void Outputs_are_within_two_ULP_and_twins_agree(int depth)
    {
        var random = new Random(depth);
        for (int trial = 0; trial < 100; trial++)
        {
            float spread = MathF.Pow(10, (random.NextSingle() * 4) - 2);
            float[] x = [.. Enumerable.Range(0, depth).Select(i => (random.NextSingle() - 0.3f) * spread)];
            float[] y = Run(Opcode.LogSoftmax, x, KernelSet.Fast);
            Assert.Equal(Run(Opcode.LogSoftmax, x, KernelSet.Reference), y);
            int largest = Array.IndexOf(x, x.Max());
            double rest = x.Where((_, i) => i != largest).Sum(value => Math.Exp((double)value - x[largest]));

            // ln(1 + rest) by its series where 1 + rest would not hold it.
            double log = rest < 1e-4 ? rest - (rest * rest / 2) + (rest * rest * rest / 3) - (rest * rest * rest * rest / 4) : Math.Log(1 + rest);
            for (int i = 0; i < depth; i++)
            {
                double exact = (double)x[i] - x[largest] - log;
                Assert.True(UlpSweep.Ulps(y[i], exact) <= 2, $"{x[i]:R} of {depth}: {y[i]:R} for {exact:R}");
            }
        }
    }

    [Fact]
    public void A_nearly_sure_class_keeps_its_digits()
    {
        // ln(1 + e^−30) = 9.357623e-14, which float32 would lose in 1 + e^−30.
        float[] y = Run(Opcode.LogSoftmax, [0, -30], KernelSet.Fast);
        Assert.Equal(-9.357623e-14f, y[0], 1e-20f);
        Assert.Equal(-30f, y[1]);
    }

    [Fact]
    public void Equal_inputs_give_minus_the_logarithm_of_their_number() =>
        Assert.All(Run(Opcode.LogSoftmax, [7, 7, 7, 7], KernelSet.Fast), y => Assert.Equal(-1.3862944f, y));

    [Fact]
    public void Large_and_infinite_inputs_are_defined()
    {
        Assert.Equal([float.NegativeInfinity, 0, float.NegativeInfinity], Run(Opcode.LogSoftmax, [-3e38f, 3e38f, float.NegativeInfinity], KernelSet.Fast));
        Assert.All(Run(Opcode.LogSoftmax, [1, float.NaN, 2], KernelSet.Fast), y => Assert.True(float.IsNaN(y)));
        Assert.All(Run(Opcode.LogSoftmax, [1, float.PositiveInfinity, 2], KernelSet.Fast), y => Assert.True(float.IsNaN(y)));
        Assert.All(Run(Opcode.LogSoftmax, [float.NegativeInfinity, float.NegativeInfinity], KernelSet.Fast), y => Assert.True(float.IsNaN(y)));
    }

    [Theory]
    [InlineData(nameof(Opcode.Softmax))]
    [InlineData(nameof(Opcode.LogSoftmax))]
    public void The_document_has_the_row_and_its_known_answer(string opcodeName)
    {
        Opcode opcode = Enum.Parse<Opcode>(opcodeName);
        string answer = string.Join(", ", Run(opcode, [1.2f, 0.9f, 0.4f], KernelSet.Fast).Select(y => y.ToString("0.######", CultureInfo.InvariantCulture)));
        string row = File.ReadAllLines(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "..", "docs", "activations.md"))
            .Single(line => line.StartsWith($"| {opcode} |", StringComparison.Ordinal));
        Assert.Contains($"| {answer} | 2 |", row, StringComparison.Ordinal);
    }

    private static float[] Run(Opcode opcode, float[] x, KernelSet kernels)
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, x.Length], 0);
        int output = builder.AddTensor(TensorType.Float32, [1, x.Length], ((x.Length * 4) + 63) / 64 * 64);
        builder.AddInput(input);
        builder.AddOutput(output);
        builder.AddOperator(opcode, [input], [output], opcode == Opcode.Softmax ? [BitConverter.SingleToInt32Bits(1f), 0, 0, 0] : []);
        using EdgeModel model = EdgeModel.Load(builder.Build());
        using Session session = model.CreateSession(kernels);
        var y = new float[x.Length];
        session.Run(x, y);
        return y;
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
