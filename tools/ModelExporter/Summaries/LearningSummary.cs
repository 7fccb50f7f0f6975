using System.Globalization;
using EdgeInference.ModelFormat.Adaptation;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Adaptation;

namespace EdgeInference.Tool.Summaries;

/// <summary>What a model can learn on a device, and within which limits.</summary>
/// <param name="Heads">The heads, in words.</param>
/// <param name="AddedClasses">Classes that can be added.</param>
/// <param name="StoredSamples">Labelled samples that the device stores.</param>
/// <param name="Passes">Passes over them after each new one.</param>
/// <param name="MaxLogitChange">The most that all samples together move a logit.</param>
/// <param name="AnomalyQuantile">The share of normal samples below the threshold of anomalies; null without that head.</param>
/// <param name="WarmUp">Normal samples before the first threshold; null without that head.</param>
/// <param name="SelfTestSamples">Self-test samples that have a class.</param>
/// <param name="MemoryBytes">RAM of the heads beside the session.</param>
/// <param name="StateBytes">Length of a state file.</param>
internal sealed record LearningSummary(
    IReadOnlyList<string> Heads, int AddedClasses, int StoredSamples, int Passes, float MaxLogitChange, float? AnomalyQuantile, int? WarmUp, int SelfTestSamples, int MemoryBytes, int StateBytes)
{
    /// <summary>What a model can learn; null where it was not prepared.</summary>
    internal static LearningSummary? Of(EdgeModel model)
    {
        LearningHeads heads = AdaptiveClassifier.HeadsOf(model);
        if (heads == LearningHeads.None)
        {
            return null;
        }

        using var classifier = new AdaptiveClassifier(model);
        HeadSettings settings = AdaptationRecord.Read(model.File);
        bool finds = heads.HasFlag(LearningHeads.Anomalies);
        List<string> words = [];
        if (heads.HasFlag(LearningHeads.LastLayer))
        {
            words.Add(heads.HasFlag(LearningHeads.Anchored) ? "layer, anchored" : "layer");
        }

        if (heads.HasFlag(LearningHeads.AddedClasses))
        {
            words.Add("classes");
        }

        if (finds)
        {
            words.Add("anomalies");
        }

        return new LearningSummary(
            words,
            settings.AddedClasses,
            settings.Capacity,
            settings.Passes,
            classifier.MaxLogitChange,
            finds ? settings.Quantile / 32768f : null,
            finds ? settings.WarmUp : null,
            settings.SelfTestClasses.Count(label => label != HeadSettings.NoClass),
            classifier.MemoryBytes,
            classifier.StateBytes);
    }

    /// <summary>The heads with their limits.</summary>
    internal string HeadsText
    {
        get
        {
            IEnumerable<string> parts = Heads.Select(head => head switch
            {
                "classes" => string.Create(CultureInfo.InvariantCulture, $"up to {AddedClasses} added {(AddedClasses == 1 ? "class" : "classes")}"),
                "anomalies" => string.Create(CultureInfo.InvariantCulture, $"anomalies (threshold at {AnomalyQuantile:0.###} of normal samples, from {WarmUp} samples on)"),
                "layer" => "its last layer",
                _ => "its last layer (anchored: it rehearses what it knew)",
            });
            return string.Join(", ", parts);
        }
    }

    /// <summary>What was prepared, in a line.</summary>
    internal string Sentence => string.Create(
        CultureInfo.InvariantCulture,
        $"Prepared to learn on a device: {HeadsText}; {MemoryBytes:N0} bytes of RAM beside the session, state file of {StateBytes:N0} bytes; all that it learns moves a logit by {MaxLogitChange:0.##} at most, and {SelfTestSamples} labelled self-test samples guard it.");
}
