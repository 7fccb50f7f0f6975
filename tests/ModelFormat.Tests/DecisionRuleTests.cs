using System.Runtime.InteropServices;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.ModelFormat.Tests;

/// <summary>The rule of docs/decisions-quality.md against a plain restatement of it, at its edges.</summary>
public class DecisionRuleTests
{
    private static readonly float[] grid = [0f, 0.25f, 0.29999998f, 0.3f, 0.30000001f, 0.49999997f, 0.5f, 0.50000006f, 0.7f, 0.75f, 1f];

    [Theory]
    [InlineData(0f)]
    [InlineData(0.3f)]
    [InlineData(0.5f)]
    [InlineData(1f)]
    public void One_probability_is_positive_from_the_threshold_on(float threshold)
    {
        foreach (float p in grid)
        {
            var rule = new DecisionRule(OutputRole.Probability, threshold, 1);
            Assert.Equal((2, threshold), (rule.ClassCount, rule.Threshold));
            rule.Outputs[0] = p;
            int expected = p >= threshold ? 1 : 0;
            Assert.Equal(expected, rule.Decide(true));
            Assert.Equal((expected, p, DecisionReason.Decided), (rule.Called, rule.Probability, rule.Reason));
            Assert.Equal([1f - p, p], rule.Probabilities);
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.3f)]
    [InlineData(0.5f)]
    [InlineData(0.50000006f)]
    [InlineData(1f)]
    public void Two_probabilities_decide_by_the_threshold_or_at_one_half_by_the_higher_one(float threshold)
    {
        foreach (float first in grid)
        {
            foreach (float second in grid)
            {
                var rule = new DecisionRule(OutputRole.Probability, threshold, 2);
                rule.Outputs[0] = first;
                rule.Outputs[1] = second;
                bool positive = threshold == 0.5f ? second > first : second >= threshold;
                Assert.Equal(positive ? 1 : 0, rule.Decide(true));
                Assert.Equal(second, rule.Probability);
                Assert.Equal([first, second], rule.Probabilities);
            }
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.5f)]
    [InlineData(-1f)]
    public void Scores_decide_by_their_margin(float threshold)
    {
        float[] scores = [-3f, -1f, -0.5f, 0f, 0.5f, 1f, 3f];
        foreach (float first in scores)
        {
            var single = new DecisionRule(OutputRole.Score, threshold, 1);
            single.Outputs[0] = first;
            Assert.Equal(first >= threshold ? 1 : 0, single.Decide(true));
            Assert.Equal([-first, first], single.Probabilities);
            foreach (float second in scores)
            {
                var rule = new DecisionRule(OutputRole.Score, threshold, 2);
                rule.Outputs[0] = first;
                rule.Outputs[1] = second;
                float margin = (second - first) / 2;
                Assert.Equal(margin >= threshold ? 1 : 0, rule.Decide(true));
                Assert.Equal(margin, rule.Probability);
                Assert.Equal([first, second], rule.Probabilities);
            }
        }
    }

    [Fact]
    public void Of_several_classes_the_first_of_the_highest_is_taken()
    {
        float[] values = [0.1f, 0.2f, 0.3f];
        foreach (float a in values)
        {
            foreach (float b in values)
            {
                foreach (float c in values)
                {
                    var rule = new DecisionRule(OutputRole.Probability, 0.9f, 3);
                    Assert.True(float.IsNaN(rule.Threshold));
                    float[] all = [a, b, c];
                    all.CopyTo(rule.Outputs, 0);
                    int expected = Array.IndexOf(all, all.Max());
                    Assert.Equal(expected, rule.Decide(true));
                    Assert.Equal((expected, all.Max(), 3), (rule.Called, rule.Probability, rule.ClassCount));
                }
            }
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 0)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    public void A_value_that_is_not_finite_decides_nothing(int length, int at)
    {
        foreach (float value in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            var rule = new DecisionRule(OutputRole.Probability, 0.5f, length);
            Array.Fill(rule.Outputs, 0.25f);
            rule.Outputs[at] = value;
            Undecided(rule, true);
        }
    }

    [Fact]
    public void Inputs_that_the_model_does_not_define_decide_nothing_until_the_next_decision()
    {
        var rule = new DecisionRule(OutputRole.Probability, 0.5f, 1);
        Assert.Equal(DecisionRule.None, rule.Called);
        rule.Outputs[0] = 0.75f;
        Undecided(rule, false);
        rule.Outputs[0] = 0.75f;
        Assert.Equal(1, rule.Decide(true));
        Assert.Equal((1, DecisionReason.Decided, 0.75f), (rule.Called, rule.Reason, rule.Probability));
        rule.Threshold = 0.76f;
        Assert.Equal(0, rule.Decide(true));
        Undecided(rule, false);
        Assert.Equal(-1, DecisionRule.None);
    }

    [Theory]
    [InlineData(0.29999998f, false)]
    [InlineData(0.3f, true)]
    [InlineData(0.5f, true)]
    [InlineData(0.69999993f, true)]
    [InlineData(0.7f, false)]
    [InlineData(0.8f, false)]
    public void No_decision_is_taken_from_the_low_end_of_the_band_to_below_its_high_end(float p, bool abstains)
    {
        DecisionMetadata metadata = Metadata(1, builder => builder.AddFloats(MetadataKey.AbstainBand, [0.3f, 0.7f]));
        var rule = new DecisionRule(metadata, 1);
        rule.Outputs[0] = p;
        Assert.Equal(abstains ? DecisionRule.None : p >= 0.5f ? 1 : 0, rule.Decide(true));
        Assert.Equal((p >= 0.5f ? 1 : 0, abstains ? DecisionReason.AbstainBand : DecisionReason.Decided, p), (rule.Called, rule.Reason, rule.Probability));
        Assert.Equal(abstains, metadata.Abstains(p));
    }

    [Fact]
    public void A_band_may_take_in_probability_1_and_may_be_empty()
    {
        DecisionMetadata whole = Metadata(1, builder => builder.AddFloats(MetadataKey.AbstainBand, [1f, 2f]));
        Assert.True(whole.Abstains(1f));
        Assert.False(whole.Abstains(0.99999994f));
        DecisionMetadata empty = Metadata(1, builder => builder.AddFloats(MetadataKey.AbstainBand, [0.5f, 0.5f]));
        Assert.False(empty.Abstains(0.5f));
        DecisionMetadata none = Metadata(1, _ => { });
        Assert.Equal((0f, 0f), (none.AbstainLow, none.AbstainHigh));
        Assert.False(none.Abstains(0f));
        Assert.False(none.Abstains(float.NaN));
    }

    [Fact]
    public void The_calibrated_probability_decides_and_is_what_a_band_takes()
    {
        // Half of what comes in.
        DecisionMetadata metadata = Metadata(1, builder =>
        {
            builder.AddFloats(MetadataKey.Calibration, [2f, 0f, 0f, 1f, 0.5f]);
            builder.AddFloats(MetadataKey.Threshold, [0.25f]);
            builder.AddFloats(MetadataKey.AbstainBand, [0.375f, 0.5f]);
        });
        var rule = new DecisionRule(metadata, 1);
        foreach ((float p, int decided, int called) in new[] { (0.49f, 0, 0), (0.5f, 1, 1), (0.74f, 1, 1), (0.75f, -1, 1), (0.99f, -1, 1), (1f, 1, 1) })
        {
            rule.Outputs[0] = p;
            Assert.Equal((decided, called), (rule.Decide(true), rule.Called));
            Assert.Equal(p / 2, rule.Probability, 1e-7f);
            Assert.Equal(1f - rule.Probability, rule.Probabilities[0]);
            Assert.Equal(rule.Probability, rule.Probabilities[1]);
        }
    }

    [Fact]
    public void Two_calibrated_probabilities_add_up_to_1_and_decide_at_one_half_by_the_higher_one()
    {
        DecisionMetadata metadata = Metadata(2, builder => builder.AddFloats(MetadataKey.Calibration, [2f, 0f, 0f, 1f, 0.5f]));
        var rule = new DecisionRule(metadata, 2);
        foreach (float p in new[] { 0.25f, 0.75f, 1f })
        {
            rule.Outputs[0] = 1f - p;
            rule.Outputs[1] = p;

            // At most one half each: a tie, and the first of equals.
            Assert.Equal(0, rule.Decide(true));
            Assert.Equal([1f - (p / 2), p / 2], rule.Probabilities);
        }
    }

    [Fact]
    public void The_class_of_several_is_chosen_before_calibration_and_its_probability_after()
    {
        DecisionMetadata metadata = Metadata(3, builder =>
        {
            builder.AddFloats(MetadataKey.Calibration, [3f, 1e9f]);
            builder.AddFloats(MetadataKey.AbstainBand, [0f, 0.25f]);
        });
        var rule = new DecisionRule(metadata, 3);
        float[] values = [0.3f, 0.3f, 0.4f];
        values.CopyTo(rule.Outputs, 0);
        Assert.Equal(2, rule.Decide(true));
        Assert.Equal(1 / 3f, rule.Probability, 1e-6f);
        Assert.All(rule.Probabilities, p => Assert.Equal(1 / 3f, p, 1e-6f));
    }

    private static void Undecided(DecisionRule rule, bool accepts)
    {
        Assert.Equal(DecisionRule.None, rule.Decide(accepts));
        Assert.Equal((DecisionRule.None, DecisionReason.NotFinite), (rule.Called, rule.Reason));
        Assert.True(float.IsNaN(rule.Probability));
        Assert.All(rule.Probabilities, p => Assert.True(float.IsNaN(p)));
    }

    internal static DecisionMetadata Metadata(int outputs, Action<ModelBuilder> more, OutputRole role = OutputRole.Probability, int models = 1)
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, 2], 0);
        int y = builder.AddTensor(TensorType.Float32, [1, outputs], 64);
        int weights = builder.AddConstant(TensorType.Float32, [outputs, 2], MemoryMarshal.AsBytes<float>(new float[2 * outputs]));
        builder.AddInput(x, "x");
        for (int i = 0; i < models; i++)
        {
            builder.AddOutput(y, role, "y");
        }

        builder.AddOperator(Opcode.Dense, [x, weights], [y], new int[6]);
        more(builder);
        return ModelFile.Read(new ModelBytes(builder.Build())).Decision;
    }
}
