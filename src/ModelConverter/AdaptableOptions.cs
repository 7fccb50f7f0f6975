namespace EdgeInference.ModelConverter;

/// <summary>What a model is prepared to learn on a device, and within which limits.</summary>
public sealed record AdaptableOptions
{
    /// <summary>Whether the last Dense layer learns from labelled samples.</summary>
    public bool LastLayer { get; init; } = true;

    /// <summary>Classes that can be added on the device, 0 to 32.</summary>
    public int AddedClasses { get; init; } = 4;

    /// <summary>Whether it learns what normal samples are like.</summary>
    public bool Anomalies { get; init; } = true;

    /// <summary>Labelled samples that the device stores to rehearse, 0 to 1024.</summary>
    public int StoredSamples { get; init; } = 32;

    /// <summary>Passes over the stored samples after each new one, 0 to 32.</summary>
    public int Passes { get; init; } = 16;

    /// <summary>Whether a pass also rehearses the labelled self-test rows, so that what was known is not forgotten.</summary>
    public bool Anchored { get; init; } = true;

    /// <summary>How many of the nearest samples, stored ones and self-test rows, vote for an added class: odd, up to 15; 0 where the nearest mean of a class decides.</summary>
    public int Neighbours { get; init; }

    /// <summary>How far a step moves the logit of a typical sample, as a share of its error: above 0, up to 4.</summary>
    public double LearningRate { get; init; } = 1;

    /// <summary>The most that all samples together may move a logit, whatever they are: above 0, up to 1024.</summary>
    public double MaxLogitChange { get; init; } = 32;

    /// <summary>The share of normal samples that is to lie below the threshold of anomalies, above 0 and below 1.</summary>
    public double AnomalyQuantile { get; init; } = 0.99;

    /// <summary>Normal samples before the first threshold, 2 to 4096.</summary>
    public int WarmUp { get; init; } = 32;

    /// <summary>Labelled rows that the file carries, on which what was learned is compared with the factory's head: 0 to 1024, the same number of each class.</summary>
    public int SelfTestSamples { get; init; } = 16;
}
