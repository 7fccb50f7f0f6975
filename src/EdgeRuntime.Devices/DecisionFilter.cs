namespace EdgeInference.Devices;

/// <summary>Hysteresis, then a majority vote over the last decisions, then a minimum hold. Allocates nothing per decision.</summary>
public sealed class DecisionFilter
{
    /// <summary>The label before the first one has won.</summary>
    public const int Undecided = -1;

    private readonly DecisionFilterOptions options;
    private readonly TimeProvider time;
    private readonly int[] ballots;
    private readonly int[] counts;
    private int next;
    private int filled;
    private int held = Undecided;
    private long lastChange;

    /// <summary>Creates a filter.</summary>
    /// <param name="classes">Number of classes, 2 or more.</param>
    /// <param name="options">The options.</param>
    /// <param name="time">The time for the minimum hold.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public DecisionFilter(int classes, DecisionFilterOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Votes, 1, nameof(options));
        if (!(options.Hysteresis >= 0 && options.Hysteresis < 1) || options.MinimumHold < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(options), "Hysteresis must be at least 0 and below 1; the minimum hold must not be negative.");
        }

        this.options = options;
        this.time = time;
        ballots = new int[options.Votes];
        counts = new int[classes];
    }

    /// <summary>The current label, or <see cref="Undecided"/>.</summary>
    public int Label { get; private set; } = Undecided;

    /// <summary>Takes a decision of a binary model.</summary>
    /// <param name="probability">Probability of class 1.</param>
    /// <param name="threshold">The model's threshold.</param>
    /// <param name="label">The class that the model decided for, 0 or 1.</param>
    /// <returns>The current label.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The class does not exist.</exception>
    public int NextBinary(float probability, float threshold, int label)
    {
        Check(label);
        float half = options.Hysteresis / 2;

        // Without a band the model's own decision stands, also where the probability equals the threshold.
        bool stays = half > 0 && held != Undecided && label != held && (held == 0 ? probability < threshold + half : probability >= threshold - half);
        return Vote(stays ? held : label);
    }

    /// <summary>Takes a decision of a model of several classes.</summary>
    /// <param name="probabilities">The probability of each class.</param>
    /// <param name="label">The class that the model decided for.</param>
    /// <returns>The current label.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The class does not exist.</exception>
    public int NextClass(ReadOnlySpan<float> probabilities, int label)
    {
        Check(label);

        // Without a band the model's own decision stands, also where calibration has made two probabilities equal.
        bool stays = options.Hysteresis > 0 && held != Undecided && label != held && !(probabilities[label] > probabilities[held] + options.Hysteresis);
        return Vote(stays ? held : label);
    }

    /// <summary>Resets the filter, as after a fault.</summary>
    public void Reset()
    {
        Array.Clear(counts);
        next = 0;
        filled = 0;
        held = Undecided;
        Label = Undecided;
    }

    private void Check(int label)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(label);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(label, counts.Length);
    }

    private int Vote(int label)
    {
        held = label;
        if (filled == ballots.Length)
        {
            counts[ballots[next]]--;
        }
        else
        {
            filled++;
        }

        ballots[next] = label;
        counts[label]++;
        next = next + 1 == ballots.Length ? 0 : next + 1;

        bool wins = filled == ballots.Length && counts[label] * 2 > ballots.Length;
        if (wins && label != Label && (Label == Undecided || time.GetElapsedTime(lastChange) >= options.MinimumHold))
        {
            Label = label;
            lastChange = time.GetTimestamp();
        }

        return Label;
    }
}
