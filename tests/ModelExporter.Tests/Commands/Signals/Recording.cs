using System.Globalization;
using System.Text;

namespace EdgeInference.Tool.Tests.Commands.Signals;

/// <summary>Recordings of a made accelerometer of two channels at 100 Hz: 'rest' is noise, 'shake' swings at a few hertz.</summary>
internal static class Recording
{
    internal static readonly string[] Train =
        ["--label", "label", "--sample-period", "0.01", "--window", "32", "--hop", "16", "--signals", "highpass:1,mean,variance,rms,band_power:4", "--learner", "logistic"];

    /// <summary>A recording as <c>edge-device record --samples</c> writes it: each stretch begins at time 0.</summary>
    internal static string Csv(ulong seed, int stretches, int samples, bool hasTime = true, float scale = 1000f, string form = "0")
    {
        var text = new StringBuilder(hasTime ? "time,x,y,label\n" : "x,y,label\n");
        for (int stretch = 0; stretch < 2 * stretches; stretch++)
        {
            foreach ((float x, float y, int i) in Samples(seed + (ulong)stretch, stretch % 2 == 1, samples))
            {
                text.Append(hasTime ? string.Create(CultureInfo.InvariantCulture, $"{i * 0.01m:0.##},") : "")
                    .Append(CultureInfo.InvariantCulture, $"{(x * scale).ToString(form, CultureInfo.InvariantCulture)},{(y * scale).ToString(form, CultureInfo.InvariantCulture)},{(stretch % 2 == 1 ? "shake" : "rest")}\n");
            }
        }

        return text.ToString();
    }

    private static IEnumerable<(float X, float Y, int I)> Samples(ulong seed, bool shakes, int count)
    {
        ulong state = (seed * 2654435761) + 12345;
        float Noise()
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            return ((state >> 40) / 16777216f) - 0.5f;
        }

        float turn = 0.2f + (0.1f * (Noise() + 0.5f));
        for (int i = 0; i < count; i++)
        {
            float swing = shakes ? 0.12f * MathF.Sin(i * turn) : 0;
            yield return (swing + (0.2f * Noise()), 1 + (swing / 2) + (0.2f * Noise()), i);
        }
    }
}
