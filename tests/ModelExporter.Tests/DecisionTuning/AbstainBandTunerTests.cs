using EdgeInference.ModelConverter.DecisionTuning;

namespace EdgeInference.Tool.Tests.DecisionTuning;

public class AbstainBandTunerTests
{
    [Fact]
    public void The_smallest_band_that_reaches_the_accuracy_is_found()
    {
        // At 0.5 two of ten are wrong, 0.4 and 0.6; with 0.6 given up it is one of nine, with both none.
        int[] labels = [0, 0, 0, 0, 1, 0, 1, 1, 1, 1];
        float[] said = [0.1f, 0.15f, 0.2f, 0.3f, 0.4f, 0.6f, 0.7f, 0.8f, 0.9f, 0.95f];
        Assert.Equal((0.5f, 0.5f, 0.0), AbstainBandTuner.Tune(labels, said, 0.5f, 0.8));
        (float low, float high, double share) = AbstainBandTuner.Tune(labels, said, 0.5f, 1);
        Assert.Equal(0.35f, low, 1e-6f);
        Assert.Equal(0.65f, high, 1e-6f);
        Assert.Equal(0.2, share, 1e-12);
        Assert.Equal(0.1, AbstainBandTuner.Tune(labels, said, 0.5f, 0.85).Share, 1e-12);
    }

    [Fact]
    public void The_band_keeps_its_promise_and_no_smaller_one_does()
    {
        var random = new Random(6);
        for (int round = 0; round < 40; round++)
        {
            int[] labels = [.. Enumerable.Range(0, 30).Select(_ => random.Next(2))];
            float[] said = [.. labels.Select(label => (float)Math.Round(Math.Clamp((0.5 * label) + (0.7 * random.NextDouble()) - 0.1, 0, 1), 2))];
            (float low, float high, double share) = AbstainBandTuner.Tune(labels, said, 0.4f, 0.9);
            Assert.Equal(share, 1 - (Decided(low, high) / 30.0), 1e-12);
            Assert.True(Reached(low, high));
            for (float otherLow = 0.4f; otherLow >= 0; otherLow -= 0.005f)
            {
                for (float otherHigh = 0.4f; otherHigh <= 1.01f; otherHigh += 0.005f)
                {
                    Assert.False(Reached(otherLow, otherHigh) && Decided(otherLow, otherHigh) > Decided(low, high));
                }
            }

            int Decided(float from, float to) => said.Count(p => p < from || p >= to);

            bool Reached(float from, float to)
            {
                int right = said.Where((p, i) => (p < from || p >= to) && (p >= 0.4f ? 1 : 0) == labels[i]).Count();
                return right >= (0.9 * Decided(from, to)) - 1e-9;
            }
        }
    }

    [Fact]
    public void One_side_can_be_given_up_whole()
    {
        (float low, float high, double share) = AbstainBandTuner.Tune([0, 0, 0, 0, 0], [0.1f, 0.2f, 0.3f, 0.9f, 1f], 0.5f, 1);
        Assert.Equal((0.5f, 2f), (low, high));
        Assert.Equal(0.4, share, 1e-12);
    }

    [Fact]
    public void Several_classes_are_given_up_from_below()
    {
        bool[] correct = [false, true, false, true, true];
        float[] said = [0.4f, 0.5f, 0.6f, 0.7f, 0.9f];
        (float low, float high, double share) = AbstainBandTuner.Tune(correct, said, 1);
        Assert.Equal(0f, low);
        Assert.Equal(0.65f, high, 1e-6f);
        Assert.Equal(0.6, share, 1e-12);
        Assert.Equal((0f, 0f, 0.0), AbstainBandTuner.Tune(correct, said, 0.6));
    }

    [Fact]
    public void What_cannot_be_reached_is_refused()
    {
        Assert.Throws<InputException>(() => AbstainBandTuner.Tune([1, 0], [0.1f, 0.9f], 0.5f, 0.9));
        Assert.Throws<InputException>(() => AbstainBandTuner.Tune([false, false], [0.1f, 0.9f], 0.9));
    }
}
