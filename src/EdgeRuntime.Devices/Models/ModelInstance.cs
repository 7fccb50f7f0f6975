using EdgeInference.Runtime;

namespace EdgeInference.Devices;

/// <summary>A model as one slot runs it, with its own session.</summary>
internal sealed class ModelInstance : IDisposable
{
    private readonly SharedModel shared;
    private readonly Classifier classifier;
    private int disposed;

    internal ModelInstance(SharedModel shared)
    {
        this.shared = shared;
        classifier = new Classifier(shared.Model);
        shared.AddUser();
    }

    internal ulong Version => shared.Version;

    internal float Threshold => classifier.Threshold;

    internal ModelExpectation Expectation => shared.Expectation;

    internal ReadOnlySpan<float> Probabilities => classifier.ClassCount == 2 ? [] : classifier.Probabilities;

    /// <summary>The next in the list of instances to free.</summary>
    internal ModelInstance? Next { get; set; }

    internal Decision Decide(ReadOnlySpan<float> input) => classifier.Classify(input);

    internal void Reset() => classifier.Reset();

    /// <summary>Ends the use of the model, once, whoever calls.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        classifier.Dispose();
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
