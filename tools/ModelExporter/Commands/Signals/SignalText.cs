using System.Globalization;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Signals;

namespace EdgeInference.Tool.Commands.Signals;

/// <summary>
/// Filters and features of a signal pipeline as one text: <c>highpass:0.5,lowpass:20:4,mean,rms,band_power:8:0-25,mel_power:20:0-4000:slaney</c>.
/// Filters come first, in the order in which a sample passes them; features have the names that they give to columns.
/// </summary>
internal static class SignalText
{
    private const string Example = "write for example highpass:0.5,mean,rms,band_power:8";

    private static readonly Dictionary<string, FilterKind> filters = new()
    {
        ["highpass"] = FilterKind.HighPass, ["lowpass"] = FilterKind.LowPass, ["bandpass"] = FilterKind.BandPass, ["notch"] = FilterKind.Notch,
    };

    private static readonly Dictionary<string, SignalFeature> features = new()
    {
        ["mean"] = SignalFeature.Mean, ["variance"] = SignalFeature.Variance, ["rms"] = SignalFeature.Rms, ["peak"] = SignalFeature.Peak,
        ["zero_crossing_rate"] = SignalFeature.ZeroCrossingRate, ["band_power"] = SignalFeature.BandPower, ["mel_power"] = SignalFeature.MelPower, ["log_mel_power"] = SignalFeature.LogMelPower,
    };

    /// <summary>All words, filters first.</summary>
    internal static IEnumerable<string> Words => filters.Keys.Concat(features.Keys);

    /// <summary>The name of a kind of filter.</summary>
    internal static string Name(FilterKind kind) => filters.First(pair => pair.Value == kind).Key;

    /// <summary>The name of a kind of feature.</summary>
    internal static string Name(SignalFeature feature) => features.First(pair => pair.Value == feature).Key;

    /// <summary>Reads a text.</summary>
    /// <exception cref="UsageException">It is none, or says something twice or in a wrong order.</exception>
    internal static (IReadOnlyList<SignalFilter> Filters, IReadOnlyList<SignalOutput> Features) Parse(string text)
    {
        var before = new List<SignalFilter>();
        var made = new List<SignalOutput>();
        foreach (string item in text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = item.Split(':');
            string word = parts[0].ToLowerInvariant();
            if (filters.TryGetValue(word, out FilterKind kind))
            {
                before.Add(made.Count == 0
                    ? Filter(item, kind, parts)
                    : throw new UsageException($"--signals has the filter '{item}' after a feature; filters come first, since every feature is made of samples that passed all of them."));
            }
            else if (features.TryGetValue(word, out SignalFeature feature))
            {
                made.Add(made.Exists(other => other.Feature == feature)
                    ? throw new UsageException($"--signals names '{word}' twice; name each feature once.")
                    : Output(item, feature, parts));
            }
            else
            {
                string nearest = Suggestion.Nearest(word, [.. Words]);
                throw new UsageException($"--signals: '{item}' is no filter or feature; {(nearest.Length > 0 ? $"did you mean '{nearest}'?" : $"there are {string.Join(", ", Words)}.")}");
            }
        }

        return made.Count > 0 ? (before, made) : throw new UsageException($"--signals '{text}' names no feature; {Example}.");
    }

    private static SignalFilter Filter(string item, FilterKind kind, string[] parts)
    {
        bool isPass = kind is FilterKind.LowPass or FilterKind.HighPass;
        if (parts.Length is < 2 or > 3)
        {
            throw new UsageException($"--signals: '{item}' is not {parts[0]}:HERTZ or {parts[0]}:HERTZ:{(isPass ? "ORDER" : "QUALITY")}; write for example {parts[0]}:0.5.");
        }

        var filter = new SignalFilter(kind, Number(item, parts[1]));
        return parts.Length == 2 ? filter
            : !isPass ? filter with { Quality = Number(item, parts[2]) }
            : filter with { Order = Whole(item, parts[2]) };
    }

    private static SignalOutput Output(string item, SignalFeature feature, string[] parts)
    {
        bool isMel = feature is SignalFeature.MelPower or SignalFeature.LogMelPower;
        bool hasBands = isMel || feature == SignalFeature.BandPower;
        if (!hasBands)
        {
            return parts.Length == 1 ? new SignalOutput(feature) : throw new UsageException($"--signals: '{item}' has a number, and {parts[0]} takes none; write {parts[0]}.");
        }

        string form = $"{parts[0]}:BANDS or {parts[0]}:BANDS:LOW-HIGH{(isMel ? ", and htk or slaney after them" : "")}";
        var scale = MelScale.Htk;
        if (isMel && parts.Length > 2 && parts[^1].ToLowerInvariant() is "htk" or "slaney")
        {
            scale = Enum.Parse<MelScale>(parts[^1], ignoreCase: true);
            parts = parts[..^1];
        }

        if (parts.Length is < 2 or > 3)
        {
            throw new UsageException($"--signals: '{item}' is not {form}; write for example {parts[0]}:8.");
        }

        int bands = Whole(item, parts[1]);
        if (parts.Length == 2)
        {
            return new SignalOutput(feature, bands, Scale: scale);
        }

        string[] ends = parts[2].Split('-');
        return ends.Length == 2
            ? new SignalOutput(feature, bands, Number(item, ends[0]), Number(item, ends[1]), scale)
            : throw new UsageException($"--signals: '{parts[2]}' of '{item}' is no range of hertz; write for example {parts[0]}:{bands}:0-25.");
    }

    private static double Number(string item, string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            ? value
            : throw new UsageException($"--signals: '{text}' of '{item}' is no number of 0 or more; {Example}.");

    private static int Whole(string item, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw new UsageException($"--signals: '{text}' of '{item}' is no whole number; {Example}.");
}
