using ModelFormat;

namespace EdgeRuntime;

/// <summary>
/// Decides between two classes: label 1 when its probability is at least the threshold. The model has one output, the
/// probability of class 1, or two, a probability for each class. Calibration, abstain band and input statistics are the
/// file's. Serves one thread at a time and allocates nothing per decision.
/// </summary>
public sealed class BinaryClassifier : IDisposable
{
    private readonly Session session;
    private readonly string[] labels;
    private readonly float[] output;
    private readonly DecisionMetadata rules;
    private readonly InputScore score;
    private readonly bool acceptsMissing;

    /// <summary>Creates a classifier with a session of its own.</summary>
    /// <exception cref="ArgumentException">The model has another number of outputs than one or two, or cannot decide; the message says what to do.</exception>
    public BinaryClassifier(EdgeModel model, KernelSet kernels = KernelSet.Fast)
    {
        DecisionGuard.Check(model);
        if (model.OutputLength is not (1 or 2))
        {
            throw new ArgumentException($"A binary classifier has 1 or 2 outputs and this model has {model.OutputLength}; use Classifier.", nameof(model));
        }

        session = model.CreateSession(kernels);
        output = new float[session.OutputLength];
        labels = model.File.Metadata.TextList(MetadataKey.Labels);
        rules = model.File.Decision;
        acceptsMissing = rules.AcceptsMissing;
        score = new InputScore(rules.InputStatistics, session.InputLength);
        Threshold = rules.Threshold;
    }

    /// <summary>Calibrated probability from which on label 1 is decided; the file's, or 0.5.</summary>
    public float Threshold { get; set; }

    /// <summary>Decides on one input of <see cref="Session.InputLength"/> features.</summary>
    /// <exception cref="ArgumentException">The input has another length.</exception>
    public Decision Decide(ReadOnlySpan<float> input)
    {
        session.Run(input, output);
        float probability = rules.Calibration is null ? output[^1] : rules.Calibration.Apply(output[^1]);
        float unlikeness = score.Of(input);
        if (!DecisionGuard.Accepts(output, missing: false) || !DecisionGuard.Accepts(input, acceptsMissing))
        {
            return new Decision(Decision.None, probability, unlikeness, DecisionReason.NotFinite);
        }

        return rules.Abstains(probability)
            ? new Decision(Decision.None, probability, unlikeness, DecisionReason.AbstainBand)
            : new Decision(probability >= Threshold ? 1 : 0, probability, unlikeness);
    }

    /// <summary>The text of a label, "0" or "1" where the file has none; empty for <see cref="Decision.None"/>.</summary>
    public string LabelText(int label) => label < 0 ? "" : label < labels.Length ? labels[label] : label == 0 ? "0" : "1";

    /// <summary>Frees the session.</summary>
    public void Dispose() => session.Dispose();
}
