using System.Globalization;
using EdgeInference.Tool.Summaries;

namespace EdgeInference.Tool.Commands.Signals;

/// <summary>Prints a model's signal pipeline for people.</summary>
internal static class SignalPrinter
{
    private const int MostNames = 8;

    internal static void Print(SignalSummary signals, Action<string, string> row)
    {
        string[] channels = [.. signals.Channels.Select(channel => channel.CountSize == 1f ? $"'{channel.Name}' in counts" : string.Create(CultureInfo.InvariantCulture, $"'{channel.Name}' in counts of {channel.CountSize}"))];
        row("channels", string.Join(", ", channels.Take(MostNames)) + (channels.Length > MostNames ? $" and {channels.Length - MostNames} more" : ""));
        if (signals.Filters.Count > 0)
        {
            row("filters", string.Create(CultureInfo.InvariantCulture, $"{string.Join(", then ", signals.Filters.Select(Filter))}; within {signals.FilterErrorCounts:0.###} counts of exact arithmetic"));
        }

        row("signal features", $"of each channel {string.Join(", ", signals.Features.Select(Feature))}");
        row("pipeline", string.Create(CultureInfo.InvariantCulture, $"{1 / signals.SamplePeriod:0.###} samples a second, {signals.FeatureCount} features, {signals.RamBytes:N0} bytes of RAM, in integers: the same bits on every engine, errors within those of 'edge help numerics'"));
    }

    // A pair of poles of a higher order has a quality of its own.
    private static string Filter(SignalFilterSummary filter) =>
        string.Create(CultureInfo.InvariantCulture, $"{SignalText.Name(filter.Kind)} {filter.Hertz:0.###} Hz (quality {filter.Quality:0.###})");

    private static string Feature(SignalFeatureSummary feature)
    {
        string name = SignalText.Name(feature.Feature);
        if (feature.EdgesHertz.Count == 0)
        {
            return name;
        }

        int bands = feature.EdgesHertz.Count - (feature.Feature == ModelFormat.SignalFeature.BandPower ? 1 : 2);
        return string.Create(CultureInfo.InvariantCulture, $"{name} in {bands} {(bands == 1 ? "band" : "bands")} from {feature.EdgesHertz[0]:0.###} to {feature.EdgesHertz[^1]:0.###} Hz");
    }
}
