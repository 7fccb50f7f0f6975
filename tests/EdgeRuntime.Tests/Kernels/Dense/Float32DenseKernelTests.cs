using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Kernels.Dense;

public class Float32DenseKernelTests
{
    // Around every vector width and group of panels, and one beyond the size up to which weights are packed.
    private static readonly int[] unitCounts = [1, 2, 3, 4, 5, 8, 9, 15, 16, 17, 31, 32, 33, 48, 49, 63, 64, 65, 79, 96, 130];
    private static readonly int[] depths = [1, 2, 3, 5, 8, 15, 30, 64, 129];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(7)]
    public void Fast_kernels_give_what_the_scalar_twin_gives(int rows)
    {
        foreach (int units in unitCounts)
        {
            foreach (int depth in depths)
            {
                AssertSame(rows, depth, units, ActivationKind.Linear, bias: true);
            }
        }
    }

    [Theory]
    [InlineData(ActivationKind.Linear)]
    [InlineData(ActivationKind.ReLU)]
    [InlineData(ActivationKind.LeakyReLU)]
    [InlineData(ActivationKind.Tanh)]
    public void Every_activation_is_applied_with_and_without_a_bias(ActivationKind activation)
    {
        foreach (int units in unitCounts)
        {
            AssertSame(1, 30, units, activation, bias: true);
            AssertSame(5, 30, units, activation, bias: false);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Weights_too_large_to_pack_are_used_in_place(int rows)
    {
        AssertSame(rows, 1100, 301, ActivationKind.LeakyReLU, bias: true);
        AssertSame(rows, 1100, 301, ActivationKind.ReLU, bias: false);
    }

    [Fact]
    public void NaN_and_infinity_pass_through_ReLU_as_in_the_scalar_twin()
    {
        using EdgeModel model = EdgeModel.Load(DenseModel.Float32(1, 1, 20, ActivationKind.ReLU, bias: true));
        foreach (float x in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            Assert.Equal(Outputs(model, [x], KernelSet.Reference), Outputs(model, [x], KernelSet.Fast));
        }
    }

    private static void AssertSame(int rows, int depth, int units, ActivationKind activation, bool bias)
    {
        using EdgeModel model = EdgeModel.Load(DenseModel.Float32(rows, depth, units, activation, bias));
        float[] input = DenseModel.Draw(new Random(units), rows * depth);
        float[] expected = Outputs(model, input, KernelSet.Reference);
        float[] actual = Outputs(model, input, KernelSet.Fast);
        float bound = 1e-5f * Math.Max(1e-3f, expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= bound, $"{rows}×{depth}→{units} {activation} [{i}]: {actual[i]}, not {expected[i]}");
        }
    }

    private static float[] Outputs(EdgeModel model, float[] input, KernelSet kernels)
    {
        using Session session = model.CreateSession(kernels);
        input.CopyTo(session.Input<float>());
        session.Run();
        Assert.True(session.Input<float>().SequenceEqual(input), "the kernel wrote beyond its output");
        float[] output = new float[session.OutputLength];
        session.Run(input, output);
        Assert.Equal(session.Output<float>(), output);
        return output;
    }
}
