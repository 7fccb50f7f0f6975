using System.Globalization;
using ModelFormat;

namespace EdgeRuntime;

/// <summary>
/// Decides between several classes: the one with the highest output, the first of equals. Calibration, abstain band and
/// input statistics are the file's. Serves one thread at a time and allocates nothing per decision.
/// </summary>
public sealed class Classifier : IDisposable
{
    private readonly Session session;
    private readonly string[] labels;
    private readonly float[] output;
    private readonly DecisionMetadata rules;
    private readonly InputScore score;
    private readonly bool acceptsMissing;

    /// <summary>Creates a classifier with a session of its own.</summary>
    /// <exception cref="ArgumentException">The model has one output, for which there is <see cref="BinaryClassifier"/>, or cannot decide; the message says what to do.</exception>
    public Classifier(EdgeModel model, KernelSet kernels = KernelSet.Fast)
    {
        DecisionGuard.Check(model);
        if (model.OutputLength < 2)
        {
            throw new ArgumentException("A classifier has an output for each class and this model has 1; use BinaryClassifier.", nameof(model));
        }

        session = model.CreateSession(kernels);
        output = new float[session.OutputLength];
        labels = model.File.Metadata.TextList(MetadataKey.Labels);
        rules = model.File.Decision;
        acceptsMissing = rules.AcceptsMissing;
        score = new InputScore(rules.InputStatistics, session.InputLength);
    }

    /// <summary>The outputs of the last decision, one for each class, calibrated where the file says how.</summary>
    public ReadOnlySpan<float> Probabilities => output;

    /// <summary>Decides on one input of <see cref="Session.InputLength"/> features.</summary>
    /// <exception cref="ArgumentException">The input has another length.</exception>
    public Decision Decide(ReadOnlySpan<float> input)
    {
        session.Run(input, output);
        float unlikeness = score.Of(input);
        if (!DecisionGuard.Accepts(output, missing: false) || !DecisionGuard.Accepts(input, acceptsMissing))
        {
            return new Decision(Decision.None, float.NaN, unlikeness, DecisionReason.NotFinite);
        }

        int best = 0;
        for (int i = 1; i < output.Length; i++)
        {
            best = output[i] > output[best] ? i : best;
        }

        // The class is chosen before rounding can make two outputs equal.
        if (rules.Calibration is { Method: CalibrationMethod.Temperature } calibration)
        {
            calibration.ApplyToAll(output);
        }

        float probability = output[best];
        return rules.Abstains(probability)
            ? new Decision(Decision.None, probability, unlikeness, DecisionReason.AbstainBand)
            : new Decision(best, probability, unlikeness);
    }

    /// <summary>The text of a label, its number where the file has none; empty for <see cref="Decision.None"/>.</summary>
    public string LabelText(int label) => label < 0 ? "" : label < labels.Length ? labels[label] : label.ToString(CultureInfo.InvariantCulture);

    /// <summary>Frees the session.</summary>
    public void Dispose() => session.Dispose();
}
