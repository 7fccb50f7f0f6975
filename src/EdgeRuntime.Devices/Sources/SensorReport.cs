using System.Globalization;

namespace EdgeInference.Devices;

/// <summary>What is wrong with a sample, in words.</summary>
internal static class SensorReport
{
    internal static string OutOfRange(int channel, float value, IReadOnlyList<string> names, int channels, SensorMonitorOptions options)
    {
        string name = Name(channel, names, channels);
        return UnfilledChannel.Is(value) ? $"The sensor did not fill {name}."
            : !float.IsFinite(value) ? string.Create(CultureInfo.InvariantCulture, $"{Start(name)} is {value}, which is no measurement.")
            : string.Create(CultureInfo.InvariantCulture, $"{Start(name)} is {value}, outside {options.Minimum} to {options.Maximum}.");
    }

    internal static string Stuck(ReadOnlySpan<float> sample, IReadOnlyList<string> names, int samples)
    {
        var values = new string[sample.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = string.Create(CultureInfo.InvariantCulture, $"{Name(i, names, sample.Length)} is {sample[i]}");
        }

        return $"Nothing has changed in {samples} samples: {string.Join(", ", values)}.";
    }

    private static string Name(int channel, IReadOnlyList<string> names, int channels) =>
        names.Count > 0 ? $"channel '{names[channel]}'" : $"channel {channel + 1} of {channels}";

    private static string Start(string name) => "C" + name[1..];
}
