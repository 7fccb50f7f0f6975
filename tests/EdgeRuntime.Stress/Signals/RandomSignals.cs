using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Signals;

namespace EdgeInference.Runtime.Stress.Signals;

/// <summary>Random pipelines, and counts for them: noise, tones, steps and the ends of int16.</summary>
internal static class RandomSignals
{
    /// <summary>A pipeline of any kind that settings allow, its window seldom above <paramref name="most"/> samples.</summary>
    internal static SignalSettings Settings(Random random, int most = 300)
    {
        while (true)
        {
            int length = random.Next(4) == 0 ? 1 << random.Next(1, (int)Math.Log2(most) + 1) : random.Next(2, most + 1);
            var settings = new SignalSettings
            {
                Channels = [.. Enumerable.Range(0, random.Next(1, 4)).Select(i => new SignalChannel($"c{i}", 0.5f + random.NextSingle()))],
                SamplePeriod = 1f / random.Next(1, 20_000),
                Length = length,
                Hop = random.Next(1, length + 1),
                Features = [],
            };
            double nyquist = 0.5 / settings.SamplePeriod;
            settings = settings with
            {
                Filters = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Filter(random, nyquist))],
                Features = [.. Enum.GetValues<SignalFeature>().Where(_ => random.Next(3) > 0).OrderBy(_ => random.Next()).Select(feature => Output(random, feature, length, nyquist))],
            };
            try
            {
                settings.Record();
                return settings;
            }
            catch (ArgumentException)
            {
                // More bands than bins, or no feature.
            }
        }
    }

    /// <summary>Counts of one channel.</summary>
    internal static short[] Counts(Random random, int count)
    {
        int kind = random.Next(9);
        double level = Math.Pow(2, random.NextDouble() * 15);
        double offset = random.Next(2) == 0 ? 0 : (random.NextDouble() - 0.5) * 60_000;
        double turn = random.NextDouble() * Math.PI;
        int period = random.Next(1, 40);
        return
        [
            .. Enumerable.Range(0, count).Select(i => Saturate(kind switch
            {
                0 => (random.NextDouble() - 0.5) * 65_536,
                1 => offset + ((random.NextDouble() - 0.5) * level),
                2 => offset + (level * Math.Sin(turn * i)),
                3 => offset,
                4 => i / period % 2 == 0 ? short.MinValue : short.MaxValue,
                5 => offset + (i % 97 == 0 ? level : 0),
                6 => offset + (level * i / count),
                7 => random.Next(2) == 0 ? short.MinValue : short.MaxValue,
                _ => offset + random.Next(-1, 2),
            })),
        ];
    }

    private static short Saturate(double value) => (short)Math.Clamp(Math.Round(value), short.MinValue, short.MaxValue);

    private static SignalFilter Filter(Random random, double nyquist)
    {
        FilterKind kind = Enum.GetValues<FilterKind>()[random.Next(4)];
        double frequency = nyquist * Math.Pow(10, -2.5 * random.NextDouble()) * 0.99;
        return new SignalFilter(kind, frequency, kind is FilterKind.LowPass or FilterKind.HighPass ? 2 * random.Next(1, 5) : 2, 0.5 + (5 * random.NextDouble()));
    }

    private static SignalOutput Output(Random random, SignalFeature feature, int length, double nyquist)
    {
        if (feature < SignalFeature.BandPower)
        {
            return new SignalOutput(feature);
        }

        double low = random.Next(2) == 0 ? 0 : nyquist * random.NextDouble() * 0.4;
        double high = random.Next(2) == 0 ? 0 : nyquist * (0.5 + (random.NextDouble() / 2));
        return new SignalOutput(feature, random.Next(1, Math.Max(2, Math.Min(40, length / 6))), low, high, (MelScale)random.Next(2));
    }
}
