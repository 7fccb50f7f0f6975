using System.Xml.Linq;
using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelFormat;
using EdgeInference.Tool.Commands;
using EdgeInference.Tool.Report;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>The pictures of activation functions: those in docs/activations are what the command draws, and the regions are where they should be.</summary>
public class ActivationsCommandTests
{
    [Fact]
    public void The_pictures_in_the_documents_are_those_that_the_command_draws()
    {
        string folder = Path.Combine(TestData.Root, "docs", "activations");
        string document = File.ReadAllText(Path.Combine(TestData.Root, "docs", "activations.md"));
        var drawn = ActivationsCommand.Pictures().ToDictionary(picture => picture.Name, picture => picture.Svg);
        Assert.Equal(drawn.Keys.Order(StringComparer.Ordinal), Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        foreach ((string name, string svg) in drawn)
        {
            Assert.True(svg == File.ReadAllText(Path.Combine(folder, name)), $"docs/activations/{name} is stale; run 'edge activations -o docs/activations'.");
            Assert.Contains($"(activations/{name})", document, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_kind_has_a_well_formed_picture_with_its_formula()
    {
        Assert.Equal(Enum.GetValues<ActivationKind>().Length, ActivationsCommand.Pictures().Count());
        foreach ((string name, string svg) in ActivationsCommand.Pictures())
        {
            XElement root = XDocument.Parse(svg).Root!;
            Assert.Contains(ActivationFunctions.Find(Path.GetFileNameWithoutExtension(name))!.Formula, (string)root.Attribute("aria-label")!, StringComparison.Ordinal);
            Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(ActivationKind.ReLU, -8, 0, 8, 8)]
    [InlineData(ActivationKind.ReLU6, -8, 0, 8, 6)]
    [InlineData(ActivationKind.HardSigmoid, -8, -3, 8, 3)]
    [InlineData(ActivationKind.ThresholdedReLU, -8, 1, 8, 8)]
    [InlineData(ActivationKind.LeakyReLU, -8, -8, 8, 8)]
    [InlineData(ActivationKind.Shrink, -8, -8, 8, 8)]
    [InlineData(ActivationKind.Sigmoid, -8, -8, 8, 8)]
    public void Dead_is_where_the_derivative_is_zero(ActivationKind kind, double low, double deadBelow, double high, double deadAbove)
    {
        var function = ActivationFunctions.Get(kind);
        var shape = ActivationShape.Of(function, function.DefaultAlpha, function.DefaultBeta, low, high);
        Assert.Equal(deadBelow, shape.DeadBelow, 0.011);
        Assert.Equal(deadAbove, shape.DeadAbove, 0.011);
    }

    [Fact]
    public void Saturated_is_where_the_derivative_is_small_and_a_limit_exists()
    {
        // sigmoid' = s(1 - s) = 0.05 at s = 0.0528, x = -2.887.
        var sigmoid = ActivationFunctions.Get(ActivationKind.Sigmoid);
        var shape = ActivationShape.Of(sigmoid, 0, 0, -8, 8);
        Assert.Equal(-2.887, shape.SaturatedBelow, 0.011);
        Assert.Equal(2.887, shape.SaturatedAbove, 0.011);

        // The slope of LeakyReLU is small below 0, but it has no limit there.
        var leaky = ActivationFunctions.Get(ActivationKind.LeakyReLU);
        Assert.Equal(-8, ActivationShape.Of(leaky, leaky.DefaultAlpha, 0, -8, 8).SaturatedBelow);
    }
}
