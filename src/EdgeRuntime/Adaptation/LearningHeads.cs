using EdgeInference.ModelFormat.Adaptation;

namespace EdgeInference.Runtime.Adaptation;

/// <summary>What a model can learn on a device; the values are the ones in the file.</summary>
[Flags]
public enum LearningHeads
{
    /// <summary>Nothing: the model was not prepared.</summary>
    None = 0,

    /// <summary>Its last Dense layer learns from labelled samples.</summary>
    LastLayer = HeadSettings.LastLayer,

    /// <summary>Classes can be added.</summary>
    AddedClasses = HeadSettings.AddsClasses,

    /// <summary>It learns what normal samples are like, and tells others from them.</summary>
    Anomalies = HeadSettings.FindsAnomalies,

    /// <summary>With <see cref="LastLayer"/>: self-test samples are rehearsed, so that they are not forgotten.</summary>
    Anchored = HeadSettings.Anchored,
}
