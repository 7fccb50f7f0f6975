using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Signals;
using EdgeInference.Runtime.Signals;
using EdgeInference.Runtime.Stress.Signals;

namespace EdgeInference.Runtime.Tests.Signals;

/// <summary>Features stay within the bounds of docs/numerics.md of double precision, over random and extreme windows.</summary>
public class SignalBoundTests
{
    [Theory]
    [InlineData(1, 300, 400)]
    [InlineData(2, 2048, 40)]
    [InlineData(3, 16384, 6)]
    public void Features_are_within_their_bounds(int seed, int most, int pipelines)
    {
        var random = new Random(seed);
        for (int i = 0; i < pipelines; i++)
        {
            SignalSettings settings = RandomSignals.Settings(random, most) with { Filters = [], Channels = [new("c")] };
            if (i < 2)
            {
                settings = settings with { Length = most, Hop = 1 };
            }

            var pipeline = new SignalPipeline(settings);
            int[] plan = Plan(settings);
            for (int window = 0; window < 4; window++)
            {
                short[] counts = RandomSignals.Counts(random, settings.Length);
                pipeline.Reset();
                float[] actual = Last(pipeline, counts);
                List<SignalReference.Expected> expected = SignalReference.Features(plan, [.. counts.Select(count => (double)count)]);
                for (int f = 0; f < actual.Length; f++)
                {
                    double error = Math.Abs(actual[f] - expected[f].Value);
                    Assert.True(error <= expected[f].Error, $"seed {seed}, pipeline {i}, window {window} of {settings.Length}: {pipeline.FeatureNames[f]} is {actual[f]:R} and should be {expected[f].Value:R} to {expected[f].Error:R}, off by {error:R}");
                }
            }
        }
    }

    private static float[] Last(SignalPipeline pipeline, short[] counts)
    {
        float[] features = new float[pipeline.FeatureCount];
        bool due = false;
        foreach (short count in counts)
        {
            due = pipeline.Add([count]);
        }

        Assert.True(due);
        pipeline.Features(features);
        return features;
    }

    internal static int[] Plan(SignalSettings settings) => SignalPipeline.Record(settings).Plan;
}
