using EdgeInference.Runtime;
using EdgeInference.Runtime.Adaptation;

namespace EdgeInference.Devices;

/// <summary>
/// The model that one thread decides with. A new model is taken between two inferences: one read of a field for each
/// decision, no lock, no allocation.
/// </summary>
public sealed class ModelSlot : IDisposable
{
    private readonly ModelHost host;
    private Func<ModelExpectation, string?>? requirement;
    private ModelInstance current;
    private ModelInstance? pending;
    private ModelInstance? retired;
    private bool closed;

    internal ModelSlot(ModelHost host, ModelInstance first)
    {
        this.host = host;
        current = first;
    }

    /// <summary>Version of the model that the last decision was made with, or that the next will be made with where there was none.</summary>
    public ulong Version => Volatile.Read(ref current).Version;

    /// <summary>Number of values that a decision takes.</summary>
    public int InputLength => host.InputLength;

    /// <summary>Number of classes: 2 for a binary model.</summary>
    public int Classes => Math.Max(2, host.OutputLength);

    /// <summary>The probability from which on label 1 is decided, NaN for a model of several classes.</summary>
    public float Threshold => current.Threshold;

    /// <summary>The probability of each class at the last decision; empty for a binary model.</summary>
    public ReadOnlySpan<float> Probabilities => current.Probabilities;

    /// <summary>A text for each class of the model that the next decision is made with; empty if it has none.</summary>
    public IReadOnlyList<string> ClassTexts => Expectation.ClassTexts;

    /// <summary>Whether the model makes its features of samples by a signal pipeline of its own.</summary>
    public bool HasSignals => Expectation.CreatePipeline is not null;

    /// <summary>What the model in use says.</summary>
    internal ModelExpectation Expectation => Volatile.Read(ref current).Expectation;

    /// <summary>Gives the reason why the user of this slot cannot take a model, or null. Called by the thread that offers a model.</summary>
    internal Func<ModelExpectation, string?>? Requirement
    {
        get => Volatile.Read(ref requirement);
        set => Volatile.Write(ref requirement, value);
    }

    /// <summary>Decides with the newest model.</summary>
    /// <param name="input"><see cref="InputLength"/> values.</param>
    /// <exception cref="ObjectDisposedException">The slot or its host was disposed.</exception>
    public Decision Decide(ReadOnlySpan<float> input)
    {
        TakePending();
        return current.Decide(input);
    }

    /// <summary>What the model can learn on this device; <see cref="LearningHeads.None"/> where it was not prepared.</summary>
    public LearningHeads Heads => Volatile.Read(ref current).Heads;

    /// <summary>Whether what was learned decides.</summary>
    public bool IsAdapted => Volatile.Read(ref current).IsAdapted;

    /// <summary>Why the model decides as the factory made it, in a sentence; null where what was learned decides.</summary>
    public string? LearningReason => Volatile.Read(ref current).LearningReason;

    /// <summary>Learns that an input is of a class; called by the thread that decides. The host then has it as <see cref="ModelHost.LearnedState"/>.</summary>
    /// <param name="input"><see cref="InputLength"/> values.</param>
    /// <param name="label">A class of the model.</param>
    /// <returns>Whether it was learned: not where a value is not finite.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    /// <exception cref="InvalidOperationException">The model does not learn from labels.</exception>
    public bool Learn(ReadOnlySpan<float> input, int label)
    {
        TakePending();
        return host.Keep(current.Learn(input, label));
    }

    /// <summary>Learns that an input is normal; called by the thread that decides.</summary>
    /// <param name="input"><see cref="InputLength"/> values.</param>
    /// <returns>As of <see cref="Learn"/>.</returns>
    /// <exception cref="InvalidOperationException">The model does not learn what normal inputs are like.</exception>
    public bool LearnNormal(ReadOnlySpan<float> input)
    {
        TakePending();
        return host.Keep(current.LearnNormal(input));
    }

    /// <summary>Sets the state that the model keeps between decisions back to that of a new sequence.</summary>
    public void Reset() => current.Reset();

    /// <summary>Takes a new model without deciding, so that an idle slot does not keep the old one alive.</summary>
    public void TakePending()
    {
        if (Volatile.Read(ref pending) is null || Interlocked.Exchange(ref pending, null) is not { } next)
        {
            return;
        }

        Retire(Interlocked.Exchange(ref current, next));
        if (Volatile.Read(ref closed))
        {
            FreeAll();
        }
    }

    /// <summary>Releases the slot. A decision that is under way on another thread ends; later ones throw <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => host.Remove(this);

    /// <summary>Offers a model; one that was offered before and not yet taken is dropped.</summary>
    internal void Offer(ModelInstance next) => Interlocked.Exchange(ref pending, next)?.Dispose();

    /// <summary>Frees models that the slot no longer uses. Called by the host, never by the deciding thread.</summary>
    internal void FreeRetired()
    {
        for (ModelInstance? instance = Interlocked.Exchange(ref retired, null); instance is not null;)
        {
            ModelInstance? next = instance.Next;
            instance.Dispose();
            instance = next;
        }
    }

    internal void FreeAll()
    {
        // A thread that takes a model meanwhile sees this, or its model is seen here.
        Volatile.Write(ref closed, true);
        Interlocked.MemoryBarrier();
        Interlocked.Exchange(ref pending, null)?.Dispose();
        FreeRetired();
        Volatile.Read(ref current).Dispose();
    }

    private void Retire(ModelInstance old)
    {
        ModelInstance? head;
        do
        {
            head = Volatile.Read(ref retired);
            old.Next = head;
        }
        while (Interlocked.CompareExchange(ref retired, old, head) != head);
    }
}
