using ModelFormat;

namespace EdgeRuntime;

/// <summary>
/// Decides between two classes: label 1 when its probability is at least the threshold. The model has one output, the
/// probability of class 1, or two, a probability for each class. Serves one thread at a time and allocates nothing per decision.
/// </summary>
public sealed class BinaryClassifier : IDisposable
{
    private const float DefaultThreshold = 0.5f;

    private readonly Session session;
    private readonly string[] labels;
    private readonly float[] output;

    /// <summary>Creates a classifier with a session of its own.</summary>
    /// <exception cref="ArgumentException">The model has another number of outputs than one or two.</exception>
    public BinaryClassifier(EdgeModel model, KernelSet kernels = KernelSet.Fast)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.OutputLength is not (1 or 2))
        {
            throw new ArgumentException($"A binary classifier has 1 or 2 outputs and this model has {model.OutputLength}; use Classifier.", nameof(model));
        }

        session = model.CreateSession(kernels);
        output = new float[session.OutputLength];
        labels = model.File.Metadata.TextList(MetadataKey.Labels);
        float[] stored = model.File.Metadata.Floats(MetadataKey.Threshold);
        Threshold = stored.Length == 1 ? stored[0] : DefaultThreshold;
    }

    /// <summary>Probability from which on label 1 is decided; the file's, or 0.5.</summary>
    public float Threshold { get; set; }

    /// <summary>Decides on one input of <see cref="Session.InputLength"/> features.</summary>
    /// <exception cref="ArgumentException">The input has another length.</exception>
    public Decision Decide(ReadOnlySpan<float> input)
    {
        session.Run(input, output);
        float probability = output[^1];
        return new Decision(probability >= Threshold ? 1 : 0, probability);
    }

    /// <summary>The text of a label, "0" or "1" where the file has none.</summary>
    public string LabelText(int label) => label < labels.Length ? labels[label] : label == 0 ? "0" : "1";

    /// <summary>Frees the session.</summary>
    public void Dispose() => session.Dispose();
}
