using EdgeInference.Runtime;
using EdgeInference.Runtime.Adaptation;

namespace EdgeInference.Devices;

/// <summary>A model as one slot runs it, with its own session.</summary>
internal sealed class ModelInstance : IDisposable
{
    private readonly SharedModel shared;

    // One of the two: a model that can learn decides as well with nothing learned.
    private readonly Classifier? classifier;
    private readonly AdaptiveClassifier? learner;
    private readonly bool isBinary;
    private int disposed;

    internal ModelInstance(SharedModel shared, byte[]? learned = null)
    {
        this.shared = shared;
        isBinary = shared.Model.OutputLength <= 2;
        if (AdaptiveClassifier.HeadsOf(shared.Model) == LearningHeads.None)
        {
            classifier = new Classifier(shared.Model);
        }
        else
        {
            learner = new AdaptiveClassifier(shared.Model);
            _ = learned is null ? null : learner.Restore(learned);
        }

        shared.AddUser();
    }

    internal ulong Version => shared.Version;

    internal float Threshold => classifier?.Threshold ?? (isBinary ? shared.Model.File.Decision.Threshold : float.NaN);

    internal ModelExpectation Expectation => shared.Expectation;

    internal ReadOnlySpan<float> Probabilities => isBinary ? [] : classifier is not null ? classifier.Probabilities : learner!.Probabilities;

    internal LearningHeads Heads => learner?.Heads ?? LearningHeads.None;

    internal bool IsAdapted => learner is { IsAdapted: true };

    internal string? LearningReason => learner is null ? "The model was not prepared to learn on a device; make it with 'edge train --adaptable'." : learner.Reason;

    /// <summary>The next in the list of instances to free.</summary>
    internal ModelInstance? Next { get; set; }

    internal Decision Decide(ReadOnlySpan<float> input) => classifier is not null ? classifier.Classify(input) : learner!.Classify(input);

    /// <summary>Learns a labelled input.</summary>
    /// <returns>What is known then, as a state file; null where a value is not finite.</returns>
    internal byte[]? Learn(ReadOnlySpan<float> input, int label) => Learner.Learn(input, label) ? Learner.Save() : null;

    /// <summary>Learns that an input is normal.</summary>
    /// <returns>As above.</returns>
    internal byte[]? LearnNormal(ReadOnlySpan<float> input) => Learner.LearnNormal(input) ? Learner.Save() : null;

    /// <summary>Begins a new sequence; a model that can learn keeps no state between decisions.</summary>
    internal void Reset() => classifier?.Reset();

    private AdaptiveClassifier Learner => learner ?? throw new InvalidOperationException(LearningReason);

    /// <summary>Ends the use of the model, once, whoever calls.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        classifier?.Dispose();
        learner?.Dispose();
        shared.RemoveUser();
    }
}

/// <summary>A model that instances share; it is freed with the last of them.</summary>
internal sealed class SharedModel(EdgeModel model, ulong version, ModelExpectation expectation)
{
    // The host itself is the first user.
    private int users = 1;

    internal EdgeModel Model { get; } = model;

    internal ulong Version { get; } = version;

    internal ModelExpectation Expectation { get; } = expectation;

    internal void AddUser() => Interlocked.Increment(ref users);

    internal void RemoveUser()
    {
        if (Interlocked.Decrement(ref users) == 0)
        {
            Model.Dispose();
        }
    }
}
