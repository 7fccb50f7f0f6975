using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter;

/// <summary>Which decision records a model gets, and what they are tuned for; none by default.</summary>
public sealed record DecisionOptions
{
    /// <summary>How probabilities are calibrated; null for no calibration. Several classes: temperature only.</summary>
    public CalibrationMethod? Calibration { get; init; }

    /// <summary>What the threshold is tuned for; null for 0.5. Two classes only.</summary>
    public ThresholdObjective? Threshold { get; init; }

    /// <summary>The accuracy that decisions must reach, with abstentions for the rest, above 0 to 1; null for no abstain band.</summary>
    public double? AbstainAccuracy { get; init; }

    /// <summary>The share of training inputs that may be reported as unlike the training data, 0 to below 1; null for no input statistics.</summary>
    public double? UnlikeShare { get; init; }
}
