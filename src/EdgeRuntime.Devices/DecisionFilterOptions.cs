namespace EdgeInference.Devices;

/// <summary>How raw decisions are filtered.</summary>
public sealed record DecisionFilterOptions
{
    /// <summary>
    /// Width of the band in which a decision stays as it is, 0 to below 1. A binary label turns to 1 at threshold + width/2 and
    /// back below threshold − width/2; another class takes over when its probability exceeds the present one's by the width.
    /// </summary>
    public float Hysteresis { get; init; }

    /// <summary>Number k of last decisions that vote, 1 or more; a label wins with more than half of them.</summary>
    public int Votes { get; init; } = 1;

    /// <summary>Time that a label is held at least.</summary>
    public TimeSpan MinimumHold { get; init; }
}
