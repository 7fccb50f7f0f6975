namespace EdgeInference.Devices;

/// <summary>How long a new model is on trial, and what takes it back. Somebody must end the trial: a <see cref="ModelTrial"/>, or <see cref="ModelUpdater.Confirm"/>.</summary>
public sealed record UpdateTrial
{
    /// <summary>Least time before the model is confirmed; it begins anew when the program starts.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Least number of decisions before the model is confirmed, counted from the same moment. A model that has not decided is not confirmed.</summary>
    public long Decisions { get; init; } = 100;

    /// <summary>Starts of the program during the trial, 1 or more; at the next one the model is taken back, since it may be what ends the program.</summary>
    public int Starts { get; init; } = 3;

    /// <summary>Largest share of decisions that are not finite, 0 to 1. Looked at from a tenth of <see cref="Decisions"/> on.</summary>
    public double NotFiniteShare { get; init; } = 0.1;

    /// <summary>Largest share of decisions in the model's abstain band, 0 to 1.</summary>
    public double AbstainedShare { get; init; } = 0.9;

    /// <summary>
    /// Largest share of decisions on values unlike the training data, 0 to 1: by <see cref="Runtime.Decision.IsUnlikeTrainingData"/>, or,
    /// for a model without the statistics of that, more than a standard deviation outside the range of its training rows. A model that
    /// has neither has no such limit.
    /// </summary>
    public double UnlikeTrainingShare { get; init; } = 0.5;
}
