using System.Globalization;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Signals;

namespace EdgeInference.Devices;

/// <summary>What a model says of the values that it takes and of its classes. What it does not say is empty or null.</summary>
internal sealed record ModelExpectation
{
    // A period that went through a float32 in seconds is still the same period.
    private const double PeriodTolerance = 1e-6;

    /// <summary>A text for each class.</summary>
    internal IReadOnlyList<string> ClassTexts { get; init; } = [];

    /// <summary>A name for each feature.</summary>
    internal IReadOnlyList<string> FeatureNames { get; init; } = [];

    /// <summary>A unit for each feature name.</summary>
    internal IReadOnlyList<string> InputUnits { get; init; } = [];

    /// <summary>Samples in a window.</summary>
    internal int? WindowLength { get; init; }

    /// <summary>Samples from one window to the next.</summary>
    internal int? Hop { get; init; }

    /// <summary>Time from one sample to the next.</summary>
    internal TimeSpan? SamplePeriod { get; init; }

    /// <summary>How far its values reached in training; null where it does not say, or has a score for that.</summary>
    internal TrainingRanges? TrainingRanges { get; init; }

    /// <summary>The records of the pipeline that makes its values of samples, in hexadecimal; empty where it takes values as they are.</summary>
    internal string Signals { get; init; } = "";

    /// <summary>Makes that pipeline while the model is in use; null where there is none.</summary>
    internal Func<SignalPipeline>? CreatePipeline { get; init; }

    /// <summary>What a model says: the one place that reads it from the file.</summary>
    /// <exception cref="ModelFormatException">The statistics of its training rows do not fit it.</exception>
    internal static ModelExpectation Of(EdgeModel model) => new()
    {
        ClassTexts = model.Labels,
        FeatureNames = model.File.Metadata.TextList(MetadataKey.InputNames),
        WindowLength = model.File.Decision.WindowLength > 0 ? model.File.Decision.WindowLength : null,
        Hop = model.File.Decision.WindowHop > 0 ? model.File.Decision.WindowHop : null,
        SamplePeriod = model.File.Decision.SamplePeriod > 0f ? PeriodOf(model.File.Decision.SamplePeriod) : null,
        InputUnits = model.File.Metadata.TextList(MetadataKey.InputUnits),
        TrainingRanges = TrainingRanges.Of(model.File),
        Signals = SignalsOf(model.File),
        CreatePipeline = SignalPipeline.Of(model.File) is null ? null : () => SignalPipeline.Of(model.File)!,
    };

    /// <summary>Options with what the model says where they leave it open: the period, and window and hop of a model with a pipeline.</summary>
    internal DecisionLoopOptions Complete(DecisionLoopOptions options)
    {
        bool isOpen = CreatePipeline is not null && options is { WindowLength: 1, Hop: 1 };
        return options with
        {
            Period = options.Period == TimeSpan.Zero && SamplePeriod is { } period ? period : options.Period,
            WindowLength = isOpen ? WindowLength ?? 1 : options.WindowLength,
            Hop = isOpen ? Hop ?? 1 : options.Hop,
        };
    }

    /// <summary>What another model says that this one does not; null if they agree.</summary>
    internal string? Difference(ModelExpectation other) =>
        ListDifference("classes", ClassTexts, other.ClassTexts)
        ?? ListDifference("features", FeatureNames, other.FeatureNames)
        ?? ListDifference("units", InputUnits, other.InputUnits)
        ?? NumberDifference("window length", WindowLength, other.WindowLength)
        ?? NumberDifference("hop", Hop, other.Hop)
        ?? (Signals == other.Signals ? null : DifferenceOf("signal pipeline", "it has other channels, filters or features"))
        ?? (IsSame(SamplePeriod, other.SamplePeriod) ? null : DifferenceOf("sample period", $"{Period(other.SamplePeriod)}, expected {Period(SamplePeriod)}"));

    /// <summary>Why a loop must not decide with this model; null if nothing speaks against it.</summary>
    /// <param name="options">The loop's options.</param>
    /// <param name="names">A name for each value that the loop gives; empty if they have no names.</param>
    /// <param name="channels">A name for each value of a sample, where the loop gives the samples themselves; else empty.</param>
    /// <param name="signals">The pipeline that makes the loop's values, as <see cref="Signals"/>.</param>
    internal string? LoopDifference(DecisionLoopOptions options, IReadOnlyList<string> names, IReadOnlyList<string> channels, string signals = "")
    {
        if (WindowLength is { } length && length != options.WindowLength)
        {
            return $"The model expects windows of {length} samples but the loop uses {options.WindowLength}; set WindowLength to {length}.";
        }

        if (Hop is { } hop && hop != options.Hop)
        {
            return $"The model expects a window every {hop} samples but the loop has one every {options.Hop}; set Hop to {hop}.";
        }

        if (!IsSame(SamplePeriod, SamplePeriod is null ? null : options.Period))
        {
            return $"The model expects a sample every {Period(SamplePeriod)} but the loop takes one every {Period(options.Period)}; set Period to {Period(SamplePeriod)}.";
        }

        if (Signals != signals)
        {
            return signals.Length == 0
                ? "The model makes its features of samples by its own pipeline, and the loop by its options; start the loop with this model."
                : "The model's pipeline has other channels, filters or features than the one that the loop runs; start the loop with this model.";
        }

        // A model of a window may name the values of one sample.
        IReadOnlyList<string> given = channels.Count > 0 && channels.Count == FeatureNames.Count ? channels : names;
        return FeatureNames.Count == 0 || FeatureNames.SequenceEqual(given) ? null : NamesDifference(given);
    }

    private static string SignalsOf(ModelFile file) => string.Join('/', new[] { MetadataKey.Signals, MetadataKey.Window }
        .Where(_ => file.Metadata.PayloadOffset(MetadataKey.Signals) >= 0)
        .Select(key => Convert.ToHexString(file.Bytes.Memory.Span.Slice(file.Metadata.PayloadOffset(key), file.Metadata.PayloadLength(key)))));

    // A float32 may be more seconds than a TimeSpan holds. As it was typed: 0.01 is 100,000 ticks, of which a float32 is a little short.
    private static TimeSpan PeriodOf(float seconds) => seconds < TimeSpan.MaxValue.TotalSeconds
        ? new TimeSpan((long)Math.Round(double.Parse(seconds.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond))
        : TimeSpan.MaxValue;

    private static string? ListDifference(string what, IReadOnlyList<string> current, IReadOnlyList<string> other)
    {
        if (current.SequenceEqual(other))
        {
            return null;
        }

        int at = FirstDifference(current, other);
        return DifferenceOf(what, $"number {at} is {Text(other, at)}, expected {Text(current, at)}");
    }

    private static string? NumberDifference(string what, int? current, int? other) =>
        current == other ? null : DifferenceOf(what, $"{Number(other)}, expected {Number(current)}");

    private static string DifferenceOf(string what, string difference) =>
        $"Its {what} differ{(what.EndsWith('s') ? "" : "s")} from {(what.EndsWith('s') ? "those" : "that")} of the model in use: {difference}; allow it with UpdatePolicy.AllowOtherContract, or export it with the same {what}.";

    private static int FirstDifference(IReadOnlyList<string> x, IReadOnlyList<string> y) =>
        Enumerable.Range(0, Math.Max(x.Count, y.Count)).First(i => i >= x.Count || i >= y.Count || x[i] != y[i]);

    private static string Text(IReadOnlyList<string> texts, int index) => index < texts.Count ? $"'{texts[index]}'" : "not named";

    private static string Number(int? value) => value is { } number ? $"{number}" : "not given";

    private static string Period(TimeSpan? period) => period is { } time ? FormattableString.Invariant($"{time.TotalMilliseconds:0.######} ms") : "not given";

    private static bool IsSame(TimeSpan? x, TimeSpan? y) =>
        x is null || y is null ? x is null && y is null : Math.Abs((x.Value - y.Value).Ticks) <= Math.Max(1, PeriodTolerance * x.Value.Ticks);

    private string NamesDifference(IReadOnlyList<string> names)
    {
        string needed = string.Join(", ", FeatureNames);
        if (names.Count == 0)
        {
            return $"The model expects the features [{needed}] but the sample source does not name its channels; name each channel.";
        }

        string order = names.Order(StringComparer.Ordinal).SequenceEqual(FeatureNames.Order(StringComparer.Ordinal)) ? ", the same in another order" : "";
        int at = FirstDifference(FeatureNames, names);
        return $"The loop produces the features [{string.Join(", ", names)}] but the model expects [{needed}]{order}: number {at} is {Text(names, at)}, expected {Text(FeatureNames, at)}; set the channel names, Features and Bands as in the training recording.";
    }
}
