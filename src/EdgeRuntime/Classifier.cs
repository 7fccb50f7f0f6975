using System.Globalization;
using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime;

/// <summary>
/// Decides between two or more classes by the records of the file: output meaning, class texts, threshold, calibration, abstain
/// band, input statistics. Serves one thread at a time and allocates nothing per decision.
/// </summary>
/// <remarks>
/// One output is the probability of class 1 of two: class 1 is decided for when it is at least <see cref="Threshold"/>. Of two
/// outputs the second is, and at a threshold of 0.5 the higher one decides. Of more the highest decides. Of equal ones the first
/// does.
/// </remarks>
public sealed class Classifier : IDisposable
{
    private readonly Session session;
    private readonly EdgeModel? owned;
    private readonly string[] texts;
    private readonly DecisionRule rule;
    private readonly InputScore score;
    private readonly bool acceptsMissing;

    /// <summary>Creates a classifier with its own session; the caller keeps ownership of the model.</summary>
    /// <exception cref="ArgumentException">The model cannot decide: its output is a quantity or unknown, or there are several. The message names the option of <c>edge export</c> that fixes it.</exception>
    public Classifier(EdgeModel model, KernelSet kernels = KernelSet.Fast)
        : this(model, kernels, null)
    {
    }

    private Classifier(EdgeModel model, KernelSet kernels, EdgeModel? owned)
    {
        ArgumentNullException.ThrowIfNull(model);
        DecisionMetadata decision = model.File.Decision;
        if (decision.Refusal is { } refusal)
        {
            throw new ArgumentException(refusal, nameof(model));
        }

        this.owned = owned;
        session = model.CreateSession(kernels);
        rule = new DecisionRule(decision, session.OutputLength);
        string[] labels = model.File.Metadata.TextList(MetadataKey.Labels);
        texts = [.. Enumerable.Range(0, rule.ClassCount).Select(i => i < labels.Length ? labels[i] : i.ToString(CultureInfo.InvariantCulture))];
        acceptsMissing = decision.AcceptsMissing;
        score = new InputScore(decision.InputStatistics, session.InputLength);
    }

    /// <summary>Number of classes: 2 or more.</summary>
    public int ClassCount => rule.ClassCount;

    /// <summary>Number of values that a decision takes: the elements of all inputs, one after the other.</summary>
    public int InputLength => session.InputLength;

    /// <summary>
    /// Calibrated probability of class 1 of two from which on it is decided for: the file's, or 0.5. NaN for several classes, which
    /// have none.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    /// <exception cref="InvalidOperationException">The model has several classes.</exception>
    public float Threshold
    {
        get => rule.Threshold;
        set
        {
            if (rule.ClassCount != 2)
            {
                throw new InvalidOperationException($"The model has {rule.ClassCount} classes and picks the highest; a threshold needs two classes.");
            }

            if (!float.IsFinite(value))
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "The threshold must be a finite number.");
            }

            rule.Threshold = value;
        }
    }

    /// <summary>
    /// The value of each class at the last decision, <see cref="ClassCount"/> of them, calibrated where the file says how; the
    /// scores themselves where that is the output's role. NaN if a value was not finite.
    /// </summary>
    public ReadOnlySpan<float> Probabilities => rule.Probabilities;

    /// <summary>The probability that the last decision was taken on, <see cref="Decision.Probability"/>.</summary>
    public float Probability => rule.Probability;

    /// <summary>Why the last decision was taken, or was not.</summary>
    public DecisionReason Reason => rule.Reason;

    /// <summary>Opens a model file and creates a classifier that owns the model.</summary>
    /// <param name="path">Path of the .edge file.</param>
    /// <param name="kernels">The kernels to use.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ModelFormatException">The file is not a valid model.</exception>
    /// <exception cref="ArgumentException">The model cannot decide; the message names the option of <c>edge export</c> that fixes it.</exception>
    public static Classifier Open(string path, KernelSet kernels = KernelSet.Fast)
    {
        EdgeModel model = EdgeModel.Load(path);
        try
        {
            return new Classifier(model, kernels, model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Decides on one input.</summary>
    /// <param name="input"><see cref="InputLength"/> values: all inputs one after the other, row-major.</param>
    /// <exception cref="ArgumentException">The input has the wrong length.</exception>
    public Decision Classify(ReadOnlySpan<float> input)
    {
        session.Run(input, rule.Outputs);
        int index = rule.Decide(DecisionGuard.Accepts(input, acceptsMissing));
        return new Decision(index, ClassText(index), rule.Probability, score.Of(input), rule.Reason);
    }

    /// <summary>The text of a class, its number where the file has none; empty for <see cref="Decision.None"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The class does not exist.</exception>
    public string ClassText(int index)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(index, Decision.None);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, texts.Length);
        return index == Decision.None ? "" : texts[index];
    }

    /// <summary>Sets the state that the model keeps between inferences back to that of a new sequence.</summary>
    public void Reset() => session.Reset();

    /// <summary>Frees the session, and the model where <see cref="Open"/> loaded it.</summary>
    public void Dispose()
    {
        session.Dispose();
        owned?.Dispose();
    }
}
