namespace EdgeRuntime.Devices;

/// <summary>A model as one slot runs it, with a session of its own.</summary>
internal sealed class ModelInstance : IDisposable
{
    private readonly SharedModel shared;
    private readonly BinaryClassifier? binary;
    private readonly Classifier? classifier;

    internal ModelInstance(SharedModel shared)
    {
        this.shared = shared;
        if (shared.Model.OutputLength <= 2)
        {
            binary = new BinaryClassifier(shared.Model);
        }
        else
        {
            classifier = new Classifier(shared.Model);
        }

        shared.AddUser();
    }

    internal ulong Version => shared.Version;

    internal ModelExpectation Expectation => shared.Expectation;

    internal float Threshold => binary?.Threshold ?? float.NaN;

    internal ReadOnlySpan<float> Probabilities => classifier is null ? [] : classifier.Probabilities;

    /// <summary>The next in the list of instances to free.</summary>
    internal ModelInstance? Next { get; set; }

    internal Decision Decide(ReadOnlySpan<float> input) =>
        binary is not null ? binary.Decide(input) : classifier!.Decide(input);

    public void Dispose()
    {
        binary?.Dispose();
        classifier?.Dispose();
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
