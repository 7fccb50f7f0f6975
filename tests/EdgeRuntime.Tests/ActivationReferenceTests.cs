using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Tests.Reference.Definitions;

namespace EdgeInference.Runtime.Tests;

/// <summary>The activations' own double precision, from which tables, gradients and plots come, against other formulas for the same functions.</summary>
public class ActivationReferenceTests
{
    private static readonly double[] grid =
    [
        .. Enumerable.Range(-320, 641).Select(i => i / 16.0), 1e-3, -1e-3, 1e-9, -1e-9, 1.0 / 3, -1.0 / 3, 30, -30, 45, -45, 100, -100, 700, -700, 2.9999, -2.9999, 3.0001, -3.0001, 5.9999, 6.0001,
    ];

    public static TheoryData<ActivationKind> Kinds => [.. Enum.GetValues<ActivationKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_value_is_the_formulas(ActivationKind kind)
    {
        ActivationFunction function = ActivationFunctions.Get(kind);
        foreach ((double alpha, double beta) in new[] { (0.2, 0.5), (1.5, 1.1), ((double)function.DefaultAlpha, (double)function.DefaultBeta) })
        {
            if (alpha == 0 && kind == ActivationKind.CELU)
            {
                continue;
            }

            foreach (double x in grid)
            {
                double expected = RealFunctions.Activation(kind, x, alpha, beta);
                double actual = function.Value(x, alpha, beta);
                Assert.True(Math.Abs(expected - actual) <= (1e-10 * Math.Abs(expected)) + 1e-15, $"{kind}({x}) with {alpha}, {beta} is {actual:R}, not {expected:R}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_derivative_is_the_slope_for_any_parameters(ActivationKind kind)
    {
        ActivationFunction function = ActivationFunctions.Get(kind);
        foreach ((double alpha, double beta) in new[] { (0.2, 0.5), (1.5, 1.1) })
        {
            foreach (double x in grid.Where(x => Math.Abs(x) < 50 && (x == 0 || Math.Abs(x) > 1e-6)))
            {
                const double Step = 1e-6;
                double left = (RealFunctions.Activation(kind, x, alpha, beta) - RealFunctions.Activation(kind, x - Step, alpha, beta)) / Step;
                double right = (RealFunctions.Activation(kind, x + Step, alpha, beta) - RealFunctions.Activation(kind, x, alpha, beta)) / Step;

                // At a kink the slope from the left; at a jump there is none.
                if (Math.Abs(left) < 1e4 && Math.Abs(right) < 1e4)
                {
                    Assert.True(Math.Abs(left - function.Derivative(x, alpha, beta)) <= 1e-4 * (1 + Math.Abs(left)), $"{kind}'({x}) with {alpha}, {beta} is {function.Derivative(x, alpha, beta):R}, not {left:R}");
                }
            }
        }
    }

    /// <summary>docs/activations.md: defaults, and the derivative at a kink.</summary>
    [Fact]
    public void Defaults_are_the_documented_ones()
    {
        (ActivationKind Kind, float Alpha, float Beta)[] defaults =
        [
            (ActivationKind.LeakyReLU, 0.01f, 0f),
            (ActivationKind.PReLU, 0.25f, 0f),
            (ActivationKind.ELU, 1f, 0f),
            (ActivationKind.CELU, 1f, 0f),
            (ActivationKind.ThresholdedReLU, 1f, 0f),
            (ActivationKind.HardSigmoid, 1f / 6, 0.5f),
            (ActivationKind.Shrink, 0.5f, 0.5f),
            (ActivationKind.SELU, 1.6732632f, 1.050701f),
        ];
        foreach (ActivationFunction function in ActivationFunctions.All)
        {
            (ActivationKind Kind, float Alpha, float Beta) expected = defaults.FirstOrDefault(row => row.Kind == function.Kind);
            Assert.Equal(expected.Alpha, function.DefaultAlpha, 1e-6f);
            Assert.Equal(expected.Beta, function.DefaultBeta, 1e-6f);
        }

        Assert.Equal(0, ActivationFunctions.Get(ActivationKind.ReLU).Derivative(0));
        Assert.Equal(0, ActivationFunctions.Get(ActivationKind.ReLU6).Derivative(0));
        Assert.Equal(1, ActivationFunctions.Get(ActivationKind.ReLU6).Derivative(6));
        Assert.Equal(0.01f, ActivationFunctions.Get(ActivationKind.LeakyReLU).Derivative(0));
        Assert.Equal(0, ActivationFunctions.Get(ActivationKind.HardSwish).Derivative(-3));
        Assert.Equal(1.5, ActivationFunctions.Get(ActivationKind.HardSwish).Derivative(3), 1e-12);
        Assert.Equal(1, ActivationFunctions.Get(ActivationKind.Step).Value(0));
        Assert.Equal(0, ActivationFunctions.Get(ActivationKind.Step).Value(-1e-300));
        Assert.Equal(0, ActivationFunctions.Get(ActivationKind.ThresholdedReLU).Value(1));
    }

    [Fact]
    public void A_name_is_found_in_any_case_and_a_kind_is_in_range()
    {
        Assert.Equal(ActivationKind.HardSwish, ActivationFunctions.Find("hardswish")!.Kind);
        Assert.Null(ActivationFunctions.Find("hardswis"));
        Assert.Equal(ActivationKind.ThresholdedReLU, ActivationFunctions.Get(ActivationKind.ThresholdedReLU).Kind);
        Assert.Throws<ArgumentOutOfRangeException>(() => ActivationFunctions.Get((ActivationKind)ActivationKinds.Count));
        Assert.Throws<ArgumentOutOfRangeException>(() => ActivationFunctions.Get((ActivationKind)(-1)));
    }
}
