using ModelFormat;

namespace EdgeInference.ModelConverter;

/// <summary>Which decision records a model is given, and what they are tuned for. Nothing is, unless it is asked for.</summary>
public sealed record DecisionOptions
{
    /// <summary>How probabilities are calibrated; null for not at all. Several classes: temperature only.</summary>
    public CalibrationMethod? Calibration { get; init; }

    /// <summary>What the threshold is tuned for; null for 0.5. Two classes only.</summary>
    public ThresholdObjective? Threshold { get; init; }

    /// <summary>The accuracy that decisions must have, the rest being abstentions, above 0 to 1; null for a decision each time.</summary>
    public double? AbstainAccuracy { get; init; }

    /// <summary>The share of training inputs that may be called unlike training data, 0 to below 1; null for no input statistics.</summary>
    public double? UnlikeShare { get; init; }
}
