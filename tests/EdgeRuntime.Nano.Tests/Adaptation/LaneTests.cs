using System.Numerics;
using EdgeInference.ModelFormat.Adaptation;
using EdgeInference.Nano.Tests.Models;

namespace EdgeInference.Nano.Tests.Adaptation;

/// <summary>No sum leaves its 64 bits: at and within the bounds of every number the heads give what integers without bounds give.</summary>
public class LaneTests
{
    [Fact]
    public void Logits_and_steps_are_exact_at_the_bounds_of_every_number() => Seeds.Each(2_000, seed =>
    {
        var random = new Random(seed);
        bool extreme = random.Next(2) == 0;
        HeadSettings settings = Settings(random, extreme, extreme && random.Next(8) == 0 ? AdaptationRecord.MaxDepth : random.Next(1, 40));
        var head = new DenseHead(settings);
        var exact = new ExactHead(settings);
        for (int step = 0; step < 6; step++)
        {
            short[] input = Input(random, settings, extreme);
            head.Run(input, 0);
            if (!head.Logits.Select(logit => (BigInteger)logit).SequenceEqual(exact.Logits(input)) || head.Shares.Any(share => share is < 0 or > LogitShares.One))
            {
                return false;
            }

            int label = random.Next(settings.Classes);
            head.Learn(input, 0, label);
            exact.Learn(input, label, [.. head.Shares]);
            if (!head.Changes.Select(change => (BigInteger)change).SequenceEqual(exact.Changes))
            {
                return false;
            }
        }

        return true;
    });

    [Fact]
    public void Scores_of_anomalies_are_exact_at_the_bounds_of_every_number() => Seeds.Each(60, seed =>
    {
        var random = new Random(seed);
        var settings = new HeadSettings { Depth = random.Next(1, 9), IsWide = random.Next(2) == 0, ZeroPoint = 0, Quantile = random.Next(1, 32768), WarmUp = 2, SelfTestClasses = [] };
        settings.ZeroPoint = settings.IsWide ? 0 : random.Next(2) == 0 ? -128 : 127;
        var head = new AnomalyHead(settings);
        BigInteger[] sums = new BigInteger[settings.Depth];
        BigInteger[] squares = new BigInteger[settings.Depth];
        int samples = 0;
        for (int i = 0; i < 9000; i++)
        {
            short[] input = Input(random, settings, true);
            if (i % 97 == 0 && head.Score(input) != Exact(settings, sums, squares, samples, input))
            {
                return false;
            }

            head.Learn(input);
            if (samples == AnomalyHead.MaxSamples)
            {
                samples >>= 1;
                sums = [.. sums.Select(sum => sum >> 1)];
                squares = [.. squares.Select(sum => sum >> 1)];
            }

            samples++;
            for (int k = 0; k < settings.Depth; k++)
            {
                BigInteger x = settings.IsWide ? input[k] >> 4 : input[k];
                sums[k] += x;
                squares[k] += x * x;
            }
        }

        return head.Samples == samples;
    });

    /// <summary>2¹² differences of 17 bits, and 2¹⁴ samples of a class.</summary>
    [Fact]
    public void Distances_and_means_are_exact_at_their_bounds()
    {
        var settings = new HeadSettings { Depth = 4096, Units = 2, IsWide = true, AddedClasses = 1, Heads = HeadSettings.AddsClasses, Means = new short[2 * 4096], SelfTestClasses = [] };
        Array.Fill(settings.Means, short.MaxValue);
        var added = new AddedClasses(settings);
        added.AddClass("low");
        short[] low = new short[4096];
        Array.Fill(low, short.MinValue);
        Assert.Equal(4096L * 65535 * 65535, Distance.Squared(low, settings.Means, 0, 4096));
        for (int i = 0; i < 20_000; i++)
        {
            added.Add(low, 0);
        }

        Assert.Equal(0, added.Nearest(low, out int share));
        Assert.Equal(LogitShares.One, share);
        Assert.Equal(-1, added.Nearest([.. settings.Means.Take(4096)], out _));
    }

    /// <summary>The shares of a softmax and of a sigmoid are within four steps of 2⁻¹⁵ of the real ones.</summary>
    [Fact]
    public void Shares_are_those_of_softmax_and_sigmoid() => Seeds.Each(3_000, seed =>
    {
        var random = new Random(seed);
        int bits = random.Next(16, 31);
        double[] real = [.. Enumerable.Range(0, random.Next(2, 12)).Select(_ => (random.NextDouble() - 0.5) * 40)];
        long[] logits = [.. real.Select(value => (long)Math.Round(value * Math.Pow(2, bits)))];
        int[] shares = new int[logits.Length];
        LogitShares.Softmax(logits, bits, shares, new int[logits.Length]);
        double sum = real.Sum(value => Math.Exp(value - real.Max()));
        bool good = !shares.Where((share, i) => Math.Abs(share - (32768 * Math.Exp(real[i] - real.Max()) / sum)) > 4).Any();
        return good && Math.Abs(LogitShares.Sigmoid(logits[0], bits) - (32768 / (1 + Math.Exp(-real[0])))) <= 4;
    });

    private static int Exact(HeadSettings settings, BigInteger[] sums, BigInteger[] squares, int samples, short[] input)
    {
        if (samples < 2)
        {
            return 0;
        }

        BigInteger n = samples;
        BigInteger total = 0;
        for (int i = 0; i < settings.Depth; i++)
        {
            BigInteger difference = (n * (settings.IsWide ? input[i] >> 4 : input[i])) - sums[i];
            BigInteger variance = BigInteger.Max(0, (n * squares[i]) - (sums[i] * sums[i]));
            total += BigInteger.Min(64 << AnomalyHead.FractionBits, ((difference * difference) << AnomalyHead.FractionBits) / ((((n * n) + 7) >> 3) + variance));
        }

        return (int)(total / settings.Depth);
    }

    private static short[] Input(Random random, HeadSettings settings, bool extreme)
    {
        int low = settings.IsWide ? short.MinValue : sbyte.MinValue - settings.ZeroPoint;
        int high = settings.IsWide ? short.MaxValue : sbyte.MaxValue - settings.ZeroPoint;
        int mode = random.Next(3);
        return [.. Enumerable.Range(0, settings.Depth).Select(_ => (short)(!extreme ? random.Next(low, high + 1) : mode == 0 ? low : mode == 1 ? high : random.Next(2) == 0 ? low : high))];
    }

    private static HeadSettings Settings(Random random, bool extreme, int depth)
    {
        int units = random.Next(1, 5);
        bool wide = random.Next(2) == 0;
        var settings = new HeadSettings
        {
            Heads = HeadSettings.LastLayer,
            Depth = depth,
            Units = units,
            IsWide = wide,
            ZeroPoint = wide ? 0 : random.Next(-128, 128),
            IsSoftmax = units > 1 && random.Next(2) == 0,
            FractionBits = extreme ? 30 : random.Next(16, 31),
            WeightLimit = extreme ? 1 << 30 : random.Next(1, 1 << 30),
            LogitLimit = extreme ? 65535 : random.Next(1, 65536),
            Rate = extreme ? 32767 : random.Next(1, 32768),
            RateShift = extreme ? random.Next(1, 20) : random.Next(1, AdaptationRecord.MaxRateShift + 1),
            BiasShift = extreme ? 14 : random.Next(0, 15),
            SelfTestClasses = [],
        };
        settings.Weights = [.. Enumerable.Range(0, units * depth).Select(_ => (short)(extreme ? (random.Next(2) == 0 ? -32768 : 32639) : random.Next(-32639, 32640)))];
        settings.Bias = [.. Enumerable.Range(0, units).Select(_ => extreme ? (random.Next(2) == 0 ? -(1L << 47) : (1L << 47) - 1) : random.NextInt64(-1 << 20, 1 << 20))];
        settings.Multipliers = [.. Enumerable.Range(0, units).Select(_ => extreme ? int.MaxValue : random.Next())];
        settings.Shifts = [.. Enumerable.Range(0, units).Select(_ => random.Next(0, extreme ? 4 : 201))];
        return settings;
    }
}
