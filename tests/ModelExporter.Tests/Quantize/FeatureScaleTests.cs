using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Tests.Quantize;

/// <summary>Offsets and scales of features, worked out by hand, and which inputs may have them.</summary>
public class FeatureScaleTests
{
    // The range 0 … 10 grows by half of its half on each side in int8 and by three times that in int16, but not past a bound.
    [Theory]
    [InlineData(Precision.Int8, false, false, 5, 7.5 / 127)]
    [InlineData(Precision.Int16, false, false, 5, 20.0 / 32767)]
    [InlineData(Precision.Int8, true, false, 6.25, 6.25 / 127)]
    [InlineData(Precision.Int8, false, true, 3.75, 6.25 / 127)]
    [InlineData(Precision.Int8, true, true, 5, 5.0 / 127)]
    [InlineData(Precision.Int16, true, false, 12.5, 12.5 / 32767)]
    [InlineData(Precision.Int16, false, true, -2.5, 12.5 / 32767)]
    public void A_range_is_spread_over_all_levels_with_room_where_it_has_no_bound(Precision precision, bool below, bool above, double offset, double scale)
    {
        float[] values = [.. below ? [0f, 0f, 0f] : (float[])[0f], 1f, 2f, 9f, .. above ? [10f, 10f, 10f] : (float[])[10f]];
        FeatureScales actual = Scales(values, precision);
        Assert.Equal((float)offset, Assert.Single(actual.Offsets));
        Assert.Equal((float)scale, Assert.Single(actual.Scales));
    }

    // Twice the value either way of it, and at least 1: one row is no bound.
    [Theory]
    [InlineData(8f, 12.0)]
    [InlineData(-8f, 12.0)]
    [InlineData(0.5f, 1.5)]
    [InlineData(0f, 1.5)]
    [InlineData(-1f, 1.5)]
    public void A_feature_that_never_moved_has_a_step_of_its_size(float value, double reach)
    {
        FeatureScales actual = Scales([value], Precision.Int8);
        Assert.Equal(value, actual.Offsets[0]);
        Assert.Equal((float)(reach / 127), actual.Scales[0]);
    }

    [Fact]
    public void A_step_is_never_below_1e_30()
    {
        Assert.Equal(1e-30f, Scales([1e-38f, 2e-38f], Precision.Int8).Scales[0]);
        Assert.Equal((float)(3e-28 * 0.75 / 127), Scales([1e-28f, 4e-28f], Precision.Int8).Scales[0], 1e-33f);
    }

    [Fact]
    public void Each_feature_has_its_own()
    {
        var statistics = new ValueStatistics(2);
        statistics.AddExtremes([0f, 100f, 4f, 300f]);
        FeatureScales actual = FeatureScales.From(statistics, Precision.Int8);
        Assert.Equal([2f, 200f], actual.Offsets);
        Assert.Equal([(float)(3.0 / 127), (float)(150.0 / 127)], actual.Scales);
    }

    [Fact]
    public void Dense_layers_alone_take_scales_into_their_weights()
    {
        Assert.True(Suits((b, x) => [b.Dense(x, Weights(), null)]));
        Assert.True(Suits((b, x) => [b.Dense(x, Weights(), null), b.Dense(x, Weights(), null)]));
        Assert.False(Suits((b, x) => [b.Dense(x, Weights(), null), b.Activation(ActivationKind.ReLU, x)]));
        Assert.False(Suits((b, x) => [b.Dense(x, Weights(), null), x]));
        Assert.False(Suits((b, x) => [b.Scalar(1)]));
        Assert.False(Suits((b, x) => [b.Dense(b.Reshape(b.Scalar(1), 1, 1), x, null)]));
    }

    private static Value Weights() => Value.Constant("w", [1f, 2f, 3f, 4f], 2, 2);

    private static bool Suits(Func<GraphBuilder, Value, Value[]> model)
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, 2);
        graph.Inputs.Add(x);
        try
        {
            graph.Outputs.AddRange(model(new GraphBuilder(graph) { Name = "node" }, x));
        }
        catch (ArgumentException)
        {
            // A layer with weights that no constant holds is built by hand.
            var y = new Value("y", TensorType.Float32, 2, 1);
            graph.Nodes.Add(new Node(Opcode.Dense, "d", [Value.Constant("c", [1f, 2f, 1f, 2f], 2, 2), x], y));
            graph.Outputs.Add(y);
        }

        return FeatureScales.IsApplicable(graph, x);
    }

    private static FeatureScales Scales(float[] values, Precision precision)
    {
        var statistics = new ValueStatistics(1);
        statistics.AddExtremes(values);
        return FeatureScales.From(statistics, precision);
    }
}
